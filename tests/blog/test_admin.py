"""Writing and publishing in the admin."""

import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow

from accounts.models import User
from blog.models import Author, Image, Page, Post, Publication, QueuedMail, Tag
from comments.models import Comment
from subscribers.models import Delivery, Issue, Subscriber
from tests.factories import (
    make_author,
    make_comment,
    make_image,
    make_page,
    make_post,
    make_staff,
    make_subscriber,
    make_tag,
)

pytestmark = pytest.mark.django_db

ADD, BUTTON = "/admin/blog/post/add/", "Save and publish now"


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(make_staff("kim"))
    return client


def form(post: Post | None = None, *, author: Author | None = None, **values: object) -> dict[str, object]:
    """What the browser sends for a post, with one line for an author that is new to it."""
    held = list(post.bylines.all()) if post else []
    lines = {f"bylines-{n}-{name}": value for n, byline in enumerate(held) for name, value in line(byline)}
    return {
        "title": post.title if post else "A title",
        "subtitle": "",
        "source": "A text.",
        "slug": post.slug if post else "",
        "published_at_0": post.published_at.date() if post and post.published_at else "",
        "published_at_1": f"{post.published_at:%H:%M:%S}" if post and post.published_at else "",
        "visibility": "listed",
        "series_position": 0,
        "allow_comments": "on",
        "email_subscribers": "on",
        **{f"{notes}-{count}_FORMS": 0 for notes in ("sources", "corrections") for count in ("TOTAL", "INITIAL")},
        "bylines-TOTAL_FORMS": len(held) + 1,
        "bylines-INITIAL_FORMS": len(held),
        f"bylines-{len(held)}-author": author.pk if author else "",
        f"bylines-{len(held)}-position": 0,
        **lines,
        **values,
    }


def line(byline: Any) -> list[tuple[str, object]]:
    return [("id", byline.pk), ("author", byline.author_id), ("position", byline.position)]


def change(post: Post) -> str:
    return reverse("admin:blog_post_change", args=[post.pk])


# --- Publishing ---------------------------------------------------------------------------------------------------


def test_a_new_post_can_be_published_at_once(client: Client) -> None:
    response = client.post(ADD, form(_publish="x"), follow=True)

    post = Post.objects.get()
    assert post.is_published
    assert response.redirect_chain == [(change(post), 302)]
    assert "“A title” is published." in response.text


def test_saving_publishes_nothing(client: Client) -> None:
    client.post(ADD, form(_save="x"))

    assert Post.objects.get().published_at is None


@pytest.mark.parametrize("stand", ["draft", "scheduled"])
def test_publishing_saves_what_stands_in_the_form(client: Client, stand: str) -> None:
    post = make_post(published_at=None)
    date = {} if stand == "draft" else {"published_at_0": "2999-01-01", "published_at_1": "12:00"}

    client.post(change(post), form(post, title="Corrected", _publish="x", **date))

    post.refresh_from_db()
    assert post.title == "Corrected"
    assert post.is_published
    assert post.published_at <= timezone.now()


def test_publishing_twice_says_so_and_moves_nothing(client: Client) -> None:
    post = make_post()
    date = {"published_at_0": "2026-01-01", "published_at_1": "12:00:00"}

    response = client.post(change(post), form(post, _publish="x", **date), follow=True)

    post.refresh_from_db()
    assert "was published already" in response.text
    assert post.published_at.isoformat() == "2026-01-01T12:00:00+00:00"


def test_a_post_with_a_mistake_in_it_is_not_published(client: Client) -> None:
    response = client.post(ADD, form(title="", _publish="x"))

    assert response.status_code == 200
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({"published_at": None}, True),
        ({"published_at": timezone.now() + datetime.timedelta(days=365)}, True),
        ({}, False),
        ({"visibility": "unlisted"}, False),
        ({"visibility": "withdrawn"}, False),
    ],
    ids=["draft", "scheduled", "listed", "unlisted", "withdrawn"],
)
def test_the_button_stands_where_there_is_something_to_publish(
    client: Client, values: dict[str, object], offered: bool
) -> None:
    assert (BUTTON in client.get(change(make_post(**values))).text) is offered


def test_the_button_stands_under_a_new_post(client: Client) -> None:
    assert BUTTON in client.get(ADD).text


def test_a_draft_cannot_be_withdrawn_and_the_form_says_why(client: Client) -> None:
    response = client.post(ADD, form(visibility="withdrawn"))

    assert "Only a post that was published can be withdrawn." in response.text


