"""What a digest says to whom."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post
from subscribers.digest_matter import DigestMatter, NothingToSay
from subscribers.letters import Letter, Reader
from subscribers.models import Delivery, Issue, Subscriber
from tests.factories import make_author, make_comment, make_image, make_issue, make_post, make_subscriber, make_tag

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def make_digest(*posts: Post) -> Issue:
    now = timezone.now()
    issue = Issue.objects.create(
        kind=Issue.Kind.DIGEST,
        cadence="weekly",
        period_start=now - 7 * DAY,
        period_end=now,
        started_at=now,
        send_at=now,
        subject="Byline: the week",
        state=Issue.State.SENDING,
    )
    issue.posts.set(posts)
    return issue


def reader(subscriber: Subscriber) -> Reader:
    return Reader(subscriber.pk, subscriber.pk, subscriber.email)


def test_readers_who_want_the_same_posts_share_one_text() -> None:
    tag, author = make_tag(), make_author()
    old, new = make_post(tags=[tag], published_at=timezone.now() - DAY), make_post(authors=[author])
    everything, anew, by_tag, by_both = (make_subscriber(chosen_only=choosy) for choosy in (False, False, True, True))
    by_tag.tags.add(tag)
    by_both.tags.add(tag)
    by_both.authors.add(author)

    matter = DigestMatter(make_digest(old, new))

    keys = [matter.key(reader(person)) for person in (everything, anew, by_tag, by_both)]
    assert keys == [(new.pk, old.pk), (new.pk, old.pk), (old.pk,), (new.pk, old.pk)]
    nobody = Reader(0, 0, "preview@example.org")
    assert matter.key(nobody) == (new.pk, old.pk)


def test_what_a_batch_of_readers_wants_costs_five_queries() -> None:
    tags = [make_tag(), make_tag()]
    issue = make_digest(make_post(tags=tags), make_issue(make_post()).post)
    people = [make_subscriber(chosen_only=True) for _number in range(12)]
    for person in people:
        person.tags.set(tags)
    rows = [Delivery.objects.create(issue=issue, subscriber=person, address=person.email) for person in people]
    matter = DigestMatter(issue)

    with CaptureQueriesContext(connection) as queries:
        keys = [matter.key(Reader(row.pk, row.subscriber_id, row.address)) for row in rows]

    assert {len(key) for key in keys} == {1}
    assert len(queries) == 5


def test_a_reader_whose_posts_were_all_withdrawn_gets_no_empty_mail() -> None:
    matter = DigestMatter(make_digest(make_post()))

    with pytest.raises(NothingToSay):
        matter.context(())


def test_a_digest_shows_each_post_with_its_way_back_and_the_most_answered_comments() -> None:
    author = make_author("Ann <b>Lee")
    post = make_post(
        title="Skin & bones", subtitle="What holds us.", authors=[author], cover=make_image(alt="A drawing")
    )
    first = make_comment(post, name="Kim", source="I *never* knew [that](https://example.org).")
    make_comment(post, parent=first)
    first.refresh_from_db()
    type(first).objects.filter(pk=first.pk).update(answers=1)

    message = Letter(make_digest(post)).message(reader(make_subscriber()))
    text, html = str(message.body), str(message.alternatives[0].content)  # type: ignore[attr-defined]

    for part in (text, html):
        assert f"/posts/{post.slug}/?from=mail" in part
        assert "What holds us." in part
        assert "2 comments" in part
        assert "I never knew that." in part
        assert f"/comments/{first.pk}/" in part
    assert "Skin & bones" in text
    assert "Skin &amp; bones" in html
    assert "Ann &lt;b&gt;Lee" in html
    assert 'alt="A drawing"' in html


def test_a_long_digest_says_how_many_more_there_are(monkeypatch: Any) -> None:
    monkeypatch.setattr("subscribers.digest_matter.SHOWN", 2)
    issue = make_digest(*(make_post() for _number in range(5)))

    message = Letter(issue).message(reader(make_subscriber()))

    assert "3 more are on the site" in str(message.body)
    assert str(message.body).count("?from=mail") == 2


def test_what_staff_wrote_above_a_digest_stands_there() -> None:
    issue = make_digest(make_post())
    issue.source, issue.rendered_html = "A word from *us*.", "<p>A word from <em>us</em>.</p>"

    message = Letter(issue).message(reader(make_subscriber()))

    assert "A word from *us*." in str(message.body)
