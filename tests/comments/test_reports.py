"""Telling the moderators that a comment should be looked at."""

import datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from comments import reactions
from comments.models import Comment, Report
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="A post"), name="Ann <b>", source="Buy *this*.")


def send(client: Client, comment: Comment, reason: str = "spam", network: str = "192.0.2", **headers: str) -> Any:
    data = {"reason": reason} if reason else {}
    return client.post(f"/comments/{comment.pk}/report/", data, headers=headers, REMOTE_ADDR=f"{network}.7")


def reports(comment: Comment) -> int:
    return Comment.objects.get(pk=comment.pk).reports


def test_the_page_shows_the_comment_and_changes_nothing(client: Client, comment: Comment) -> None:
    response = client.get(f"/comments/{comment.pk}/report/")

    for words in ("A post", "Ann &lt;b&gt;", "Buy <em>this</em>.", "It is advertising or spam", 'value="illegal"'):
        assert words in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert not Report.objects.exists()
    assert not response.cookies


def test_a_report_is_kept_and_thanked_for(client: Client, comment: Comment) -> None:
    response = send(client, comment, "unkind")

    assert (response.status_code, response["Location"]) == (303, f"/comments/{comment.pk}/report/?sent")
    assert "Thank you." in client.get(response["Location"]).text
    assert (reports(comment), Report.objects.get().reason) == (1, "unkind")
    assert list(Comment.objects.reported()) == [comment]


def test_a_network_reports_a_comment_once(client: Client, comment: Comment) -> None:
    for network in ("192.0.2", "192.0.2", "198.51.100"):
        assert send(client, comment, network=network).status_code == 303

    assert (reports(comment), Report.objects.count()) == (2, 2)


@pytest.mark.parametrize("reason", ["", "because", "\x00", "spam'--"])
def test_a_report_without_a_reason_is_asked_for_one(client: Client, comment: Comment, reason: str) -> None:
    response = send(client, comment, reason)

    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert reports(comment) == 0


@pytest.mark.parametrize("status", ["waiting", "spam", "removed"])
def test_what_readers_do_not_see_is_not_reported(client: Client, status: str) -> None:
    comment = make_comment(make_post(), status=status)

    assert client.get(f"/comments/{comment.pk}/report/").status_code == 404
    assert send(client, comment).status_code == 404
    assert client.get(f"/comments/{make_comment(make_post(published_at=None)).pk}/report/").status_code == 404


def test_another_site_cannot_report(client: Client, comment: Comment) -> None:
    assert send(client, comment, Origin="https://evil.example").status_code == 403
    assert reports(comment) == 0


def test_a_flood_is_stopped_and_keeps_what_was_chosen(
    client: Client, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions, "MOST_REPORTS", 1)
    with time_machine.travel(timezone.now(), tick=False):
        send(client, make_comment(comment.post))
        refused = send(client, comment, "private")

    assert refused.status_code == 429
    assert "try again later" in refused.text
    assert BeautifulSoup(refused.text, "html.parser").select_one("input[checked]")["value"] == "private"
    assert reports(comment) == 0


def test_staff_gets_the_token_with_the_form(comment: Comment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff())
    assert send(client, comment).status_code == 403

    token = client.get(f"/comments/{comment.pk}/report/").context["csrf_token"]
    response = client.post(f"/comments/{comment.pk}/report/", {"reason": "other", "csrfmiddlewaretoken": token})

    assert response.status_code == 303


def test_the_most_reported_comes_first_and_what_is_off_the_page_not_at_all(comment: Comment) -> None:
    twice, gone = make_comment(comment.post), make_comment(comment.post)
    for reported, reader in [(comment, "a"), (twice, "a"), (twice, "b"), (gone, "a")]:
        assert Report.file(reported, reader, "spam")
    gone.remove(make_staff())

    assert list(Comment.objects.reported()) == [twice, comment]


def test_after_a_month_nobody_knows_who_reported_and_the_number_stays(client: Client, comment: Comment) -> None:
    send(client, comment)
    Report.objects.update(created_at=timezone.now() - datetime.timedelta(days=31))

    assert reactions.forget_old() == 1

    assert (Report.objects.count(), reports(comment)) == (0, 1)
