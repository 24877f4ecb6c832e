"""What the page of a post in the admin says about its mail."""

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Author
from subscribers.models import Issue
from tests.factories import make_issue, make_person, make_post, make_subscriber
from tests.subscribers.desk.desk import address

pytestmark = pytest.mark.django_db


def page_of(client: Client, issue: Issue) -> str:
    return client.get(f"/admin/blog/post/{issue.post_id}/change/").text


def test_while_the_mail_waits_it_is_said_who_would_get_it_and_can_be_stopped(client: Client) -> None:
    client.force_login(make_person("Editor"))
    make_subscriber()
    issue = make_issue(make_post())

    page = page_of(client, issue)

    assert "One reader would get it now." in page
    assert f'href="{address(issue)}"' in page
    assert f'action="{address(issue, "stop/")}"' in page


def test_once_it_is_out_there_is_nothing_to_stop(client: Client) -> None:
    client.force_login(make_person("Editor"))
    issue = make_issue(make_post(), state=Issue.State.SENT, started_at=timezone.now())

    page = page_of(client, issue)

    assert f'href="{address(issue)}"' in page
    assert "/stop/" not in page


def test_an_author_is_told_and_offered_nothing_they_may_not_do(client: Client) -> None:
    author = make_person("Author")
    client.force_login(author)
    issue = make_issue(make_post(authors=[Author.of(author)]))

    page = page_of(client, issue)

    assert "Will be mailed at" in page
    assert "/admin/newsletter/" not in page
