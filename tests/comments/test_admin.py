import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from comments.models import Comment
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"


@pytest.fixture
def staff(client: Client) -> None:
    client.force_login(make_staff())


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("words", ["Ann", "ann@example.org", "well said"])
def test_a_comment_is_found_by_name_address_and_text(client: Client, words: str) -> None:
    found = make_comment(make_post(), name="Ann", email="ann@example.org", source="Well said.")
    other = make_comment(make_post(), name="Kim")

    page = client.get(LIST, {"q": words}).text

    assert f"{LIST}{found.pk}/change/" in page
    assert f"{LIST}{other.pk}/change/" not in page


@pytest.mark.usefixtures("staff")
def test_the_form_shows_everything_and_changes_nothing(client: Client) -> None:
    comment = make_comment(make_post(), name="Ann", email="ann@example.org", source="Well *said*.", status="waiting")
    before = Comment.objects.values().get()
    address = f"{LIST}{comment.pk}/change/"

    page = client.get(address).text
    client.post(address, {"name": "Kim", "source": "Changed.", "status": "approved", "email": "kim@example.org"})

    for words in ("Ann", "ann@example.org", "Well *said*.", "waiting"):
        assert words in page
    assert Comment.objects.values().get() == before


@pytest.mark.usefixtures("staff")
def test_nobody_writes_a_comment_in_the_admin(client: Client) -> None:
    assert client.get(f"{LIST}add/").status_code == 403


@pytest.mark.usefixtures("staff")
def test_what_has_to_go_for_good_can_be_deleted(client: Client) -> None:
    comment = make_comment(make_post())
    answer = make_comment(comment.post, parent=comment)

    client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"})

    assert list(Comment.objects.all()) == [answer]


def test_who_may_only_moderate_does_not_get_the_list(client: Client) -> None:
    moderator = make_staff(is_superuser=False)
    moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    client.force_login(moderator)

    assert client.get(LIST).status_code == 403


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("comments", [5, 30])
def test_the_list_costs_the_same_queries_for_any_number_of_comments(
    client: Client, django_assert_max_num_queries, comments: int
) -> None:
    for _ in range(comments):
        make_comment(make_post(), user=make_staff())

    # session, user, the list and its counts, and what Django asks for the dates to browse by
    with django_assert_max_num_queries(13):
        client.get(LIST)
