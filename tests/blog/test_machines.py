"""What programs ask every site for: crawlers, browsers, researchers."""

import datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from blog.models import Publication

pytestmark = pytest.mark.django_db


def test_crawlers_are_told_of_the_sitemap(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"

    text = client.get("/robots.txt").text

    assert "Sitemap: https://byline.example/sitemap.xml" in text
    assert "Disallow: /admin/" in text


@time_machine.travel("2026-03-01 10:00", tick=False)
def test_researchers_are_told_whom_to_write_to(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"
    settings.DEFAULT_FROM_EMAIL = "Byline <byline@byline.example>"

    response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:byline@byline.example"
    assert fields["Canonical"] == "https://byline.example/.well-known/security.txt"
    expires = datetime.datetime.fromisoformat(fields["Expires"])
    assert datetime.timedelta(days=100) < expires - datetime.datetime.now(datetime.UTC) < datetime.timedelta(days=365)


def test_replies_go_where_replies_are_read(client: Client, settings: Any) -> None:
    settings.REPLY_TO = "desk@byline.example"

    assert "Contact: mailto:desk@byline.example\n" in client.get("/.well-known/security.txt").text


def test_the_manifest_names_the_site_and_icons_that_are_there(client: Client) -> None:
    Publication(name="Tea & cake", description="").save()

    response = client.get("/site.webmanifest")
    manifest = response.json()

    assert response["Content-Type"] == "application/manifest+json"
    assert manifest["name"] == "Tea & cake"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512", "any"}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix(site_settings.STATIC_URL)), icon


@pytest.mark.parametrize(("address", "size"), [("/favicon.ico", (48, 48)), ("/apple-touch-icon.png", (180, 180))])
def test_browsers_find_their_icons_at_the_top(client: Client, address: str, size: tuple[int, int]) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert Image.open(BytesIO(response.getvalue())).size == size


@pytest.mark.parametrize("address", ["/robots.txt", "/.well-known/security.txt", "/site.webmanifest", "/sitemap.xml"])
def test_machines_get_no_cookie_and_may_not_post(client: Client, address: str) -> None:
    assert client.get(address).cookies == {}
    assert client.post(address).status_code == 405