def test_a_post_says_whether_it_is_mailed(client: Client) -> None:
    assert "Not mailed: “Mail to subscribers” is off." in client.get(change(make_post(email_subscribers=False))).text


# --- Addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "slug"), [("", "ein-schöner-tag"), ("my-own", "my-own")])
def test_an_address_left_empty_is_made_of_the_title(client: Client, given: str, slug: str) -> None:
    client.post(ADD, form(title="Ein schöner Tag!", slug=given))

    assert Post.objects.get().slug == slug


def test_an_address_made_of_a_title_is_a_free_one(client: Client) -> None:
    make_post(slug="a-title")

    client.post(ADD, form())

    assert Post.objects.filter(slug="a-title-2").exists()


def test_a_post_whose_address_is_emptied_keeps_it(client: Client) -> None:
    post = make_post(slug="as-it-was")

    client.post(change(post), form(post, title="Another title", slug=""))

    assert Post.objects.get().slug == "as-it-was"


@pytest.mark.parametrize("slug", ["two words", "a/b", "<b>", "taken"])
def test_an_address_that_cannot_be_is_refused(client: Client, slug: str) -> None:
    make_post(slug="taken")

    response = client.post(ADD, form(slug=slug))

    assert "errorlist" in response.text
    assert Post.objects.count() == 1


def test_a_text_that_is_too_long_is_refused_and_kept_in_the_form(client: Client) -> None:
    response = client.post(ADD, form(source="word " * 40_001))

    assert "at most 200000 characters" in response.text
    assert "word word" in response.text


# --- Names under a post -------------------------------------------------------------------------------------------


def selected(page: str) -> bool:
    return " selected" in page.partition("bylines-0-author")[2].partition("</select>")[0]


def test_a_new_post_is_signed_with_the_writers_name(client: Client) -> None:
    make_author("Somebody")
    own = make_author("Kim", user=User.objects.get(username="kim"))

    page = client.get(ADD).text
    client.post(ADD, form(author=own))

    assert selected(page)
    assert f'<option value="{own.pk}" selected' in page
    assert [byline.author for byline in Post.objects.get().bylines.all()] == [own]


def test_a_new_post_is_signed_by_nobody_where_it_could_be_anybody(client: Client) -> None:
    make_author()
    make_author()

    assert not selected(client.get(ADD).text)


def test_a_name_can_be_taken_off_a_new_post(client: Client) -> None:
    make_author()

    client.post(ADD, form(author=None))

    assert not Post.objects.get().bylines.exists()


def test_a_name_can_be_added_to_a_post(client: Client) -> None:
    first, second = make_author(), make_author()
    post = make_post([first])

    client.post(change(post), {**form(post, author=second), "bylines-1-position": 1})

    assert [byline.author for byline in post.bylines.all()] == [first, second]


def test_an_old_post_gets_no_name_by_itself(client: Client) -> None:
    make_author()

    assert not selected(client.get(change(make_post())).text)


# --- Pictures -----------------------------------------------------------------------------------------------------


