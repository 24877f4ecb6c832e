"""What changed between two saved states of a text, in words that staff read."""

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from blog.differences import Kind, Piece, differences
from blog.models import Text

if TYPE_CHECKING:
    from accounts.models import User


class Change(NamedTuple):
    """One field that differs: what it is called, and how."""

    label: str
    pieces: list[Piece]
    is_long: bool = False  # the text itself, which is shown as a block of its own


def shown_fields(text: Text | type[Text]) -> list["models.Field[Any, Any]"]:
    """The fields that a revision shows, in the order of the model."""
    return [field for field in text.history.model.tracked_fields if field.name != "id"]


def changes(text: Text, old: Any, new: Any, *, leave_out: list[str] | None = None) -> list[Change]:
    """Return what differs from one state of a text to another; each is a revision of it, or the text itself."""
    return [
        Change(label(field), pieces(field, old, new), field.name == "source")
        for field in changed_fields(text, old, new)
        if field.name not in (leave_out or [])
    ]


def changed_fields(text: Text, old: Any, new: Any) -> list["models.Field[Any, Any]"]:
    return [field for field in shown_fields(text) if getattr(old, field.attname) != getattr(new, field.attname)]


def label(field: "models.Field[Any, Any]") -> str:
    return capfirst(str(field.verbose_name))


def pieces(field: "models.Field[Any, Any]", old: Any, new: Any) -> list[Piece]:
    before, after = in_words(field, old), in_words(field, new)
    if is_prose(field):
        return differences(before, after)
    return [Piece(kind, words) for kind, words in [(Kind.REMOVED, before), (Kind.ADDED, after)] if words]


def is_prose(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def in_words(field: "models.Field[Any, Any]", state: Any) -> str:
    """Say what a field of a text or a revision holds; empty if nothing."""
    value = getattr(state, field.attname)
    if value is None:
        return ""
    if field.is_relation:
        try:
            return str(getattr(state, field.name))
        except ObjectDoesNotExist:
            return _("deleted since")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    return str(value)


def name_of(user: "User | None") -> str:
    """Say who did something; commands and the worker have no name."""
    return user.display_name if user else _("Byline itself")
