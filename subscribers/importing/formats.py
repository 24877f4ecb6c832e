"""Whose list a file is, told from its first row, and what its other rows say. A table of pure functions."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from subscribers.importing import own
from subscribers.importing.entry import Entry, Standing
from subscribers.models import Suppression

Cause = Suppression.Cause
Words = Mapping[str, str]  # the cells of a row by the names of their columns, in lower case
YES = {"true", "t", "yes", "y", "1", "on"}


@dataclass(frozen=True)
class Format:
    """One system's list. `says_standing`: whether each row says itself if this person wants mail."""

    name: str
    label: str
    columns: list[frozenset[str]]  # any of these sets of columns is its mark
    read: Callable[[Words], Entry]
    says_standing: bool = True

    def knows(self, header: frozenset[str]) -> bool:
        return any(columns <= header for columns in self.columns)


def moment(text: str) -> datetime.datetime | None:
    """Return a time of the past, taken as UTC if it does not say; None where there is none that can be read."""
    try:
        found = datetime.datetime.fromisoformat(text.strip())
        found = found.astimezone(datetime.UTC) if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    except (ValueError, OverflowError):
        return None
    return found if found <= timezone.now() else None


def evidence(source: str, **times: datetime.datetime | None) -> dict[str, str]:
    return {"from": source, **{name: time.isoformat() for name, time in times.items() if time}}


def mailchimp(words: Words) -> Entry:
    """Its three files have no column for the status: what was added to a row tells, else the file's name (`bringing`).

    Without a time of confirmation somebody put the address there, and its owner never said yes.
    """
    asked, confirmed = moment(words.get("optin_time", "")), moment(words.get("confirm_time", ""))
    standing: Standing | Suppression.Cause = Standing.ON if confirmed else Standing.UNCONFIRMED
    if "clean_time" in words:
        standing = Cause.BOUNCE
    elif "unsub_time" in words:
        reason = words.get("unsub_reason", "").lower()
        standing = Cause.COMPLAINT if "abuse" in reason or "spam" in reason else Cause.LEFT
    return Entry(
        words["email address"],
        standing,
        created_at=asked or confirmed,
        confirmed_at=confirmed,
        network=words.get("confirm_ip") or words.get("optin_ip", ""),
        evidence=evidence("mailchimp", asked=asked, confirmed=confirmed),
    )


def substack(words: Words) -> Entry:
    """`active_subscription` is about money; whether mail is wanted is in `email_disabled`."""
    since = moment(words.get("created_at", ""))
    left = words.get("email_disabled", "").lower() in YES
    return Entry(words["email"], Cause.LEFT if left else Standing.ON, since, since, "", evidence("substack", on=since))


def ghost(words: Words) -> Entry:
    """A member signed up by a link in a mail, which is a confirmation."""
    since = moment(words.get("created_at", ""))
    wanted = words["subscribed_to_emails"].lower() in YES and not words.get("deleted_at", "")
    return Entry(words["email"], Standing.ON if wanted else Cause.LEFT, since, since, "", evidence("ghost", on=since))


BUTTONDOWN: dict[str, Standing | Suppression.Cause] = {
    **dict.fromkeys(["regular", "premium", "gifted", "trialed", "churned", "churning", "past_due"], Standing.ON),
    **dict.fromkeys(["unsubscribed", "removed", "disabled"], Cause.LEFT),
    "undeliverable": Cause.BOUNCE,
    "complained": Cause.COMPLAINT,
    "blocked": Cause.STAFF,
}


def buttondown(words: Words) -> Entry:
    since = moment(words.get("creation_date", ""))
    kind = words.get("subscriber_type") or words.get("type", "")
    # A word that is not known is no yes: that of somebody who has not confirmed is "unactivated".
    standing = BUTTONDOWN.get(kind.strip().lower(), Standing.UNCONFIRMED)
    email = words.get("email") or words.get("email_address", "")
    network = words.get("ip_address", "")
    return Entry(email, standing, since, since, network, evidence("buttondown", on=since))


LISTMONK: dict[str, Standing | Suppression.Cause] = {
    "enabled": Standing.ON,
    "disabled": Cause.LEFT,
    "blocklisted": Cause.STAFF,
}


def listmonk(words: Words) -> Entry:
    since = moment(words.get("created_at", ""))
    standing = LISTMONK.get(words["status"].strip().lower(), Standing.UNCONFIRMED)
    return Entry(words["email"], standing, since, since, "", evidence("listmonk", on=since))


def plain(words: Words) -> Entry:
    """Addresses alone prove nothing: whoever brings them says what they are."""
    email = next(words[column] for column in EMAIL_COLUMNS if column in words)
    return Entry(email, Standing.UNCONFIRMED, evidence={"from": "list"})


EMAIL_COLUMNS = ["email", "e-mail", "email address", "email_address", "mail", "address"]

FORMATS = [  # the more particular first
    Format("byline", "Byline", [own.MARK], own.read),
    Format("substack", "Substack", [frozenset({"email", "active_subscription"})], substack),
    Format("ghost", "Ghost", [frozenset({"email", "subscribed_to_emails"})], ghost),
    Format(
        "buttondown",
        "Buttondown",
        [
            frozenset({"email", "subscriber_type"}),
            frozenset({"email", "type", "creation_date"}),
            frozenset({"email_address", "type", "creation_date"}),
        ],
        buttondown,
    ),
    Format("listmonk", "listmonk", [frozenset({"email", "status", "attributes"})], listmonk),
    Format(
        "mailchimp", "Mailchimp", [frozenset({"email address", "leid"}), frozenset({"email address", "optin_time"})],
        mailchimp, says_standing=False,
    ),
    Format("list", "a plain list", [frozenset({column}) for column in EMAIL_COLUMNS], plain, says_standing=False),
]  # fmt: skip


def header_of(cells: list[str]) -> list[str]:
    return [re.sub(r"\s+", " ", cell.strip().strip("\ufeff").lower()) for cell in cells]


def recognise(header: list[str]) -> Format | None:
    """Return whose list has these columns; None where nobody's has."""
    return next((known for known in FORMATS if known.knows(frozenset(header))), None)
