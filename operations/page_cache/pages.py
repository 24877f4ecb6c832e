"""What the cache keeps: pages, each compressed once for each way that browsers ask for it, in bounded memory."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache

import brotli

Headers = list[tuple[str, str]]
Key = tuple[str, str]  # path and canonical query

MOST_BYTES = 32 * 1024 * 1024  # of pages in one process
BROTLI_QUALITY = 5  # 11 would save a tenth of the bytes and take thirty times as long, after each write
GZIP_LEVEL = 6


@dataclass(frozen=True)
class Body:
    """A page as it goes over the wire: its bytes, what names them, and what is said before them."""

    content: bytes
    etag: str
    headers: Headers


@dataclass
class Page:
    """An answer that is the same for every reader until `fresh_until` (seconds since 1970) or the next write."""

    content: bytes
    headers: Headers  # without those about its encoding
    fresh_until: float
    last_modified: str = ""
    bodies: dict[str, Body] = field(default_factory=dict)

    def body(self, encoding: str) -> Body:
        """Return the page in an encoding ("br", "gzip" or ""), compressed the first time that it is asked for."""
        found = self.bodies.get(encoding)
        if found is None:
            found = self.bodies[encoding] = self._encode(encoding)
        return found

    def _encode(self, encoding: str) -> Body:
        content = compress(self.content, encoding)
        etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
        about = [("ETag", etag), ("Vary", "Accept-Encoding"), ("Content-Length", str(len(content)))]
        if encoding:
            about.append(("Content-Encoding", encoding))
        return Body(content, etag, [*self.headers, *about])

    @property
    def size(self) -> int:
        """Bytes of memory, with what its compressed forms will take at most."""
        return 2 * len(self.content) + 4096


def compress(content: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(content, quality=BROTLI_QUALITY))
    if encoding == "gzip":
        return gzip.compress(content, GZIP_LEVEL, mtime=0)
    return content


@lru_cache(maxsize=64)
def best_encoding(accepted: str) -> str:
    """Return the best of our encodings that an Accept-Encoding header allows by name (RFC 9110, section 12.5.3)."""
    allowed = set()
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if weight.strip().replace(" ", "").rstrip("0") not in {"q=", "q=0."}:
            allowed.add(name.strip())
    return next((encoding for encoding in ("br", "gzip") if encoding in allowed), "")


class Pages:
    """The pages of one stamp; those of another are gone as soon as one asks for it. The longest unasked go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._stamp = ""
        self._bytes = 0

    def get(self, stamp: str, key: Key, now: float) -> Page | None:
        """Return a page that was made under this stamp and has not changed by itself since."""
        with self._lock:
            if stamp != self._stamp:
                self._pages.clear()
                self._stamp, self._bytes = stamp, 0
                return None
            page = self._pages.get(key)
            if page is None or now >= page.fresh_until:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, stamp: str, key: Key, page: Page) -> None:
        """Keep a page that was begun after the stamp was read; not, if meanwhile another stamp was."""
        with self._lock:
            if stamp != self._stamp or page.size > self.most_bytes:
                return
            if (old := self._pages.pop(key, None)) is not None:
                self._bytes -= old.size
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self.most_bytes:
                _key, dropped = self._pages.popitem(last=False)
                self._bytes -= dropped.size
