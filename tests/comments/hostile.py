"""Hostile comments: what is sent, the ways in, and the places where it is shown. See test_hostile_comments.py."""

import json
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts.models import User
from blog.markup import COMMENT_LIMIT, sanitise_comment
from blog.models import Post
from comments import links, messages, moderator_messages
from comments.models import Comment, ConversationMail
from comments.moderation_links import Maker
from tests.blog.test_commonmark import examples, suite
from tests.blog.test_sanitising import HOSTILE, PATHOLOGICAL, wrong_in_comment
from tests.comments.conversing import make_follow, part
from tests.comments.payloads import HTML, MARKDOWN, WEBSITES, dangers
from tests.factories import make_comment, make_post

FEW = 10  # comments under one post: fewer than a page of a thread


def fixtures(name: str) -> list[str]:
    """Return what the parser's own tests put in: it stands between two lines of a full stop, before what comes out."""
    parts = re.split(r"^\.$", suite(f"/test_port/fixtures/{name}.md").decode(), flags=re.MULTILINE)
    return parts[1::3]


def together(texts: list[str]) -> list[str]:
    """Put many short texts into few, as long as a comment may be."""
    joined = [""]
    for text in texts:
        if len(joined[-1]) + len(text) + 2 > COMMENT_LIMIT:
            joined.append("")
        joined[-1] += f"{text}\n\n"
    return joined


BODIES = [
    *HOSTILE,
    *HTML,
    *MARKDOWN,
    *WEBSITES,
    *fixtures("xss"),
    *together([example["markdown"] for example in examples()]),
    *together(fixtures("linkify") + fixtures("proto") + fixtures("fatal") + fixtures("commonmark_extras")),
    *(source[:COMMENT_LIMIT] for source in PATHOLOGICAL.values()),
]
# The sharpest of them in a few texts, for all places. An open fence would swallow what comes after it.
SHARP = [*HOSTILE, *HTML, *MARKDOWN, *WEBSITES]
BUNDLES = [*together([text for text in SHARP if "```" not in text]), *(text for text in SHARP if "```" in text)]
NAMES = [*HTML, "Ann\u202e", "Ann\r\nBcc: x@evil.example", "=cmd|' /C calc'!A0", "{{ 7*7 }}{% load x %}", "W" * 80]
SITES = ['https://example.org/"onmouseover="alert(1)', "https://example.org/<svg onload=alert(1)>", ""]


class Words(NamedTuple):
    """What somebody sends, from an address and a network of their own."""

    body: str
    name: str
    website: str
    number: int

    @property
    def email(self) -> str:
        return f"reader{self.number}@example.org"

    @property
    def network(self) -> str:
        return f"10.{self.number // 250}.{self.number % 250}.1"


def words_of(bodies: list[str]) -> list[Words]:
    return [
        Words(body, NAMES[number % len(NAMES)][:80], SITES[number % len(SITES)], number)
        for number, body in enumerate(bodies)
    ]


# --- Ways in ------------------------------------------------------------------------------------------------------


def post_it(post: Post, words: Words, staff: User) -> Comment:
    data = {"name": words.name, "email": words.email, "website": words.website, "body": words.body}
    response = Client().post(f"/posts/{post.slug}/comments/", data, REMOTE_ADDR=words.network)
    if response.status_code == 422:  # no website that the form takes
        response = Client().post(f"/posts/{post.slug}/comments/", {**data, "website": ""}, REMOTE_ADDR=words.network)
    assert response.status_code == 303, words
    return Comment.objects.latest("pk")


def edit_it(post: Post, words: Words, staff: User) -> Comment:
    comment = make_comment(post, name=words.name, email=words.email)
    response = Client().post(f"{comment.own_url()}edit/", {"body": words.body}, REMOTE_ADDR=words.network)
    assert response.status_code == 303, words
    return comment


def correct_it(post: Post, words: Words, staff: User) -> Comment:
    comment = make_comment(post, email=words.email)
    client = Client()
    client.force_login(staff)
    data = {"name": words.name, "website": "", "source": words.body}
    response = client.post(f"/admin/comments/comment/{comment.pk}/change/", data)
    assert response.status_code == 302, words
    return comment


def reply_it(post: Post, words: Words, staff: User) -> Comment:
    asked = make_comment(post, status="waiting")
    client = Client()
    client.force_login(staff)
    response = client.post(f"/admin/moderation/{asked.pk}/reply/", {"body": words.body, "was": "waiting"})
    assert response.status_code == 302, words
    return Comment.objects.get(parent=asked)


# Comments cannot be imported: what imports them has to be added here. Posts that are imported: tests/blog.
WAYS_IN: dict[str, Callable[[Post, Words, User], Comment]] = {
    "post": post_it,
    "edit": edit_it,
    "admin edit": correct_it,
    "a moderator's reply": reply_it,
}


def stored_by(way_in: str, words: list[Words], staff: User) -> Iterator[list[Comment]]:
    """Send all of this one way; give the comments of one post after the other, approved."""
    for start in range(0, len(words), FEW):
        post = make_post()
        comments = [WAYS_IN[way_in](post, one, staff) for one in words[start : start + FEW]]
        post.comments.all().decide("approved", staff, verb="approve")
        assert len({comment.pk for comment in comments}) == len(comments)
        yield list(post.comments.filter(pk__in=[comment.pk for comment in comments]).order_by("pk"))


# --- Places where a comment is shown as HTML ----------------------------------------------------------------------


class Shown(NamedTuple):
    """A comment, a page of it, and the final bytes of its text there."""

    comment: Comment
    page: str
    text: str


Place = Callable[[list[Comment], User], Iterator[Shown]]


