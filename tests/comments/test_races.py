"""What happens when several people, or several workers, do something to a comment at the same moment.

Each of them is a thread with a connection of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from comments import following, mails, moderator_mails
from comments.models import Action, Comment, ConversationMail, Decision, NoticePreference
from comments.moderation_links import Link, Maker, read
from tests.at_once import at_once, real_database
from tests.comments.conversing import make_follow
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _connections_wait(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with real_database(tmp_path):
        yield


def deciding(numbers: Sequence[int], verb: str, user: User) -> Callable[[], Action | None]:
    status = {"approve": "approved", "spam": "spam", "remove": "removed"}[verb]
    return lambda: Comment.objects.filter(pk__in=numbers).decide(status, user, verb=verb)


def opened(moderator: User, comment: Comment, verb: str) -> Link:
    """A mailed link whose page is open in a browser."""
    return read(Maker(moderator).path(verb, comment).split("/")[2])


@pytest.fixture
def moderator() -> User:
    return make_staff()


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(), status="waiting")


def test_of_fifty_who_approve_one_comment_one_does(comment: Comment, moderator: User) -> None:
    same = [Comment.objects.get(pk=comment.pk) for _ in range(50)]

    done = at_once(*(lambda each=each: each.approve(moderator) for each in same))

    assert sorted(done) == [False] * 49 + [True]
    assert Action.objects.count() == 1
    decision = Decision.objects.get()
    assert (decision.comment_number, decision.before, decision.after) == (comment.pk, "waiting", "approved")
    comment.refresh_from_db()
    assert (comment.status, comment.last_action_id) == ("approved", decision.action_id)


def test_of_two_who_press_the_same_button_in_their_mail_one_acts(comment: Comment, moderator: User) -> None:
    links = [opened(moderator, comment, "approve") for _ in range(2)]

    assert sorted(at_once(*(link.act for link in links))) == [False, True]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("other", ["spam", "remove"])
def test_of_two_mails_that_disagree_one_decides(comment: Comment, moderator: User, other: str) -> None:
    links = [opened(moderator, comment, "approve"), opened(make_staff(), comment, other)]

    assert sorted(at_once(*(link.act for link in links))) == [False, True]
    comment.refresh_from_db()
    assert comment.status == Decision.objects.get().after


@pytest.mark.parametrize("other", ["spam", "remove"])
def test_two_decisions_in_the_queue_follow_one_another(comment: Comment, moderator: User, other: str) -> None:
    at_once(deciding([comment.pk], "approve", moderator), deciding([comment.pk], other, make_staff()))

    first, second = Decision.objects.order_by("pk")
    assert first.before == "waiting"
    assert second.before == first.after
    comment.refresh_from_db()
    assert (comment.status, comment.last_action_id) == (second.after, second.action_id)


def test_a_comment_that_is_deleted_while_it_is_approved_is_gone(comment: Comment, moderator: User) -> None:
    def approve() -> bool:
        return comment.approve(moderator)

    approved, _deleted = at_once(approve, lambda: Comment.objects.filter(pk=comment.pk).delete())

    assert not Comment.objects.exists()
    assert Action.objects.count() == Decision.objects.count() == approved


@pytest.mark.parametrize("_times", range(3))
def test_what_its_author_takes_back_while_it_is_approved_is_taken_back(
    comment: Comment, moderator: User, _times: int
) -> None:
    approved, _withdrawn = at_once(lambda: comment.approve(moderator), Comment.objects.get().withdraw)

    stored = Comment.objects.get()
    assert (stored.status, stored.source, stored.email) == ("removed", "", "")
    assert stored.withdrawn_at is not None
    after = list(Decision.objects.order_by("pk").values_list("after", flat=True))
    assert after == [*(["approved"] if approved else []), "removed"]
    assert stored.last_action == Action.objects.order_by("pk").last()


def test_fifty_who_approve_while_workers_look_bring_each_follower_one_mail(
    comment: Comment, moderator: User, mailoutbox: list[Any]
) -> None:
    readers = [make_follow(comment.post, f"follower{n}@example.org").commenter for n in range(3)]
    same = [Comment.objects.get(pk=comment.pk) for _ in range(50)]

    done = at_once(*(lambda each=each: each.approve(moderator) for each in same), *[mails.run_once] * 2)

    assert sum(done[:50]) == 1
    assert not mailoutbox  # an approval can be undone for a minute
    with time_machine.travel(timezone.now() + following.PATIENCE, tick=False):
        at_once(*[mails.run_once] * 2)
        at_once(*[mails.run_once] * 2)
    assert sorted(address for message in mailoutbox for address in message.to) == sorted(
        reader.email for reader in readers
    )
    rows = ConversationMail.objects.filter(kind="answer", comment=comment, state="sent")
    assert sorted(rows.values_list("commenter", flat=True)) == sorted(reader.pk for reader in readers)
    assert Decision.objects.count() == Action.objects.count() == 1


def test_bulk_decisions_over_the_same_comments_do_not_block_one_another(moderator: User) -> None:
    post = make_post()
    numbers = [make_comment(post, status="waiting").pk for _ in range(12)]

    at_once(
        deciding(numbers[:8], "approve", moderator),
        deciding(list(reversed(numbers[4:])), "spam", moderator),
        deciding(numbers[2:10], "remove", moderator),
    )

    comments = Comment.objects.in_bulk(numbers)
    for decision in Decision.objects.order_by("pk"):
        assert decision.before != decision.after
    last = {decision.comment_number: decision.after for decision in Decision.objects.order_by("pk")}
    assert {number: comment.status for number, comment in comments.items()} == last


def test_bulk_decisions_across_two_threads_do_not_block_one_another(moderator: User) -> None:
    """Each holds the first comment of the thread in which the other has an answer to count."""
    post = make_post()
    first, second = make_comment(post, status="waiting"), make_comment(post, status="waiting")
    to_first, to_second = (make_comment(post, parent=above, status="waiting") for above in (first, second))

    for _ in range(5):
        at_once(
            deciding([second.pk, to_first.pk], "approve", moderator),
            deciding([first.pk, to_second.pk], "approve", moderator),
        )
        assert set(Comment.objects.filter(depth=0).values_list("answers", flat=True)) == {1}
        Comment.objects.all().decide("waiting", moderator, verb="hold")


def test_answers_that_are_approved_at_once_are_all_counted(comment: Comment, moderator: User) -> None:
    answers = [make_comment(comment.post, parent=comment, status="waiting") for _ in range(8)]

    at_once(*(deciding([answer.pk], "approve", moderator) for answer in answers))

    comment.refresh_from_db()
    assert comment.answers == 8


def test_what_two_undo_at_once_is_undone_once(comment: Comment, moderator: User) -> None:
    opened(moderator, comment, "approve").act()
    comment.refresh_from_db()
    links = [opened(moderator, comment, "undo") for _ in range(2)]

    assert sorted(at_once(*(link.act for link in links))) == [False, True]
    assert Action.objects.filter(verb="undo").count() == 1
    comment.refresh_from_db()
    assert comment.status == "waiting"


def test_two_workers_write_one_mail_for_each_moderator_and_comment() -> None:
    post = make_post()
    for pace in ("now", "now", "hourly"):
        NoticePreference.objects.create(user=make_person("Moderator"), pace=pace)
    for _ in range(3):
        make_comment(post, status="waiting")

    assert sum(at_once(*[moderator_mails.write_rows] * 4)) == 3

    rows = list(ConversationMail.objects.values_list("kind", "user", "comment"))
    assert len(rows) == len(set(rows)) == 2 * 3 + 1


def test_two_workers_send_a_mail_once(mailoutbox: list[Any]) -> None:
    NoticePreference.objects.create(user=make_person("Moderator"), pace="now")
    make_comment(make_post(), status="waiting")
    moderator_mails.write_rows()

    assert sum(at_once(*[moderator_mails.send_due] * 4)) == 1
    assert len(mailoutbox) == 1


def test_no_more_mails_than_allowed_are_written_in_an_hour_however_many_workers_there_are() -> None:
    NoticePreference.objects.create(user=make_person("Moderator"), pace="now")
    post, most = make_post(), moderator_mails.MOST_AN_HOUR

    def bring_one() -> None:
        make_comment(post, status="waiting")
        moderator_mails.write_rows()

    at_once(*[bring_one] * (most + 4))

    assert ConversationMail.objects.filter(kind="held").count() == most
    assert not Comment.objects.filter(moderators_told_at=None).exists()
