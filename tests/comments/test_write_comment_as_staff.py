"""What signed-in staff writes under a post."""

import pytest
from django.test import Client

from blog.models import Post
from comments.models import Comment
from tests.comments.writing import send
from tests.factories import make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post(title="The post")


def test_what_staff_writes_appears_at_once_under_their_own_name(client: Client, post: Post) -> None:
    staff = make_staff("kim", first_name="Kim", last_name="Doe")
    client.force_login(staff)

    response = client.post(f"/posts/{post.slug}/comments/", {"body": "Thanks.", "name": "Somebody else"})

    comment = Comment.objects.get()
    assert response.status_code == 303
    assert (comment.status, comment.held_for) == ("approved", [])
    assert (comment.user, comment.name, comment.email) == (staff, "Kim Doe", staff.email)
    assert "Thanks." in Client().get(post.get_absolute_url()).text


def test_staff_fills_in_the_text_alone(client: Client, post: Post) -> None:
    client.force_login(make_staff("kim"))

    page = client.get(f"/posts/{post.slug}/comments/").text

    assert "This appears at once, as kim." in page
    assert 'name="body"' in page
    assert 'name="name"' not in page


def test_staff_needs_the_token(post: Post) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff())

    assert send(client, post, {"Origin": "http://testserver"}).status_code == 403
    assert not Comment.objects.exists()

    token = client.get(post.get_absolute_url()).context["csrf_token"]
    assert send(client, post, csrfmiddlewaretoken=token).status_code == 303


@pytest.mark.parametrize("values", [{"is_staff": False, "is_superuser": False}, {"is_active": False}])
def test_who_is_not_staff_any_more_waits_like_everybody(client: Client, post: Post, values: dict[str, bool]) -> None:
    client.force_login(make_staff(**values))

    send(client, post)

    assert Comment.objects.get().status == "waiting"
