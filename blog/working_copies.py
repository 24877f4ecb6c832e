"""What stands in an editor and is not saved yet, kept so that no crash, however sudden, takes a text along.

A working copy belongs to one person and one opened form, changes nothing that is public, and goes when that form is
saved. It holds the words of the form's text fields; where a text stands is nobody's unsaved work.
"""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from blog import revisions
from blog.differences import Kind, Piece
from blog.markup import POST_LIMIT
from blog.models import Page, Post, Text, WorkingCopy

KEPT_FOR = datetime.timedelta(days=30)
AT_WORK = datetime.timedelta(minutes=2)  # since the last keystroke: somebody is at it right now
IDLE = datetime.timedelta(hours=1)  # since then: the form was left
MOST_OFFERED = 5
MOST_FIELDS = 200

MODELS: dict[str, type[Post] | type[Page]] = {"post": Post, "page": Page}
TAB = re.compile(r"[0-9a-f-]{36}")
KEY = re.compile(r"\d{1,18}")
BESIDE = re.compile(r"(sources|corrections)-\d+-(text|url)")  # the words of the rows under a post's form


class UnreadableCopyError(Exception):
    """What came from an editor cannot be kept; the message says why."""


@dataclass(frozen=True)
class Typed:
    """What an editor sent."""

    kind: str
    tab: str
    text: int | None
    base_revision: int | None
    values: dict[str, str]


def read(body: bytes) -> Typed:
    """Return what an editor sent as JSON. Raises UnreadableCopyError with a sentence for its writer."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableCopyError(_("This cannot be read. Reload the page after copying your text.")) from error
    if not isinstance(sent, dict) or str(sent.get("kind")) not in MODELS or not TAB.fullmatch(str(sent.get("tab"))):
        raise UnreadableCopyError(_("It is not said which text this is. Reload the page after copying your text."))
    values = sent.get("values")
    if not isinstance(values, dict) or len(values) > MOST_FIELDS:
        raise UnreadableCopyError(_("There is no text in this. Reload the page after copying your text."))
    if sum(len(value) for value in values.values() if isinstance(value, str)) > POST_LIMIT:
        raise UnreadableCopyError(_("Not kept: the text is longer than %(limit)s characters.") % {"limit": POST_LIMIT})
    kept = {name: storable(value) for name, value in values.items() if isinstance(value, str) and is_kept(name, sent)}
    return Typed(sent["kind"], sent["tab"], number(sent.get("text")), number(sent.get("base_revision")), kept)


def is_kept(name: str, sent: dict[str, Any]) -> bool:
    return name in kept_fields(MODELS[sent["kind"]]) or BESIDE.fullmatch(name) is not None


def kept_fields(model: type[Text]) -> set[str]:
    """The names of a text's own fields that hold words, without those that say where it stands."""
    prose = {field.name for field in revisions.shown_fields(model) if revisions.is_prose(field)}
    return prose - set(model.STANDING_FIELDS)


def number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else None


