"""Signing with keys that are kept in the database.

A link in a mail has to work for as long as the mail lies in somebody's inbox: across upgrades, a new SECRET_KEY
and a restore. So these keys are rows (blog/models/key.py). Every purpose has a salt of its own: a token that
confirms cannot unsubscribe.
"""

import base64
import datetime
import hashlib
import hmac
import secrets
from enum import StrEnum

from django.core import signing
from django.http import Http404

from blog.kept import once
from blog.models import Key
from blog.prepared import Prepared

LINKS = "links"

SECRETS = Prepared(lambda: Key.objects.order_by().values("name", "secret"))


class Purpose(StrEnum):
    """What a token lets its bearer do. The value is the salt: changing one breaks every link already sent."""

    OWN_COMMENT = "comments.own"
    PREVIEW = "blog.preview"
    CONFIRM = "subscribers.confirm"
    UNSUBSCRIBE = "subscribers.unsubscribe"
    MANAGE = "subscribers.manage"
    OWN_DATA = "subscribers.own"
    NEW_ADDRESS = "subscribers.address"
    NEVER = "subscribers.never"
    BOUNCE = "subscribers.bounce"
    LEAVE_BY_MAIL = "subscribers.leave-by-mail"
    COMMENTER_CONFIRM = "comments.confirm"
    COMMENTER = "comments.commenter"
    UNFOLLOW = "comments.unfollow"
    MODERATE = "comments.moderate"


def secret(name: str) -> str:
    """Return the kept secret of that name, made when it is first asked for. Costs one query."""
    known: dict[str, str] = once("keys", lambda: dict(SECRETS.selected()))
    if name not in known:
        known[name] = Key.objects.get_or_create(name=name, defaults={"secret": secrets.token_urlsafe(48)})[0].secret
    return known[name]


class Marker:
    """Makes and checks short marks for the local part of a mail address: 130 bits, in letters of one case.

    A mail server may write an address in capitals, and 64 octets hold little (RFC 5321 section 4.5.3.1.1), so that a
    token of a Signer's would not do. A mark does not age. Reads the kept key once: use one marker for a batch.
    """

    def __init__(self, purpose: Purpose) -> None:
        self._key = hashlib.sha256(f"{purpose}\n{secret(LINKS)}".encode()).digest()

    def mark(self, value: str | int) -> str:
        """Return the 26 letters and digits that only this site can make for `value`."""
        digest = hmac.new(self._key, str(value).encode(), hashlib.sha256).digest()
        return base64.b32encode(digest)[:26].decode().lower()

    def made(self, value: str | int, mark: str) -> bool:
        """Say whether the mark is the one for `value`, in whatever letters, without telling how much of it is."""
        return hmac.compare_digest(self.mark(value).encode(), mark.lower().encode())


class Signer:
    """Makes and reads tokens for one purpose. Reads the kept key once: use one signer for a batch."""

    def __init__(self, purpose: Purpose) -> None:
        self._signer = signing.TimestampSigner(key=secret(LINKS), salt=purpose, sep="~", fallback_keys=[])

    def token(self, value: str | int) -> str:
        """Return a token for `value` that fits into one path segment of an address."""
        return self._signer.sign(str(value))

    def value(self, token: str, max_age: datetime.timedelta | None = None) -> str:
        """Return what was signed. Raises Http404 for a token that is forged, for another purpose, or too old."""
        try:
            return self._signer.unsign(token, max_age=max_age)
        except signing.BadSignature as error:
            raise Http404("This link is not valid any more.") from error
