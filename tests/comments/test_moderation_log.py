import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.models import Action, Decision
from comments.moderation.log import PER_PAGE
from tests.comments import moderating
from tests.comments.moderating import QUEUE, decide, decide_many, signed_in
from tests.factories import make_comment, make_person, make_post

pytestmark = pytest.mark.django_db

LOG = f"{QUEUE}log/"


@pytest.fixture
def moderator(client: Client) -> User:
    return signed_in(client, "kim")


def entries(page: str) -> list[str]:
    """Return the entries of the log as a reader sees them, in one line each."""
    items = re.findall(r"<li>(.*?)</li>", page[page.index('class="log"') :].partition("</ol>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def test_it_says_who_did_what_to_which_comment_the_newest_first(client: Client, moderator: User) -> None:
    comments = [make_comment(make_post(), name="Zebedee", source="Quokka", status="waiting") for _ in range(2)]
    decide(client, comments[0], "spam")
    decide_many(client, comments[1:], "approve")
    moderating.undo(client, Action.objects.earliest("pk"))

    page = client.get(LOG).text
    undone, approved, spam = entries(page)

    assert undone.startswith(f"Undone : comment {comments[0].pk}")
    assert approved.startswith(f"Approved : comment {comments[1].pk}")
    assert "kim in the queue" in approved
    assert approved.endswith(f"Undo entry {Action.objects.order_by('pk')[1].pk}")
    assert "undone by kim on" in spam
    assert "Undo entry" not in spam + undone
    assert f'href="{QUEUE}?comment={comments[0].pk}"' in page
    assert "Zebedee" not in page
    assert "Quokka" not in page


def test_what_was_done_to_many_is_one_entry(client: Client, moderator: User) -> None:
    comments = [make_comment(make_post(), status="waiting") for _ in range(3)]
    decide_many(client, comments, "approve")

    page = client.get(LOG).text

    assert f'href="{QUEUE}?status=all&amp;action={Action.objects.get().pk}">3 comments</a>' in page


def test_it_names_authors_and_accounts_that_are_gone(client: Client, moderator: User) -> None:
    Action.objects.create(verb="withdraw", via="reader")
    leaver = make_person("Moderator")
    Action.objects.create(verb="approve", user=leaver)
    leaver.delete()

    gone, author = entries(client.get(LOG).text)

    assert "an account that is gone" in gone
    assert "its author on the private page" in author
    assert "Undo" not in author


def test_the_log_of_one_comment_outlives_the_comment(client: Client, moderator: User) -> None:
    comment, other = (make_comment(make_post(), status="waiting") for _ in range(2))
    decide(client, comment, "approve")
    decide(client, other, "spam")
    number = comment.pk
    comment.delete()

    page = client.get(LOG, {"comment": number}).text

    assert len(entries(page)) == 1
    assert f"About comment {number} alone." in page


def test_the_log_has_pages(client: Client, moderator: User, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    actions = Action.objects.bulk_create(
        Action(verb="approve", user=moderator, created_at=now - datetime.timedelta(hours=n))
        for n in range(PER_PAGE + 5)
    )
    Decision.objects.bulk_create(
        Decision(action=action, comment_number=n, before="waiting", after="approved")
        for action in actions
        for n in range(3)
    )
    client.get(LOG)

    with django_assert_num_queries(7):  # session, user, two for permissions, actions, publication, links
        first = client.get(LOG).text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = client.get(LOG + following[1].replace("&amp;", "&")).text

    assert (len(entries(first)), len(entries(second))) == (PER_PAGE, 5)
    assert "Older" not in second


def test_an_empty_log_says_so(client: Client, moderator: User) -> None:
    assert "Nothing was decided yet." in client.get(LOG).text
