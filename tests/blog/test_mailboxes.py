import pytest

from blog.mailboxes import folded, normalised


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Kim@EXAMPLE.org", "Kim@example.org"),
        (" kim@example.org ", "kim@example.org"),
        ('"Kim @ Home"@EXAMPLE.org', '"Kim @ Home"@example.org'),
    ],
)
def test_the_domain_is_kept_in_small_letters(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("kim@example.org", "kim@example.org"),
        ("KIM@Example.ORG", "kim@example.org"),
        ("k.i.m@example.org", "kim@example.org"),
        ("kim+one@example.org", "kim@example.org"),
        ("k.im+one+two@example.org", "kim@example.org"),
        ("+@example.org", "+@example.org"),
        ("...@example.org", "...@example.org"),
    ],
)
def test_all_ways_to_write_to_one_mailbox_are_counted_as_one(typed: str, mailbox: str) -> None:
    assert folded(typed) == mailbox