def storable(text: str) -> str:
    """PostgreSQL takes neither NUL nor half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def text_for(user: User, typed: Typed) -> Text | None:
    """Return the text that this is a copy of, or None for a new one. Raises PermissionDenied."""
    model = MODELS[typed.kind]
    if typed.text is None:
        if not model.may_be_added_by(user):
            raise PermissionDenied
        return None
    text: Text | None = model._default_manager.only("pk").filter(pk=typed.text).first()
    if text is None or not text.may_be_changed_by(user):
        raise PermissionDenied
    return text


def keep(user: User, typed: Typed, text: Text | None) -> WorkingCopy:
    """Store what stands in one form, over what it held before."""
    values = {"values": typed.values, "kind": typed.kind, "base_revision": typed.base_revision}
    of_text = {"post": None, "page": None, typed.kind: text}
    copy, _created = WorkingCopy.objects.update_or_create(user=user, tab=typed.tab, defaults={**values, **of_text})
    return copy


def copies_of(text: Text) -> QuerySet[WorkingCopy]:
    """All working copies of a text, newest first, with their people."""
    return WorkingCopy.objects.filter(**{str(text._meta.model_name): text}).select_related("user")


def offered(text: Text) -> list[WorkingCopy]:
    """The newest copies that say something which the saved text does not."""
    return [copy for copy in copies_of(text)[: 4 * MOST_OFFERED] if unsaved(copy, text)][:MOST_OFFERED]


def never_saved(user: User, kind: str) -> QuerySet[WorkingCopy]:
    """All new texts that this person typed and did not save, newest first."""
    return WorkingCopy.objects.filter(user=user, kind=kind, post=None, page=None).select_related("user")


def find(user: User, pk: object, kind: str, text: Text | None) -> WorkingCopy | None:
    """Return the copy that somebody asks to take over into the form of this text, if it is theirs to take."""
    copies = never_saved(user, kind) if text is None else copies_of(text)
    if not KEY.fullmatch(str(pk)) or (text is not None and not text.may_be_changed_by(user)):
        return None
    return copies.filter(pk=int(str(pk))).first()


def unsaved(copy: WorkingCopy, text: Text | None) -> list[revisions.Change]:
    """Return what the copy says and the saved text, if there is one, does not."""
    model = MODELS[copy.kind]
    saved = text or model()
    typed = model(**{name: value for name, value in copy.values.items() if name in kept_fields(model)})
    found = [
        revisions.Change(revisions.label(field), revisions.pieces(field, saved, typed), field.name == "source")
        for field in revisions.shown_fields(model)
        if field.name in copy.values and plain(getattr(saved, field.name)) != plain(getattr(typed, field.name))
    ]
    return found + unsaved_beside(copy, text)


def unsaved_beside(copy: WorkingCopy, text: Text | None) -> list[revisions.Change]:
    """The same for the rows under the form: sources, corrections."""
    typed = {name: value for name, value in copy.values.items() if BESIDE.fullmatch(name) and plain(value)}
    saved: set[str] = set()
    if typed and isinstance(text, Post):
        saved = {plain(word) for row in text.sources.values_list("text", "url") for word in row}
        saved |= {plain(word) for word in text.corrections.values_list("text", flat=True)}
    return [
        revisions.Change(label_beside(name), [Piece(Kind.ADDED, value)])
        for name, value in typed.items()
        if plain(value) not in saved
    ]


def label_beside(name: str) -> str:
    related = Post._meta.get_field(name.partition("-")[0]).related_model
    return capfirst(str(cast(type[Model], related)._meta.verbose_name))


def plain(text: str) -> str:
    """The text as a form would save it."""
    return text.replace("\r\n", "\n").strip()


def let_go(user: User, tab: str, taken_over: str) -> None:
    """Drop the copy of a form that is saved, and the own one that it took over, unless that was written on since."""
    WorkingCopy.objects.filter(user=user, tab=tab).delete()
    pk = taken_over.partition(" ")[0]
    taken = WorkingCopy.objects.filter(user=user, pk=int(pk)).first() if KEY.fullmatch(pk) else None
    if taken is not None and taken_over_as(taken) == taken_over:
        taken.delete()


def taken_over_as(copy: WorkingCopy) -> str:
    """What `let_go` needs to know of a copy, as a form's hidden field holds it."""
    return f"{copy.pk} {copy.updated_at.isoformat()}"


def release(text: Text) -> None:
    """Before a text is deleted: make its copies new texts of their writers, who find them where they begin one."""
    for copy in copies_of(text):
        if unsaved(copy, text):
            WorkingCopy.objects.filter(pk=copy.pk).update(post=None, page=None, base_revision=None)


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Drop copies of which nothing is unsaved any more, and those that nobody touched for a month. Return how many."""
    now = timezone.now()
    forgotten = WorkingCopy.objects.filter(updated_at__lt=now - KEPT_FOR).delete()[0]
    idle = WorkingCopy.objects.filter(updated_at__lt=now - IDLE).select_related("post", "page")
    for copy in idle.iterator(chunk_size=100):
        if stopped():
            break
        if not unsaved(copy, copy.post or copy.page):
            forgotten += WorkingCopy.objects.filter(pk=copy.pk, updated_at=copy.updated_at).delete()[0]
    return forgotten
