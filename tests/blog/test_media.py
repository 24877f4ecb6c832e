"""Stored pictures, as they are served."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_image

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    response.close()
    return content


def test_a_picture_is_kept_for_ever_and_may_do_nothing(client: Client) -> None:
    image = make_image()

    response = client.get(image.file.url)

    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    assert body(response) == Path(image.file.path).read_bytes()


def test_a_page_among_the_pictures_may_do_nothing_either(client: Client, settings: Any) -> None:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir()
    (folder / "evil.html").write_text("<script>alert(1)</script>")

    response = client.get("/media/evil.html")

    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert body(response)


@pytest.mark.parametrize(
    "path", ["nothing.webp", "images/", "", "../secret", "..%2Fsecret", "%2Fetc/passwd", "images/../../secret", "a%00b"]
)
def test_nothing_but_pictures_is_served(client: Client, settings: Any, path: str) -> None:
    make_image()
    (Path(settings.MEDIA_ROOT).parent / "secret").write_text("secret")

    assert client.get(f"/media/{path}").status_code in {400, 404}


def test_readers_can_only_read(client: Client) -> None:
    assert client.post("/media/a.webp").status_code == 405
