"""What a digest says: to each reader just the posts that they want and have not got."""

from collections import defaultdict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from blog.address import absolute, absolute_reverse
from blog.markup import shorten
from blog.markup_mail import mail_html, mail_text, picture_in_mail
from blog.models import Post
from subscribers import digests, periods, visits
from subscribers.models import Delivery, Issue, Subscriber

if TYPE_CHECKING:
    from subscribers.letters import Reader

SHOWN = 30  # posts in one mail; a program that cuts mails off at 102 kB shows them all
AHEAD = 500  # readers
STANDFIRST = 300  # characters


class NothingToSay(Exception):  # noqa: N818  it names what happened
    """All that a reader would have been told of was withdrawn after the digest began."""


class DigestMatter:
    """The posts of a period. Readers who want the same ones get the same text."""

    template = "issue_digest"

    def __init__(self, issue: Issue) -> None:
        self._issue = issue
        self._posts = {post.pk: post for post in digests.held_by(issue)}
        self._sources = digests.mails_with(list(self._posts.values()), issue)
        self._by_tag: dict[int, set[int]] = defaultdict(set)
        self._by_author: dict[int, set[int]] = defaultdict(set)
        for post in self._posts.values():
            for tag in post.tags.all():
                self._by_tag[tag.pk].add(post.pk)
            for byline in post.bylines.all():
                self._by_author[byline.author_id].add(post.pk)
        self._keys: dict[int, tuple[int, ...]] = {}

    def key(self, reader: "Reader") -> Hashable:
        """Return the numbers of the posts for this reader; all of them for one who is not on the list, as a preview's.

        What readers want and have is looked up for the next few hundred deliveries together, in five queries.
        """
        keys = self._keys  # another thread may look ahead for its own readers meanwhile
        if reader.subscriber not in keys:
            ahead = Delivery.objects.filter(issue=self._issue, pk__gte=reader.delivery).order_by("pk")
            numbers = ahead.values_list("subscriber", flat=True)[:AHEAD]
            keys = self._keys = self._look_up({reader.subscriber, *(number for number in numbers if number)})
        return keys[reader.subscriber]

    def context(self, key: Hashable) -> dict[str, Any]:
        """Return what the template needs for these posts. Raises NothingToSay where there are none."""
        assert isinstance(key, tuple)  # noqa: S101  what `key` gives
        if not key:
            raise NothingToSay(_("What it would have told of was withdrawn."))
        posts = [self._posts[pk] for pk in key]
        start = self._issue.period_start
        return {
            "posts": posts[:SHOWN],
            "lines": [line(post) for post in posts[:SHOWN]],
            "more": len(posts[SHOWN:]),
            "archive_url": absolute_reverse("archive"),
            "period": periods.in_words(self._issue.cadence, start) if start else "",
            "cadence": self._issue.cadence,
            "intro_html": mail_html(self._issue.rendered_html, settings.SITE_URL),
            "intro": mail_text(self._issue.source, settings.SITE_URL),
        }

    def _look_up(self, numbers: set[int]) -> dict[int, tuple[int, ...]]:
        chosen, got = self._chosen(numbers), self._got(numbers)
        return {
            number: tuple(pk for pk in self._posts if pk in chosen.get(number, self._posts) and pk not in got[number])
            for number in numbers
        }

    def _chosen(self, numbers: set[int]) -> dict[int, set[int]]:
        """Find the posts that those of the readers want who do not want everything."""
        choosy = Subscriber.objects.filter(pk__in=numbers, chosen_only=True).values_list("pk", flat=True)
        chosen: dict[int, set[int]] = {number: set() for number in choosy}
        for rows, known in (
            (Subscriber.tags.through.objects.values_list("subscriber", "tag"), self._by_tag),
            (Subscriber.authors.through.objects.values_list("subscriber", "author"), self._by_author),
        ):
            for number, what in rows.filter(subscriber__in=chosen):
                chosen[number] |= known.get(what, set())
        return chosen

    def _got(self, numbers: set[int]) -> dict[int, set[int]]:
        """Find the posts that each of the readers has from another mail, or may have."""
        held = defaultdict(set)
        for source in self._sources:
            for issue in source.issues:
                held[issue].add(source.post.pk)
        got: dict[int, set[int]] = defaultdict(set)
        mails = Delivery.objects.filter(issue__in=held, subscriber__in=numbers).exclude(state__in=digests.NOT_GOT)
        for number, issue in mails.values_list("subscriber", "issue"):
            if number is not None:
                got[number] |= held[issue]
        return got


def line(post: Post) -> dict[str, Any]:
    """Return what a digest shows of a post, with full addresses."""
    return {
        "post": post,
        "url": visits.marked(absolute(post.get_absolute_url())),
        "standfirst": shorten(post.standfirst, STANDFIRST),
        "picture": picture_in_mail(post.cover),
    }
