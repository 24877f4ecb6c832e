import pytest

from blog.markup import COMMENT_LIMIT
from comments.words import LONGEST, hosts_in, words_of

NO_LINKS = {"links:0"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well said, Ann", {"well", "said", "ann"}),
        ("Don’t co-operate", {"don’t", "co-operate"}),
        ("I a 7", set()),  # a character alone says nothing
        ("Win $$$ now!!!", {"win", "$$$", "now", "!!!"}),
        ("ＦＲＥＥ fr\u200bee", {"free"}),  # letters that only look different, and what nobody sees
        ("STRASSE Straße", {"strasse"}),
        ("無料です", {"無料", "料で", "です"}),
        ("x" * 41, {"long:40"}),
        ("x" * 4_000, {"long:100"}),
        ("", set()),
    ],
)
def test_a_text_is_read_as_its_words(text: str, words: set[str]) -> None:
    assert words_of(text) == words | NO_LINKS


def test_name_address_and_links_have_words_of_their_own() -> None:
    words = words_of(
        "See https://www.shop.example.com/a?b", "Cheap Pills", "ann@mail.example.org", "http://example.net"
    )

    assert words == {
        "see",
        "name:cheap",
        "name:pills",
        "link:shop.example.com",
        "link:example.com",
        "link:example.net",
        "links:2",
        "from:mail.example.org",
        "from:example.org",
    }


@pytest.mark.parametrize(
    "address", ["https://[", "https://[::1]:x/", "https://..", "http://\u2100.example", "https://:80"]
)
def test_an_address_that_is_none_is_passed_over(address: str) -> None:
    assert all(host for host in hosts_in(f"{address} https://example.org"))
    assert "example.org" in hosts_in(f"{address} https://example.org")


HOSTILE = [
    "[",
    "a",
    "'",
    "-",
    "!",
    "$",
    "https://",
    "http://a.",
    "\u200b",
    "\ufdfa",
    "無",
    "e\u0301",
    "A\u0300-'",
    "\0",
    "@",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_makes_many_or_long_words(piece: str) -> None:
    words = words_of((piece * COMMENT_LIMIT)[:COMMENT_LIMIT], piece * 80, f"a@{piece * 100}", f"https://{piece * 300}")

    assert len(words) <= 30
    assert all(0 < len(word) <= LONGEST + len("name:") for word in words)
    assert not any("\0" in word for word in words)
