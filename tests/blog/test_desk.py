"""What the editor asks for: who may, how much, and what comes back."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.module_loading import import_string
from markdownx import settings as markdownx
from PIL import Image as Pillow

from blog.admin.editor import MarkdownEditor
from blog.images import LARGEST_UPLOAD
from blog.markup import POST_LIMIT, render_post
from blog.models import Image
from tests.factories import make_person, make_staff

pytestmark = pytest.mark.django_db

PREVIEW, UPLOAD, PASTE = "/admin/blog/editor/preview/", "/admin/blog/editor/upload/", "/admin/blog/editor/paste/"
ADDRESSES = [PREVIEW, UPLOAD, PASTE]


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def picture(format_: str = "PNG", size: tuple[int, int] = (1000, 600), mode: str = "RGB", **options: Any) -> bytes:
    file = BytesIO()
    Pillow.new(mode, size).save(file, format_, **options)
    return file.getvalue()


def send(client: Client, content: bytes, name: str = "photo.png", **words: str) -> Any:
    return client.post(UPLOAD, {"image": SimpleUploadedFile(name, content, "image/gif"), **words})


def stored_files() -> list[Path]:
    return sorted(path for path in Path(project.MEDIA_ROOT).rglob("*") if path.is_file())


# --- Who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_but_staff_with_the_permission_is_let_in(client: Client, address: str) -> None:
    assert client.post(address).status_code == 403

    client.force_login(make_staff(is_staff=False))
    assert client.post(address).status_code == 403

    client.force_login(make_staff(is_superuser=False))
    answer = client.post(address)
    assert answer.status_code == 403
    assert answer.json() == {"error": "Your account is not allowed to do this."}


@pytest.mark.parametrize(
    ("role", "preview", "upload", "paste"),
    [("Author", 200, 422, 200), ("Editor", 200, 422, 200), ("Publisher", 200, 422, 200), ("Moderator", 403, 403, 403)],
)
def test_each_role_may_do_what_it_needs(client: Client, role: str, preview: int, upload: int, paste: int) -> None:
    client.force_login(make_person(role))

    assert [client.post(address).status_code for address in ADDRESSES] == [preview, upload, paste]


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_a_post_with_our_token_is_heard(address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff())

    assert strict.get(address).status_code == 405
    assert strict.post(address).status_code == 403


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_too_long_is_refused_before_it_is_read(staff: Client, address: str) -> None:
    class Unread(BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("somebody read it")

    answer = staff.generic("POST", address, b"", CONTENT_LENGTH=str(LARGEST_UPLOAD * 2), **{"wsgi.input": Unread()})

    assert answer.status_code == 413
    assert answer.json()["error"]


def test_the_views_of_markdownx_are_nowhere_and_its_field_asks_ours() -> None:
    assert (markdownx.MARKDOWNX_URLS_PATH, markdownx.MARKDOWNX_UPLOAD_URLS_PATH) == (PREVIEW, UPLOAD)
    assert import_string(markdownx.MARKDOWNX_MARKDOWNIFY_FUNCTION)("*a*") == render_post("*a*").html
    for name in ("markdownx_markdownify", "markdownx_upload"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    with pytest.raises(Resolver404):
        resolve("/markdownx/upload/")


# --- Preview ------------------------------------------------------------------------------------------------------


def test_the_preview_is_what_the_page_will_show(staff: Client) -> None:
    source = "## A heading\n\nSome *words* and a note[^1].\n\n[^1]: Here."

    page = staff.post(PREVIEW, {"content": source, "title": "A <title>"}).text

    assert render_post(source).html in page
    assert "<h1>A &lt;title&gt;</h1>" in page
    assert 'href="/static/theme/byline.css"' in page
    assert "<script" not in page


def test_the_preview_counts_words_and_minutes(staff: Client) -> None:
    assert "500 words, 2 minutes to read" in staff.post(PREVIEW, {"content": "word " * 500}).text
    assert "1 word, 1 minute to read" in staff.post(PREVIEW, {"content": "word"}).text


@pytest.mark.parametrize("source", ["", "\x00", "<script>alert(1)</script>", "[" * 5000, "| a |\n|-|\n" * 300])
def test_any_text_has_a_preview(staff: Client, source: str) -> None:
    answer = staff.post(PREVIEW, {"content": source})

    assert answer.status_code == 200
    assert "alert" not in answer.text


def test_a_text_that_could_not_be_saved_has_none(staff: Client) -> None:
    answer = staff.post(PREVIEW, {"content": "a" * (POST_LIMIT + 1)})

    assert answer.status_code == 422
    assert "at most 200000 characters" in answer.json()["error"]


# --- Pictures -----------------------------------------------------------------------------------------------------


def test_a_picture_is_stored_anew_and_comes_back_as_markdown(client: Client) -> None:
    writer = make_person("Author")
    client.force_login(writer)

    answer = send(client, picture(), "../../etc/photo.png", alt="A [hand]", caption="Whose")

    image = Image.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "image_code": f'![A \\[hand\\]]({image.file.url} "Whose")',
        "url": image.file.url,
        "alt": "A [hand]",
        "width": 1000,
        "height": 600,
    }
    assert image.uploaded_by == writer
    assert {path.parent for path in stored_files()} == {Path(project.MEDIA_ROOT) / "images"}
    assert len(stored_files()) == 6


@pytest.mark.parametrize(
    "content",
    [
        picture("JPEG", mode="CMYK"),
        picture("GIF", mode="P", save_all=True, append_images=[Pillow.new("P", (1000, 600), 3)]),
        picture("AVIF"),
        picture("WEBP", mode="RGBA"),
    ],
    ids=["cmyk", "animation", "avif", "see-through"],
)
def test_every_usual_picture_is_taken_whatever_its_name(staff: Client, content: bytes) -> None:
    assert send(staff, content, "page.html").status_code == 201
    assert {path.suffix for path in stored_files()} == {".webp", ".avif"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><script>alert(1)</script></html>", "not a picture that can be read"),
        (b"GIF89a<script>alert(1)</script>", "not a picture that can be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "Export it as a PNG"),
        (picture()[:200], "not a picture that can be read"),
        (picture(size=(13_000, 13_000), mode="1"), "at most 20 million"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100, "Export it as a JPEG"),
        (b"\x9a\x07" * 500_000, "not a picture that can be read"),
        (b"", "empty"),
    ],
    ids=["html", "gif of html", "svg", "half a png", "13,000 x 13,000", "heic", "noise", "nothing"],
)
def test_everything_else_gets_a_sentence_and_leaves_nothing(staff: Client, content: bytes, sentence: str) -> None:
    answer = send(staff, content, "picture.gif")

    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
    assert stored_files() == []
    assert not Image.objects.exists()


def test_fifty_megabytes_are_refused(staff: Client) -> None:
    answer = send(staff, b"\x9a\x07" * 25_000_000)

    assert answer.status_code == 413
    assert "larger than 20 MB" in answer.json()["error"]


def test_a_file_just_over_the_limit_is_refused_by_the_form(staff: Client) -> None:
    answer = send(staff, b"\x00" * (LARGEST_UPLOAD + 1))

    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.json()["error"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({}, "Choose a picture."), ({"image": "a word"}, "Choose a picture.")],
)
def test_without_a_file_it_asks_for_one(staff: Client, fields: dict[str, str], sentence: str) -> None:
    answer = staff.post(UPLOAD, fields)

    assert (answer.status_code, answer.json()["error"]) == (422, sentence)


def test_words_that_are_too_long_are_refused(staff: Client) -> None:
    answer = send(staff, picture(), alt="a" * 301)

    assert answer.status_code == 422
    assert "at most 300 characters" in answer.json()["error"]
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told(staff: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "a file"
    settings.MEDIA_ROOT.write_text("")  # nothing can be made in it

    answer = send(staff, picture())

    assert answer.status_code == 503
    assert "no room" in answer.json()["error"]
    assert not Image.objects.exists()


# --- Paste --------------------------------------------------------------------------------------------------------


def test_pasted_html_comes_back_as_markdown(staff: Client) -> None:
    assert staff.post(PASTE, {"html": "<b>a</b>"}).json() == {"markdown": "**a**"}


@pytest.mark.parametrize("html", ["<div>" * 10_000, "<b>" * 50_000], ids=["deep", "many"])
def test_what_cannot_be_read_gets_a_sentence(staff: Client, html: str) -> None:
    answer = staff.post(PASTE, {"html": html})

    assert answer.status_code == 422
    assert "pasted without them" in answer.json()["error"]


# --- The field ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/admin/blog/post/add/", "/admin/blog/page/add/"])
def test_posts_and_pages_are_written_in_it(staff: Client, address: str) -> None:
    page = staff.get(address).text

    assert 'data-markdownx-urls-path="/admin/blog/editor/preview/"' in page
    assert f'data-paste-path="{PASTE}"' in page
    assert '<script src="/static/js/editor.js" type="module">' in page
    assert "markdownx.min.js" not in page


def test_what_is_in_the_text_stays_text_in_the_form() -> None:
    html = MarkdownEditor().render("source", "</textarea><script>alert(1)</script>", {"id": "id_source"})

    assert "<script>" not in html
    assert "&lt;/textarea&gt;" in html