def upload(content: bytes, name: str = "photo.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def png() -> bytes:
    file = BytesIO()
    Pillow.new("RGB", (20, 10), "maroon").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("name", ["photo.png", "../../evil.png", "evil.html.png"])
def test_a_picture_is_stored_anew_under_a_name_of_ours(client: Client, settings: Any, name: str) -> None:
    client.post("/admin/blog/image/add/", {"file": upload(png(), name), "alt": "Red", "caption": "", "focus": "centre"})

    image = Image.objects.get()
    assert (image.width, image.height, image.alt) == (20, 10, "Red")
    stored = Path(image.file.path)
    assert stored.parent == Path(settings.MEDIA_ROOT) / "images"
    assert stored.suffix == ".webp"
    assert stored.read_bytes()[8:12] == b"WEBP"


@pytest.mark.parametrize(
    "file",
    [
        lambda: upload(b"<script>alert(1)</script>", "evil.gif", "image/gif"),
        lambda: upload(b"<script>alert(1)</script>", "evil.html", "image/gif"),
        lambda: upload(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "evil.svg", "image/svg+xml"),
        lambda: upload(png()[:40]),
        lambda: upload(b""),
    ],
    ids=["html as gif", "html", "svg", "half a png", "nothing"],
)
def test_what_is_no_picture_is_refused(client: Client, settings: Any, file: Any) -> None:
    response = client.post("/admin/blog/image/add/", {"file": file(), "alt": "", "caption": "", "focus": "centre"})

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert not Image.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


def test_new_words_for_a_picture_leave_its_file_alone(client: Client) -> None:
    image = make_image()
    before = Path(image.file.path).read_bytes()

    client.post(reverse("admin:blog_image_change", args=[image.pk]), {"alt": "New", "caption": "", "focus": "centre"})

    after = Image.objects.get()
    assert (after.alt, after.file.name) == ("New", image.file.name)
    assert Path(after.file.path).read_bytes() == before


# --- The publication ----------------------------------------------------------------------------------------------


def test_the_publication_is_one_form(client: Client) -> None:
    response = client.get("/admin/blog/publication/", follow=True)

    assert response.redirect_chain == [("/admin/blog/publication/1/change/", 302)]
    assert client.get("/admin/blog/publication/add/").status_code == 403
    assert client.post("/admin/blog/publication/1/delete/").status_code == 403


def test_its_name_stands_on_every_page(client: Client) -> None:
    values = {
        "name": "Salt & <b>",
        "description": "",
        "comment_policy": "",
        "comments_held": "first",
        "comments_close_after": "0",
        "comments_pause": "0",
        "postal_address": "",
    }

    client.post(f"/admin/blog/publication/{Publication.load().pk}/change/", values)

    assert Publication.load().name == "Salt & <b>"
    for address in ("/", "/admin/"):
        page = client.get(address).text
        assert "Salt &amp; &lt;b&gt;" in page
        assert "Salt & <b>" not in page


# --- Who may, and what others wrote -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["post", "page", "author", "tag", "image", "publication"])
def test_who_has_no_right_sees_nothing(client: Client, model: str) -> None:
    address = f"/admin/blog/{model}/"
    client.logout()
    assert client.get(address)["Location"] == f"/admin/login/?next={address}"

    client.force_login(make_staff(is_superuser=False))
    assert client.get(address, follow=True).status_code == 403


EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


def make_evil_rows() -> None:
    author, tag = make_author(EVIL, tagline=EVIL, bio=EVIL), make_tag(EVIL, description=EVIL)
    post = make_post([author], [tag], title=EVIL, subtitle=EVIL, source=EVIL, cover=make_image(alt=EVIL, caption=EVIL))
    make_page(title=EVIL, source=EVIL)
    values = {"name": EVIL[:80], "email": '"<script>alert(1)</script>"@evil.example', "website": f"https://x/{EVIL}"}
    parent = make_comment(post, source=EVIL, **values)
    make_comment(post, source=EVIL + "2", parent=parent, status=Comment.Status.WAITING, **values)
    subscriber = make_subscriber('"<script>alert(1)</script>"@evil.example')
    issue = Issue.objects.create(post=post, subject=EVIL, send_at=timezone.now())
    Delivery.objects.create(
        issue=issue, subscriber=subscriber, address=subscriber.email, state=QueuedMail.State.FAILED, error=EVIL
    )


@pytest.mark.parametrize(
    "model", [Post, Page, Author, Tag, Image, Comment, Subscriber, Delivery], ids=lambda model: model.__name__
)
def test_what_others_wrote_is_shown_as_text(client: Client, model: Any) -> None:
    make_evil_rows()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model.objects.first()
    addresses = [reverse(f"{name}_changelist"), f"{reverse(f'{name}_changelist')}?q=%3Cscript%3Ealert(1)"]
    kept = {Delivery, Subscriber}  # which the admin deletes for nobody
    pages = ["change", "history", *([] if model in kept else ["delete"])]
    addresses += [reverse(f"{name}_{page}", args=[row.pk]) for page in pages]
    assert admin.site.is_registered(model)

    for address in addresses:
        response = client.get(address, follow=True)

        assert response.status_code == 200
        assert "<script>alert" not in response.text
        assert "<img src=x" not in response.text


def test_what_others_wrote_is_shown_as_text_when_it_is_moderated(client: Client) -> None:
    make_evil_rows()

    for status in Comment.Status.values:
        page = client.get(f"/admin/moderation/?status={status}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_messages_quote_titles_as_text(client: Client) -> None:
    response = client.post(ADD, form(title=EVIL, slug="evil", _publish="x"), follow=True)

    assert "is published" in response.text
    assert "<script>alert" not in response.text
