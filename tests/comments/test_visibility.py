"""What nobody has approved, and what comes with a comment unseen, is nowhere that a reader can look (T16).

The addresses are those of tests/test_permissions.py, so that a new one is looked at, too.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from blog.models import Post
from comments import threads
from comments.models import Comment
from tests import test_permissions
from tests.factories import make_comment, make_post, make_staff
from tests.test_permissions import ROWS, World

pytestmark = pytest.mark.django_db

world = test_permissions.world

READ = {"200", "301", "302"}
PUBLIC = {name: row.address for name, row in ROWS.items() if row.get in READ and not row.address.startswith("/admin/")}
MORE = [
    *(f"/posts/{{post.slug}}/?order={order}&comments={page}" for order in threads.ORDERS for page in (1, 2, 3, 4)),
    "/search/?q=quiet",
    "/posts/{post.slug}/comments/?parent={hidden}",
]
FEEDS = [address for address in PUBLIC.values() if address.endswith((".atom", ".rss", ".json"))]
NEVER_SHOWN = ["waiting", "spam", "removed"]

# Comes with every comment, and is for nobody's eyes but its moderators': the text of the hidden ones says "hush", too.
UNSEEN = {"network": "feed" * 16, "score": 0.7654321, "held_for": [["words", {"word": "tattle"}]]}
SECRETS = re.compile(rf"hush|Hilda|hidden\.example|{UNSEEN['network']}|7654321|tattle", re.IGNORECASE)


def make_hidden(post: Post, status: str, **values: Any) -> Comment:
    return make_comment(
        post,
        **{
            "name": f"Hilda {status}",
            "email": f"{status}{post.pk}@hidden.example",
            "website": "https://hidden.example/",
            "source": f"Hush, quiet {status}.",
            "status": status,
            **UNSEEN,
            **values,
        },
    )


def addresses(world: World, hidden: Comment) -> Iterator[str]:
    for address in [*PUBLIC.values(), *MORE]:
        yield address.format(**world.rows, hidden=hidden.pk)


def read(address: str) -> str:
    """Return all that a reader gets to see at an address."""
    response = Client().get(address, follow=True)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(map(str, response.headers.items()))
    return f"{response.status_code}\n{headers}\n{body.decode()}"


@pytest.fixture
def hidden(world: World, monkeypatch: pytest.MonkeyPatch) -> Comment:
    """Comments in every state beside one that is shown, which comes with the same secrets; return one that waits."""
    monkeypatch.setattr(threads, "PER_PAGE", 2)
    post, moderator = world.rows["post"], make_staff(email="staff@hidden.example")
    shown = make_comment(post, name="Ann", email="ann@hidden.example", source="Seen by all.", **UNSEEN)
    for status in NEVER_SHOWN:
        make_comment(post, parent=make_hidden(post, status), source="Seen by all.")
        make_hidden(post, status, parent=shown, source="Hush, below.")
    for verb in (Comment.remove, Comment.mark_spam, Comment.hold, lambda comment, _: comment.withdraw()):
        comment = make_hidden(post, "approved", source=f"Hush, {verb}")
        make_comment(post, parent=comment, source="Seen by all.")
        verb(comment, moderator)
    answer = make_comment(post, parent=shown, user=moderator, name="Sam", email=moderator.email, source="Seen by all.")
    assert answer.commenter is None
    return Comment.objects.waiting()[0]


def test_there_are_pages_to_look_at(world: World, hidden: Comment) -> None:
    texts = [read(address) for address in addresses(world, hidden)]

    assert len(texts) > 40
    assert sum("Seen by all." in text for text in texts) > 10
    assert sum(text.startswith("200") for text in texts) > 40


def test_what_is_not_shown_is_nowhere(world: World, hidden: Comment) -> None:
    for address in addresses(world, hidden):
        assert SECRETS.findall(read(address)) == [], address


def test_the_look_above_would_notice(world: World, hidden: Comment) -> None:
    hidden.approve(make_staff())

    noticed = [address for address in addresses(world, hidden) if SECRETS.search(read(address))]

    assert "/feeds/comments.atom" in noticed
    assert len(noticed) > 5


@pytest.mark.parametrize("status", NEVER_SHOWN)
@time_machine.travel("2026-03-01 12:00", tick=False)
def test_a_comment_that_never_was_shown_changes_no_byte(world: World, status: str) -> None:
    """Nor a count, a validator or the date of a feed."""
    comment = world.rows["comment"]
    before = {address: read(address) for address in addresses(world, comment)}

    make_hidden(comment.post, status)
    make_hidden(comment.post, status, parent=comment, source="Hush, below.")

    for address, text in before.items():
        assert read(address) == text, address


@pytest.mark.parametrize("status", [*NEVER_SHOWN, "taken off", "taken back"])
def test_nothing_can_be_done_with_what_is_not_shown(status: str) -> None:
    comment = make_hidden(make_post(), status if status in NEVER_SHOWN else "approved")
    if status == "taken off":
        comment.remove(make_staff())
    if status == "taken back":
        comment.withdraw()

    answers = [
        Client().get(f"/comments/{comment.pk}/"),
        Client().get(f"/comments/{comment.pk}/report/"),
        Client().get(f"/comments/{comment.pk}/report/?sent"),
        Client().post(f"/comments/{comment.pk}/report/", {"reason": "spam"}),
        Client().post(f"/comments/{comment.pk}/thumb/"),
        Client().post(f"/comments/{comment.pk}/thumb/", headers={"Accept": "application/json"}),
    ]
    nobody = Client().get("/comments/999999/").text

    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].text == nobody
    comment.refresh_from_db()
    assert (comment.thumbs, comment.reports) == (0, 0)


WITHOUT_A_PAGE: dict[str, Callable[[], dict[str, Any]]] = {
    "draft": lambda: {"published_at": None},
    "scheduled": lambda: {"published_at": timezone.now() + datetime.timedelta(days=1)},
    "withdrawn": lambda: {"visibility": "withdrawn"},
}


@pytest.mark.parametrize("state", WITHOUT_A_PAGE)
def test_a_comment_under_a_post_without_a_page_is_nowhere(world: World, state: str) -> None:
    post = make_post(title="Gone", authors=list(world.rows["post"].authors.all()), tags=[world.rows["tag"]])
    comment = make_hidden(post, "approved")
    Post.objects.filter(pk=post.pk).update(**WITHOUT_A_PAGE[state]())

    gone = [f"/comments/{comment.pk}/", f"/comments/{comment.pk}/report/", f"/posts/{post.slug}/comments.atom"]
    assert {Client().get(address).status_code for address in gone} <= {404, 410}
    for address in [*addresses(world, comment), *gone, f"/posts/{post.slug}/", f"/posts/{post.slug}/comments/"]:
        assert SECRETS.findall(read(address)) == [], address


def test_feeds_are_among_what_is_looked_at() -> None:
    assert len(FEEDS) >= 6
    assert {"/feeds/comments.atom", "/posts/{post.slug}/comments.atom"} <= set(FEEDS)
