"""What is kept: once in each encoding, in bounded memory, and never under another stamp."""

import gzip

import brotli
import pytest

from operations.page_cache.pages import Page, Pages, best_encoding

FOREVER = float("inf")
TEXT = b"<p>The same words over and over.</p>" * 400


def page(content: bytes = TEXT, fresh_until: float = FOREVER) -> Page:
    return Page(content, [("Content-Type", "text/html")], fresh_until)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5, BR;q=0.1", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0.0", ""),
        ("brotli, x-gzip", ""),
        ("*", ""),
    ],
)
def test_an_encoding_is_chosen_of_those_that_a_browser_names(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding


def test_a_page_is_compressed_once_and_every_form_has_an_etag_of_its_own() -> None:
    kept = page()

    bodies = {encoding: kept.body(encoding) for encoding in ("br", "gzip", "")}

    assert brotli.decompress(bodies["br"].content) == gzip.decompress(bodies["gzip"].content) == TEXT
    assert bodies[""].content is TEXT
    assert len({body.etag for body in bodies.values()}) == 3
    assert all(kept.body(encoding) is body for encoding, body in bodies.items())
    for encoding, body in bodies.items():
        said = dict(body.headers)
        assert said["Content-Length"] == str(len(body.content))
        assert (said["Vary"], said["ETag"]) == ("Accept-Encoding", body.etag)
        assert said.get("Content-Encoding", "") == encoding


def test_the_same_page_made_again_has_the_same_etag() -> None:
    assert page().body("gzip").etag == page().body("gzip").etag
    assert page().body("br").etag != page(TEXT + b".").body("br").etag


def test_a_page_is_there_under_its_own_stamp_only() -> None:
    pages, kept = Pages(), page()
    assert pages.get("one", ("/", ""), 0) is None

    pages.keep("one", ("/", ""), kept)

    assert pages.get("one", ("/", ""), 0) is kept
    assert pages.get("one", ("/", "page=2"), 0) is None
    assert pages.get("two", ("/", ""), 0) is None
    assert pages.get("one", ("/", ""), 0) is None, "what another stamp swept away does not come back"


def test_a_page_that_was_begun_before_a_write_is_not_kept_after_it() -> None:
    pages = Pages()
    pages.get("one", ("/", ""), 0)
    pages.get("two", ("/", ""), 0)

    pages.keep("one", ("/", ""), page())

    assert pages.get("two", ("/", ""), 0) is None
    assert pages.get("one", ("/", ""), 0) is None


def test_a_page_ends_at_the_moment_at_which_it_changes_by_itself() -> None:
    pages = Pages()
    pages.get("one", ("/", ""), 0)
    pages.keep("one", ("/", ""), page(fresh_until=100.0))

    assert pages.get("one", ("/", ""), 99.9)
    assert pages.get("one", ("/", ""), 100.0) is None


def test_memory_is_bounded_and_what_nobody_asked_for_longest_goes_first() -> None:
    pages = Pages(most_bytes=3 * page().size)
    pages.get("one", ("/1/", ""), 0)
    for path in ("/1/", "/2/", "/3/"):
        pages.keep("one", (path, ""), page())
    pages.get("one", ("/1/", ""), 0)

    pages.keep("one", ("/4/", ""), page())

    kept = [path for path in ("/1/", "/2/", "/3/", "/4/") if pages.get("one", (path, ""), 0)]
    assert kept == ["/1/", "/3/", "/4/"]


def test_a_page_that_is_made_again_counts_once_and_one_that_is_too_large_not_at_all() -> None:
    pages = Pages(most_bytes=2 * page().size)
    pages.get("one", ("/1/", ""), 0)
    for _ in range(5):
        pages.keep("one", ("/1/", ""), page())
    pages.keep("one", ("/2/", ""), page())
    pages.keep("one", ("/3/", ""), page(TEXT * 5))

    assert pages.get("one", ("/1/", ""), 0)
    assert pages.get("one", ("/2/", ""), 0)
    assert pages.get("one", ("/3/", ""), 0) is None
