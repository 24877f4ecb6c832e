"""What the spam filter reads in a comment: a set of words. Nothing here asks the database."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from blog.markup import COMMENT_LIMIT

LONGEST = 40  # characters of a word; what is longer is noise, and only its being there counts
# Every alternative begins with another character and none is nested: the time is linear in the text.
WORD = re.compile(r"[^\W_][\w'’-]*|[$€£%]+|!{2,}|\?{2,}")
ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`]+", re.IGNORECASE)
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Scripts that put no spaces between words: two characters each stand for one.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words_of(text: str, name: str = "", email: str = "", website: str = "") -> set[str]:
    """Return the words of a comment: those of its text, and marked ones of its name, its address and its links."""
    plain = normal(text)
    found = set(split(ADDRESS.sub(" ", plain)))
    found.update(f"name:{word}" for word in split(normal(name)))
    hosts = hosts_in(plain, website)
    found.update(f"link:{part}" for host in hosts for part in parts(host))
    found.add(f"links:{min(len(hosts), 4)}")
    domain = email.rpartition("@")[2].lower()
    found.update(f"from:{part}" for part in parts(domain))
    return found


def normal(text: str) -> str:
    """Return the text in small letters, without invisible characters and the letters that only look different."""
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text[:COMMENT_LIMIT])).casefold()[:COMMENT_LIMIT]


def split(text: str) -> Iterator[str]:
    for word in WORD.findall(text):
        if UNSPACED.search(word):
            yield from (word[at : at + 2] for at in range(max(len(word) - 1, 1)))
        elif len(word) > LONGEST:
            yield f"long:{len(word) // 10 * 10 if len(word) < 100 else 100}"
        elif len(word) > 1 or not word.isalnum():
            yield word


def hosts_in(text: str, website: str = "") -> list[str]:
    """Return the host of every web address in a text, and that of the website that was given."""
    return [host for address in [*ADDRESS.findall(text), website] if (host := host_of(address))]


def host_of(address: str) -> str:
    """Return the host of a web address, or nothing if it has none."""
    try:
        return (urlsplit(address).hostname or "").strip(".")
    except ValueError:
        return ""


def parts(host: str) -> Iterator[str]:
    """Yield a host and the domains it lies in, as far as they have a dot: a.example.org, example.org."""
    labels = [label for label in host.split(".") if label]
    for at in range(max(len(labels) - 3, 0), len(labels) - 1):
        yield ".".join(labels[at:])[-LONGEST:]
