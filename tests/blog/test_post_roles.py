"""What an author may do in the posts' admin, and what not."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from blog.models import Author, Image, Post
from tests.factories import make_author, make_comment, make_image, make_person, make_post, make_tag

pytestmark = pytest.mark.django_db

ADD = "/admin/blog/post/add/"
LIST = "/admin/blog/post/"


@pytest.fixture
def ann(client: Client) -> User:
    """The author who is signed in."""
    ann = make_person("Author", "ann", first_name="Ann", last_name="Lee")
    client.force_login(ann)
    return ann


def signed_by(user: User, **values: object) -> Post:
    return make_post(authors=[Author.of(user)], **values)


def form(post: Post | None = None, **values: object) -> dict[str, object]:
    """What the post's form sends: no sources, no corrections, no names."""
    published_at = post and post.published_at
    date = {"published_at_0": published_at.date(), "published_at_1": published_at.time()} if published_at else {}
    formsets = {
        f"{prefix}-{field}": 0
        for prefix in ("bylines", "sources", "corrections")
        for field in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {
        **formsets,
        **date,
        "title": "A title",
        "source": "A text.",
        "visibility": "listed",
        "series_position": 0,
        **values,
    }


def change(post: Post) -> str:
    return reverse("admin:blog_post_change", args=[post.pk])


def test_what_an_author_writes_is_signed_with_their_name(client: Client, ann: User) -> None:
    client.post(ADD, form())

    (byline,) = Post.objects.get().bylines.all()
    assert (byline.author.name, byline.author.user, byline.author.slug) == ("Ann Lee", ann, "ann-lee")


def test_looking_at_the_form_makes_no_author(client: Client, ann: User) -> None:
    assert client.get(ADD).status_code == 200

    assert not Author.objects.exists()


def test_an_author_of_the_same_name_gets_an_address_of_their_own(client: Client, ann: User) -> None:
    make_author("Ann Lee", slug="ann-lee")

    assert Author.of(ann).slug == f"ann-lee-{ann.pk}"
    assert Author.of(ann) == Author.of(ann)


def test_an_author_publishes_their_own_post(client: Client, ann: User) -> None:
    post = signed_by(ann, published_at=None)

    client.post(change(post), form(post, title="Changed", slug=post.slug, _publish="yes"))

    post.refresh_from_db()
    assert post.title == "Changed"
    assert post.is_published


def test_the_list_of_an_author_has_their_own_posts_only(client: Client, ann: User) -> None:
    signed_by(ann, title="Mine")
    make_post(title="Somebody else's", authors=[make_author()])

    page = client.get(LIST).text

    assert "Mine" in page
    assert "Somebody else" not in page


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_the_post_of_another_is_not_there_for_an_author(client: Client, ann: User, page: str) -> None:
    post = make_post(title="Not yours", authors=[make_author()])

    response = client.get(reverse(f"admin:blog_post_{page}", args=[post.pk]), follow=True)

    assert "Not yours" not in response.text


def test_an_author_cannot_post_a_change_to_the_post_of_another(client: Client, ann: User) -> None:
    post = make_post(title="As it was", authors=[make_author()])

    client.post(change(post), form(post, title="Taken over", slug=post.slug))

    post.refresh_from_db()
    assert post.title == "As it was"


def test_an_author_cannot_take_their_name_off_or_put_another_on(client: Client, ann: User) -> None:
    other = make_author()
    post = signed_by(ann)
    (byline,) = post.bylines.all()

    client.post(
        change(post),
        form(post, slug=post.slug, title="Sent")
        | {
            "bylines-TOTAL_FORMS": 2,
            "bylines-INITIAL_FORMS": 1,
            "bylines-0-id": byline.pk,
            "bylines-0-post": post.pk,
            "bylines-0-author": other.pk,
            "bylines-0-DELETE": "on",
            "bylines-1-post": post.pk,
            "bylines-1-author": other.pk,
        },
    )

    post.refresh_from_db()
    assert post.title == "Sent"
    assert [byline.author.user for byline in post.bylines.all()] == [ann]


def test_an_author_gives_sources_and_corrections_to_their_post(client: Client, ann: User) -> None:
    post = signed_by(ann)

    client.post(
        change(post),
        form(post, slug=post.slug)
        | {"sources-TOTAL_FORMS": 1, "sources-0-text": "A study", "sources-0-position": 0}
        | {"corrections-TOTAL_FORMS": 1, "corrections-0-text": "It was 5.", "corrections-0-corrected_on": "2026-01-01"},
    )

    assert [source.text for source in post.sources.all()] == ["A study"]
    assert [correction.text for correction in post.corrections.all()] == ["It was 5."]


def test_an_author_deletes_a_draft_but_not_what_readers_could_open(client: Client, ann: User) -> None:
    draft, public = signed_by(ann, published_at=None), signed_by(ann)

    client.post(reverse("admin:blog_post_delete", args=[draft.pk]), {"post": "yes"})
    refused = client.post(reverse("admin:blog_post_delete", args=[public.pk]), {"post": "yes"})
    client.post(LIST, {"action": "delete_selected", "_selected_action": [public.pk], "post": "yes"})

    assert refused.status_code == 403
    assert list(Post.objects.all()) == [public]


def test_an_editor_deletes_a_published_post_with_its_comments(client: Client) -> None:
    client.force_login(make_person("Editor"))
    post = make_post()
    make_comment(post)

    client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})

    assert not Post.objects.exists()