def on_pages(address: Callable[[Comment, User], str], *, each: bool) -> Place:
    """Look at the page of `each` comment, or at the one page that they share."""

    def look(comments: list[Comment], staff: User) -> Iterator[Shown]:
        client, page = Client(), ""
        client.force_login(staff)
        for comment in comments:
            if each or not page:
                page = client.get(address(comment, staff), follow=True).text
            start = page.find(f'id="{comment.anchor}"') if not each else 0
            text = re.search(r'<div class="comment-text">(.*?)</div>', page[start:], re.DOTALL)
            assert text, comment.source
            assert start >= 0, comment.source
            yield Shown(comment, page if each or comment == comments[0] else "", text[1])

    return look


def on_their_own_page(comments: list[Comment], staff: User) -> Iterator[Shown]:
    theirs = [comment for comment in comments if comment.commenter]
    return on_pages(lambda comment, _staff: links.yours(comment.commenter), each=True)(theirs, staff)  # type: ignore[arg-type]


ATOM = "{http://www.w3.org/2005/Atom}"


def in_feeds(comments: list[Comment], staff: User) -> Iterator[Shown]:
    """Both feeds; that they can be parsed is the other half of the test."""
    for address in ("/feeds/comments.atom", f"/posts/{comments[0].post.slug}/comments.atom"):
        feed = ElementTree.fromstring(Client().get(address).content)
        texts = {entry.findtext(f"{ATOM}id"): entry.findtext(f"{ATOM}content") for entry in feed.iter(f"{ATOM}entry")}
        for comment in comments:
            (text,) = [text for name, text in texts.items() if name and name.endswith(f"comments/{comment.pk}")]
            yield Shown(comment, text or "", text or "")


def in_mails(make: Callable[[Comment, User], EmailMultiAlternatives]) -> Place:
    def look(comments: list[Comment], staff: User) -> Iterator[Shown]:
        for comment in comments:
            page = without_our_head(part(arrived(make(comment, staff)), "html"))
            yield Shown(comment, page, without_our_styles(page))

    return look


def arrived(message: EmailMultiAlternatives) -> EmailMessage:
    """Read a mail as a mail program does."""
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)  # type: ignore[return-value]


def without_our_head(page: str) -> str:
    """Return a mail's HTML without its head, in which our own style sheet for dark rooms and phones stands, once."""
    head, _end, body = page.partition("</head>")
    assert head.count("<style") == 1
    return body


def without_our_styles(page: str) -> str:
    """Return a mail's comment without the declarations that our style sheet puts into its tags: none loads or moves."""
    text = re.search(r'<div class="mail-comment"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert text, page
    return re.sub(r' style="(?!\S*(url|position))[^"]*"', "", text[1])


def answer_mail(comment: Comment, _staff: User) -> EmailMultiAlternatives:
    follow = comment.post.follows.first() or make_follow(comment.post)
    return messages.answer(ConversationMail(kind="answer", commenter=follow.commenter, comment=comment))


def held_mail(comment: Comment, staff: User) -> EmailMultiAlternatives:
    return moderator_messages.about_one(comment, staff)


PLACES: dict[str, Place] = {
    "post page": on_pages(lambda comment, _staff: comment.post.get_absolute_url(), each=False),
    "permalink": on_pages(lambda comment, _staff: comment.get_absolute_url(), each=False),
    "private page": on_pages(lambda comment, _staff: comment.own_url(), each=True),
    "report page": on_pages(lambda comment, _staff: f"{comment.get_absolute_url()}report/", each=True),
    "queue": on_pages(lambda comment, _staff: f"/admin/moderation/?status=approved&post={comment.post_id}", each=False),
    "page of a mailed link": on_pages(lambda comment, staff: Maker(staff).path("approve", comment), each=True),
    "their own page": on_their_own_page,
    "feeds": in_feeds,
    "mail of an answer": in_mails(answer_mail),
    "mail to a moderator": in_mails(held_mail),
}


def what_is_wrong(shown: Shown) -> list[str]:
    """Return all that a reader of the page would have to fear."""
    wrong = [*wrong_in_comment(shown.text), *dangers(shown.page)]
    if sanitise_comment(shown.text) != shown.text:
        wrong.append(f"is not what the sanitiser gave: {shown.text}")
    return wrong


# --- Places where a comment is shown as it was typed --------------------------------------------------------------


def in_textarea(address: Callable[[Comment], str], name: str) -> Callable[[Comment, Client], tuple[str, str]]:
    def look(comment: Comment, client: Client) -> tuple[str, str]:
        page = client.get(address(comment)).text
        area = BeautifulSoup(page, "html.parser").select_one(f"textarea[name={name}]")
        return page, area.text if area else ""

    return look


def in_export(comment: Comment, client: Client) -> tuple[str, str]:
    if comment.commenter is None:
        return "", comment.source
    response = client.get(f"{links.yours(comment.commenter)}export/")
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"
    return "", str(json.loads(response.content)["comments"][0]["text"])


TYPED: dict[str, Callable[[Comment, Client], tuple[str, str]]] = {
    "admin": in_textarea(lambda comment: f"/admin/comments/comment/{comment.pk}/change/", "source"),
    "edit page": in_textarea(lambda comment: f"{comment.own_url()}edit/", "body"),
    "export": in_export,
}
LISTS = [
    "/admin/comments/comment/",
    "/admin/comments/comment/?q=alert",
    "/admin/moderation/log/",
    "/admin/moderation/numbers/",
    "/posts/{post.slug}/comments/?parent={comment.pk}",
]
TEXT_MAILS = {"mail of an answer": answer_mail, "mail to a moderator": held_mail}
