"""The lines of the ledger about one person, for themselves and for staff who have to show them."""

from typing import Any

from blog.address import absolute_reverse
from blog.models import Publication
from subscribers.models import Consent, Subscriber


def lines(subscriber: Subscriber) -> list[dict[str, Any]]:
    """Return every line, oldest first, in words and numbers that JSON knows; times are ISO 8601, in UTC.

    Left out are the digests of networks, which say nothing to anybody without this site's key.
    """
    return [
        {
            "at": line.at.isoformat(timespec="seconds"),
            "what": line.kind,
            "where": line.place,
            "in_words": f"{line.get_kind_display()} ({line.get_place_display()})",
            "form": line.text.text if line.text else None,
            "form_digest": line.text.digest if line.text else None,
            "detail": line.detail,
        }
        for line in subscriber.consents.select_related("text")
    ]


def as_data(subscriber: Subscriber) -> dict[str, Any]:
    """Return the proof of one person's consent, whole."""
    return {
        "publication": Publication.load().name,
        "site": absolute_reverse("home"),
        "address": subscriber.email,
        "status": subscriber.status,
        "lines": lines(subscriber),
    }


def as_text(subscriber: Subscriber) -> str:
    """Return the same to be read and printed."""
    data = as_data(subscriber)
    head = [f"{data['publication']} ({data['site']})", f"{data['address']}: {subscriber.get_status_display()}"]
    return "\n\n".join(["\n".join(head), *(line_as_text(line) for line in data["lines"])]) + "\n"


def line_as_text(line: dict[str, Any]) -> str:
    said = [f"{line['at']}  {line['in_words']}"]
    if line["form"]:
        said.append(f"    {line['form']}")
    said += [f"    {name}: {value}" for name, value in line["detail"].items()]
    return "\n".join(said)


def shown(subscriber: Subscriber) -> list[Consent]:
    """Return the lines as rows, for a page."""
    return list(subscriber.consents.select_related("text"))
