"""What a subscriber chooses: how often, about what, in which form, and from when on."""

import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Author, Listing, Tag
from subscribers import consent
from subscribers.models import Consent, Subscriber

UNTIL = "date"
PAUSES = [
    ("", _("No pause")),
    ("14", _("Two weeks")),
    ("31", _("A month")),
    ("92", _("Three months")),
    (UNTIL, _("Until a day of my choice")),
]
LONGEST = datetime.timedelta(days=366)
EVERYTHING, CHOSEN = "everything", "chosen"


def tags_to_choose(subscriber: Subscriber) -> Any:
    """Tags of listed posts, and those that were chosen before."""
    listed = Exists(Listing.objects.until_now().filter(tag=OuterRef("pk")))
    return Tag.objects.filter(listed) | Tag.objects.filter(pk__in=subscriber.tags.values("pk"))


def authors_to_choose(subscriber: Subscriber) -> Any:
    listed = Exists(Listing.objects.until_now().filter(author=OuterRef("pk")))
    return Author.objects.filter(listed) | Author.objects.filter(pk__in=subscriber.authors.values("pk"))


class ChoicesForm(forms.Form):
    """Every field carries what it showed: only what was changed on this page is changed, whatever another tab did."""

    cadence = forms.ChoiceField(
        label=_("How often"), choices=Subscriber.Cadence, widget=forms.RadioSelect, show_hidden_initial=True
    )
    scope = forms.ChoiceField(
        label=_("About what"),
        choices=[(EVERYTHING, _("Everything that is published")), (CHOSEN, _("Only what I choose here"))],
        widget=forms.RadioSelect,
        show_hidden_initial=True,
    )
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(),
        label=_("Subjects"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        show_hidden_initial=True,
    )
    authors = forms.ModelMultipleChoiceField(
        Author.objects.none(),
        label=_("Authors"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        show_hidden_initial=True,
    )
    plain_text = forms.BooleanField(
        label=_("Send plain text, without pictures"), required=False, show_hidden_initial=True
    )
    pause = forms.ChoiceField(label=_("For how long"), choices=PAUSES, required=False, show_hidden_initial=True)
    pause_until = forms.DateField(
        label=_("Until the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        show_hidden_initial=True,
        error_messages={"invalid": _("This is not a day. It looks like 2027-01-31.")},
    )

    def __init__(self, data: Any = None, *, subscriber: Subscriber) -> None:
        self.subscriber = subscriber
        until = paused_until_day(subscriber)
        initial = {
            "cadence": subscriber.cadence,
            "scope": CHOSEN if subscriber.chosen_only else EVERYTHING,
            "tags": list(subscriber.tags.values_list("pk", flat=True)),
            "authors": list(subscriber.authors.values_list("pk", flat=True)),
            "plain_text": subscriber.plain_text,
            "pause": UNTIL if until else "",
            "pause_until": until,
        }
        super().__init__(data, initial=initial, auto_id="choose_%s")
        for name, rows in [("tags", tags_to_choose(subscriber)), ("authors", authors_to_choose(subscriber))]:
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  tells the type checker
            field.queryset = rows.order_by("name")

    @property
    def shown_before(self) -> list[str]:
        """What the fields that are drawn choice by choice showed when the page was opened, as hidden fields."""
        drawn = ["cadence", "scope", "tags", "authors", "plain_text"]
        return [self[name].as_hidden(only_initial=True) for name in drawn]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("tags") or cleaned.get("authors")
        if cleaned.get("scope") == CHOSEN and not chosen and not {"tags", "authors"} & set(self.errors):
            self.add_error("scope", _("Choose at least one subject or author, or take everything."))
        if {"pause", "pause_until"} & set(self.changed_data) and not {"pause", "pause_until"} & set(self.errors):
            self._clean_pause(cleaned)
        return cleaned

    def _shown(self, name: str) -> set[Any]:
        """Return the rows that stood ticked on the page when it was opened."""
        field = self.fields[name]
        typed = field.hidden_widget().value_from_datadict(self.data, self.files, self.add_initial_prefix(name)) or []
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  tells the type checker
        assert field.queryset is not None  # noqa: S101  __init__ gave it one
        return set(field.queryset.filter(pk__in=[number for number in typed if is_number(number)]))

    def _clean_pause(self, cleaned: dict[str, Any]) -> None:
        today = timezone.localdate()
        pause, day = cleaned["pause"], cleaned["pause_until"]
        if not pause and day and "pause_until" in self.changed_data:
            pause = UNTIL  # who fills in a day wants a pause, whatever the list above it says
        if pause.isdigit():
            day = today + datetime.timedelta(days=int(pause))
        elif not pause:
            day = None
        elif not day:
            self.add_error("pause_until", _("Say until which day."))
        elif not today < day <= today + LONGEST:
            self.add_error("pause_until", _("Choose a day after today and within a year."))
        cleaned["paused_until"] = start_of(day) if day else None

    def wanted(self) -> dict[str, Any]:
        """Return the fields of the subscriber that were changed on this page, with their new values."""
        changed, cleaned = set(self.changed_data), self.cleaned_data
        values: dict[str, Any] = {name: cleaned[name] for name in ("cadence", "plain_text") if name in changed}
        if "scope" in changed:
            values["chosen_only"] = cleaned["scope"] == CHOSEN
        if {"pause", "pause_until"} & changed:
            values["paused_until"] = cleaned["paused_until"]
        return values

    def save(self) -> bool:
        """Store what was changed, and note it in the ledger. Return whether anything was."""
        with transaction.atomic():
            row = Subscriber.objects.select_for_update().get(pk=self.subscriber.pk)
            before = as_data(row)
            for name in {"tags", "authors"} & set(self.changed_data):
                shown, chosen = self._shown(name), set(self.cleaned_data[name])
                getattr(row, name).add(*(chosen - shown))
                getattr(row, name).remove(*(shown - chosen))
            # Whoever chooses here reads the mails at this address: asking for another has no pause to wait for.
            Subscriber.objects.filter(pk=row.pk).update(**self.wanted(), times_asked=0)
            row.refresh_from_db()
            changes = differences(before, as_data(row))
            if changes:
                consent.note(row, Consent.Kind.CHANGED, Consent.Place.LINK, **changes)
        return bool(changes)


def is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 19


def start_of(day: datetime.date) -> datetime.datetime:
    """Return when a day begins on the site's clock."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def paused_until_day(subscriber: Subscriber) -> datetime.date | None:
    """Return the day on which mails begin again, if there is a pause that still lasts."""
    until = subscriber.paused_until
    return timezone.localdate(until) if until and until > timezone.now() else None


def as_data(subscriber: Subscriber) -> dict[str, Any]:
    """Return what a subscriber has chosen, as JSON knows it; tags and authors by their slugs."""
    until = subscriber.paused_until
    return {
        "cadence": subscriber.cadence,
        "chosen_only": subscriber.chosen_only,
        "tags": sorted(subscriber.tags.values_list("slug", flat=True)),
        "authors": sorted(subscriber.authors.values_list("slug", flat=True)),
        "plain_text": subscriber.plain_text,
        "paused_until": timezone.localtime(until).isoformat(timespec="seconds") if until else None,
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: {"before": before[name], "after": after[name]} for name in before if before[name] != after[name]}
