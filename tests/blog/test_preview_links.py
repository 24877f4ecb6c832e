import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from blog import preview_links
from blog.keys import Purpose, Signer
from blog.models import Post, PreviewLink
from tests.factories import make_author, make_post, make_staff

MIDDAY = datetime.datetime(2030, 1, 1, 12, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


def lend(post: Post, **values: Any) -> str:
    """Make a link to the post; return its path."""
    link = PreviewLink.objects.create(post=post, **values)
    return f"/preview/{Signer(Purpose.PREVIEW).token(link.pk)}/"


def make_draft(**values: Any) -> Post:
    return make_post(**{"published_at": None, "title": "Not yet", "source": "Draft *words*.", **values})


def test_a_draft_is_shown_with_who_shares_it_and_until_when(client: Client) -> None:
    staff = make_staff("kim", first_name="Kim", last_name="Lee")
    end = timezone.now() + datetime.timedelta(days=3)

    response = client.get(lend(make_draft(authors=[make_author("Ann")]), created_by=staff, expires_at=end))

    assert response.status_code == 200
    assert "Draft <em>words</em>." in response.text
    assert f"Draft, shared by Kim Lee until {end:%-d %B %Y, %H:%M}." in response.text
    assert "Only staff can see this" not in response.text


def test_a_scheduled_post_can_be_shown_too(client: Client) -> None:
    post = make_draft(published_at=timezone.now() + datetime.timedelta(days=1))

    assert client.get(lend(post)).status_code == 200
    assert client.get(post.get_absolute_url()).status_code == 404


def test_a_draft_is_for_reading_only(client: Client) -> None:
    page = client.get(lend(make_draft())).text

    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_nobody_keeps_indexes_or_passes_on_a_preview(client: Client) -> None:
    for path in [lend(make_draft()), lend(make_post()), "/preview/nonsense/"]:
        response = client.get(path)

        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "same-origin"
        assert not response.cookies


@pytest.mark.parametrize(
    "path",
    [
        lambda: lend(make_draft(), expires_at=timezone.now() - datetime.timedelta(seconds=1)),
        lambda: lend(make_draft(), revoked_at=timezone.now()),
        lambda: lend(make_draft(published_at=timezone.now(), visibility="withdrawn")),
        lambda: f"/preview/{Signer(Purpose.PREVIEW).token(4711)}/",
        lambda: f"/preview/{Signer(Purpose.OWN_COMMENT).token(PreviewLink.objects.create(post=make_draft()).pk)}/",
        lambda: lend(make_draft())[:-2] + "/",
        lambda: "/preview/1~2~3/",
        lambda: "/preview/%00%ff~/",
    ],
    ids=["expired", "revoked", "withdrawn", "unknown", "another purpose", "cut short", "nonsense", "no text"],
)
def test_a_link_that_is_not_live_says_so_and_nothing_else(client: Client, path: Callable[[], str]) -> None:
    response = client.get(path())

    assert response.status_code == 404
    assert "This preview is not open" in response.text
    assert "Not yet" not in response.text


def test_a_revoked_link_closes_at_once(client: Client) -> None:
    path = lend(make_draft())
    link = PreviewLink.objects.get()

    assert link.revoke()
    assert not link.revoke()
    assert client.get(path).status_code == 404


def test_the_link_leads_to_the_post_once_it_is_published(client: Client) -> None:
    post = make_draft()
    path = lend(post)

    post.publish()

    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())


def test_a_link_opens_its_own_post_only(client: Client) -> None:
    make_draft(title="Another draft")
    path = lend(make_draft())

    assert "Another draft" not in client.get(path).text
    assert client.post(path).status_code == 405


@time_machine.travel(MIDDAY, tick=False)  # a link says in which second it was made
def test_addresses_lists_what_is_live_newest_first(
    settings: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.SITE_URL = "https://second.example"
    post = make_draft()
    paths = [lend(post), lend(post)]
    lend(post, revoked_at=timezone.now())
    lend(make_draft(slug="other"))

    with django_assert_num_queries(2):
        listed = preview_links.addresses(post)

    assert [address for _link, address in listed] == [f"https://second.example{path}" for path in reversed(paths)]
