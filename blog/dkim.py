"""Signing mails in the publication's own name (DKIM, RFC 6376), where no mail server does it."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.encoding import punycode

# RFC 6376 section 5.4.1, and RFC 8058 section 4: what offers one-click leaving has to be covered.
SIGNED = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"mime-version",
    b"content-type",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
]
RELAXED = (b"relaxed", b"relaxed")  # a server on the way may fold a header anew


def signed(content: bytes) -> bytes:
    """Return a mail in the form of the wire with a signature before it; as it was where no DKIM_KEY_FILE is set.

    The domain is that of DEFAULT_FROM_EMAIL, so that the signature is aligned with the From (RFC 7489). Takes about 10
    milliseconds with a key of 2048 bits: the library counts in Python.
    """
    if not settings.DKIM_KEY:
        return content
    import dkim  # 4 MB of memory, which only those who sign shall spend

    domain = punycode(parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]).encode()
    signature: bytes = dkim.sign(
        content,
        settings.DKIM_SELECTOR.encode(),
        domain,
        settings.DKIM_KEY.encode(),
        canonicalize=RELAXED,
        include_headers=[name for name in SIGNED if has_header(content, name)],
    )
    return signature + content


def has_header(content: bytes, name: bytes) -> bool:
    """Say whether a mail has a header of that name (in small letters)."""
    return b"\r\n" + name + b":" in b"\r\n" + content.partition(b"\r\n\r\n")[0].lower()
