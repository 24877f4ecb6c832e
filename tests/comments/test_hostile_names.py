"""Hostile names and websites, in every place where they stand and in every header of a mail (T3, T11 and T34)."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from blog.models import Post
from comments.models import Comment
from tests.comments.conversing import part
from tests.comments.hostile import ATOM, LISTS, PLACES, TEXT_MAILS, arrived, what_is_wrong, without_our_head
from tests.comments.payloads import dangers
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

MARKUP = '"><svg onload=alert(1)>'
STORED = [  # what a row can hold, however it came there
    MARKUP,
    "</title></textarea><script>alert(1)</script>",
    "<!--",
    "]]><x>",
    "&lt;script&gt;&#x3c;script",
    "{{ 7*7 }}{% load x %}%(name)s",
    "Ann\r\nBcc: victim@evil.example",
    "Ann\nSubject: Win\n\nBuy",
    "Ann\r\n\tfolded: yes",
    "Ann\u2028Bcc: victim@evil.example",
    "Ann\x85Bcc: victim@evil.example",
    "Ann\u202elive",
    "Ann\x01\x0b\x1b[31m\ufffe",
    "=?utf-8?q?Bcc=3A_victim=40evil.example?=",
    '"Ann" <victim@evil.example>, x',
    "🧂" * 40,
]
SENT = {  # what a form can bring beside them, as bytes
    "NUL": b"Ann%00Bob",
    "an unpaired surrogate": b"Ann%ED%A0%80",
    "no UTF-8": b"Ann%FF%FE",
    "64 KiB": b"A" * 65536,
    "64 KiB of what has to be escaped": b"%22%3E" * 32768,
    "nothing but what nobody sees": b"%E2%80%AE%E2%80%A8%0D%0A",
}
ADDRESSES = ["https://evil.example/{}", "https://evil.example/?a={}#b", "//evil.example/{}", "javascript:alert('{}')"]
HEADERS = ["From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "List-Unsubscribe"]


@pytest.fixture
def post() -> Post:
    return make_post()


@pytest.fixture
def staff() -> User:
    return make_staff()


def stored(post: Post) -> Iterator[Comment]:
    """Comments whose every word but the text is hostile, each an answer to the one before."""
    comment = make_comment(post, name=MARKUP)
    for number, words in enumerate(STORED):
        website = ADDRESSES[number % len(ADDRESSES)].format(words)
        comment = make_comment(post, name=words[:80], website=website, parent=comment)
        yield comment


def test_a_name_is_words_wherever_it_stands(post: Post, staff: User) -> None:
    comments, client = list(stored(post)), Client()
    client.force_login(staff)

    for place, look in PLACES.items():
        for shown in look(comments, staff):
            assert what_is_wrong(shown) == [], place
    for address in LISTS:
        for comment in comments:
            page = client.get(address.format(post=post, comment=comment)).text
            assert list(dangers(page)) == [], address
    page = BeautifulSoup(client.get(post.get_absolute_url()).content, "html.parser")
    assert len(page.select(".comment-name")) == len(STORED) + 1
    assert page.select(".comment-name *, .disc *") == []
    for link in page.select("a.comment-name"):
        assert link["href"].startswith("https://evil.example/")
        assert link["rel"] == ["nofollow", "ugc", "noopener"]


def test_a_website_that_is_no_web_address_is_a_link_nowhere(post: Post, staff: User) -> None:
    (comment,) = [make_comment(post, name="Ann", website="javascript:alert(1)//https://x.example/")]

    for place, look in PLACES.items():
        for shown in look([comment], staff):
            assert list(dangers(shown.page)) == [], place
    entry = ElementTree.fromstring(Client().get("/feeds/comments.atom").content).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.find(f"{ATOM}author/{ATOM}uri") is None


def test_feeds_with_such_names_are_well_formed(post: Post) -> None:
    comments = list(stored(post))

    for address in ("/feeds/comments.atom", f"/posts/{post.slug}/comments.atom"):
        feed = ElementTree.fromstring(Client().get(address).content)
        authors = [entry.findtext(f"{ATOM}author/{ATOM}name", "") for entry in feed.iter(f"{ATOM}entry")]
        assert len(authors) == len(comments) + 1
        assert {MARKUP, "]]><x>", "<!--"} <= set(authors)


@pytest.mark.parametrize("make", TEXT_MAILS.values(), ids=TEXT_MAILS)
def test_a_mail_has_the_same_headers_whatever_the_name(post: Post, staff: User, make) -> None:
    harmless = arrived(make(make_comment(post, parent=make_comment(post)), staff))

    for comment in stored(post):
        message = arrived(make(comment, staff))
        assert sorted(message.keys()) == sorted(harmless.keys()), comment.name
        assert message["To"] == harmless["To"]
        assert message["From"] == harmless["From"]
        for name in HEADERS:
            assert str(message.get(name, "")).isprintable(), name
        lines = part(message, "plain").splitlines()
        assert not [line for line in lines if line.lstrip().startswith(("Bcc:", "Subject:", "folded:"))]
        assert list(dangers(without_our_head(part(message, "html")))) == []


@pytest.mark.parametrize("field", ["name", "website", "email"])
@pytest.mark.parametrize("value", SENT.values(), ids=SENT)
def test_what_a_form_brings_is_taken_or_refused_in_words(post: Post, field: str, value: bytes) -> None:
    fields = {"name": b"Ann", "email": b"ann@example.org", "website": b"", "body": b"Hi."}
    prefix = {"name": b"", "website": b"https://evil.example/", "email": b"ann@"}[field]
    body = b"&".join(key.encode() + b"=" + text for key, text in {**fields, field: prefix + value}.items())

    for path in ("", "preview"):
        response = Client().post(
            f"/posts/{post.slug}/comments/",
            body + (b"&preview=1" if path else b""),
            content_type="application/x-www-form-urlencoded",
        )
        assert response.status_code in ({200, 422} if path else {303, 422})
        assert list(dangers(response.text)) == []
        assert len(response.content) < 1_000_000

    for comment in Comment.objects.all():
        assert comment.name.isprintable()
        assert len(comment.name) <= 80
        ElementTree.fromstring(Client().get("/feeds/comments.atom").content)


def test_a_hostile_name_is_taken_as_the_words_that_it_is(post: Post) -> None:
    for number, name in enumerate(STORED):
        data = {"name": name[:80], "email": f"reader{number}@example.org", "body": f"Comment {number}."}
        response = Client().post(f"/posts/{post.slug}/comments/", data, REMOTE_ADDR=f"10.0.{number}.1")
        assert response.status_code == 303, name

    assert all(name.isprintable() for name in post.comments.values_list("name", flat=True))
    assert post.comments.filter(name=MARKUP).exists()