def test_an_author_sees_and_uses_their_own_pictures_only(client: Client, ann: User) -> None:
    mine = make_image(alt="Mine", uploaded_by=ann)
    other = make_image(alt="Not mine")
    post = signed_by(ann)

    page = client.get("/admin/blog/image/").text
    client.post(change(post), form(post, slug=post.slug, cover=other.pk))
    after_other = Post.objects.get().cover
    client.post(change(post), form(post, slug=post.slug, cover=mine.pk))

    assert "Mine" in page
    assert "Not mine" not in page
    assert after_other is None
    assert Post.objects.get().cover == mine


def test_a_cover_that_an_editor_chose_stays_when_the_author_saves(client: Client, ann: User) -> None:
    cover = make_image()
    post = signed_by(ann, cover=cover)

    client.post(change(post), form(post, slug=post.slug, cover=cover.pk, title="Changed"))

    post.refresh_from_db()
    assert (post.title, post.cover) == ("Changed", cover)


def test_a_picture_belongs_to_who_brought_it(client: Client, ann: User) -> None:
    make_image()
    with Image.objects.get().file.open() as file:
        client.post("/admin/blog/image/add/", {"file": file, "alt": "New", "focus": "centre"})

    assert Image.objects.get(alt="New").uploaded_by == ann


@pytest.mark.parametrize(
    ("app", "model", "field", "status"),
    [
        ("blog", "post", "tags", 200),
        ("blog", "post", "series", 200),
        ("blog", "post", "cover", 200),
        ("blog", "byline", "author", 403),
        ("blog", "author", "user", 403),
        ("comments", "comment", "post", 200),  # their own posts only
    ],
)
def test_suggestions_leak_nothing_to_an_author(
    client: Client, ann: User, app: str, model: str, field: str, status: int
) -> None:
    make_image(alt="Not mine")
    make_post(title="Not mine", authors=[make_author()], published_at=None)

    response = client.get("/admin/autocomplete/", {"app_label": app, "model_name": model, "field_name": field})

    assert response.status_code == status
    assert "Not mine" not in response.text


def test_an_editor_arranges_the_names_under_a_post(client: Client) -> None:
    client.force_login(make_person("Editor"))
    first, second = make_author(), make_author()
    post = make_post()
    bylines = {
        "bylines-TOTAL_FORMS": 2,
        "bylines-0-author": second.pk,
        "bylines-0-position": 0,
        "bylines-1-author": first.pk,
        "bylines-1-position": 1,
    }

    client.post(change(post), form(post, slug=post.slug) | bylines)

    assert [byline.author for byline in post.bylines.all()] == [second, first]


def test_only_who_looks_after_the_staff_says_whose_name_an_author_is(client: Client) -> None:
    editor = make_person("Editor")
    client.force_login(editor)
    author = make_author()

    client.post(
        reverse("admin:blog_author_change", args=[author.pk]),
        {"name": "Renamed", "slug": author.slug, "user": editor.pk},
    )

    author.refresh_from_db()
    assert (author.name, author.user) == ("Renamed", None)


def test_what_a_person_may_change_is_the_same_by_list_and_by_row() -> None:
    people = [make_person(role) for role in ("Author", "Editor", "Moderator", "Publisher")]
    posts = [signed_by(person, published_at=timezone.now()) for person in people] + [make_post(tags=[make_tag()])]

    for person in people:
        by_row = {post.pk for post in posts if post.may_be_changed_by(person)}
        assert set(Post.objects.changeable_by(person).values_list("pk", flat=True)) == by_row
