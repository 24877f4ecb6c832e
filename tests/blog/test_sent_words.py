"""A form whose sender is signed out meanwhile, or whose token is too old, gives back what was written."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from blog.models import Post
from tests.factories import PASSWORD, make_staff

pytestmark = pytest.mark.django_db

TEXT = "One line.\n\nAnother, with <b>&amp;</b>."
SHOWN = "One line.\n\nAnother, with &lt;b&gt;&amp;amp;&lt;/b&gt;.</textarea>"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/admin/blog/post/add/", "source"),
        ("/admin/blog/page/add/", "source"),
        ("/admin/newsletter/letters/new/", "source"),
        ("/admin/newsletter/welcome/", "source"),
        ("/admin/moderation/1/", "reply"),
    ],
)
def test_who_is_signed_out_meanwhile_gets_back_what_the_form_sent(client: Client, address: str, field: str) -> None:
    page = client.post(address, {field: TEXT, "slug": "a-word", "save": "Save"})

    assert page.status_code == 403
    assert "You are signed out" in page.text
    assert SHOWN in page.text
    assert "a-word" not in page.text
    assert f'href="{reverse("admin:login")}?next=' in page.text
    assert page["Cache-Control"] == "private, no-store"


def test_a_button_leads_to_the_page_to_sign_in(client: Client) -> None:
    response = client.post(reverse("admin:blog_post_changelist"), {"action": "publish", "_selected_action": "1"})

    assert response["Location"].startswith(reverse("admin:login"))


def test_what_another_site_sends_is_not_shown(client: Client) -> None:
    address = reverse("admin:blog_post_add")

    response = client.post(address, {"source": TEXT}, headers={"Origin": "https://elsewhere.example"})

    assert response["Location"].startswith(reverse("admin:login"))


def test_nobodys_upload_is_read_for_the_words_that_came_along(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    upload = SimpleUploadedFile("a picture.png", b"x" * 1000)

    response = client.post("/admin/blog/image/add/", {"alt": TEXT, "file": upload})

    assert response["Location"].startswith(reverse("admin:login"))


def test_a_form_that_breaks_off_is_refused_without_words() -> None:
    class Broken(BytesIO):
        def read(self, *_size: Any) -> bytes:
            raise OSError

    client = Client(enforce_csrf_checks=True)
    form = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": "100", "wsgi.input": Broken()}

    page = client.post("/admin/blog/post/add/", **form)

    assert page.status_code == 403
    assert "What you wrote" not in page.text


def test_an_old_token_costs_no_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff())

    page = client.post(reverse("admin:blog_post_add"), {"source": TEXT, "csrfmiddlewaretoken": "x y"})

    assert page.status_code == 403
    assert SHOWN in page.text
    assert "x y" not in page.text
    assert not Post.objects.exists()


def test_no_password_is_ever_shown() -> None:
    client = Client(enforce_csrf_checks=True)

    page = client.post(reverse("admin:login"), {"username": "ann", "password": f"{PASSWORD} and more"})

    assert page.status_code == 403
    assert "and more" not in page.text
