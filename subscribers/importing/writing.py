"""What an import reads and writes: a few statements for a batch of any size, within the transaction of the caller."""

import datetime
import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.networks import network_around
from blog.models import Author, Tag
from blog.networks import keyed_digests
from subscribers.consent import form_text
from subscribers.importing.entry import Candidate, Choices, Entry
from subscribers.importing.judging import Here, is_final
from subscribers.importing.table import Outcome
from subscribers.models import Consent, Subscriber, Suppression

JOINS = frozenset({Outcome.ADDED, Outcome.CONFIRMED})
NOES = frozenset({Outcome.LEFT_THERE, Outcome.BOUNCED_THERE, Outcome.REFUSED_THERE})
Judged = Sequence[tuple[Candidate, Outcome]]


def known_here(candidates: Sequence[Candidate]) -> dict[str, Here]:
    """Return who of these is known here, by address in lower case. Costs a query, for those who said no three."""
    rows = Subscriber.objects.alias(key=Lower("email")).filter(key__in=[one.email.lower() for one in candidates])
    found = rows.order_by().values_list("email", "pk", "status", "left_at")
    here = {email.lower(): Here(pk, status, left_at is not None) for email, pk, status, left_at in found}
    if not any(one.entry.says_no for one in candidates):
        return here
    lines = Consent.objects.filter(subscriber__in=[one.pk for one in here.values()]).order_by()
    brought = set(lines.filter(kind=Consent.Kind.IMPORTED).values_list("subscriber", flat=True))
    brought -= set(lines.filter(kind=Consent.Kind.CONFIRMED).values_list("subscriber", flat=True))
    return {email: one._replace(confirmed_here=one.pk not in brought) for email, one in here.items()}


def barred_here(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Return why addresses are not mailed, by their digests. Costs a query."""
    rows = Suppression.objects.filter(digest__in=[one.digest for one in candidates])
    return dict(rows.values_list("digest", "cause"))


def write(judged: Judged, consent: str) -> None:
    """Put on the list who joins, with the evidence, and keep off who said no. Raises IntegrityError when a joiner is
    known here since they were judged."""
    now = timezone.now()
    join([one for one, outcome in judged if outcome is Outcome.ADDED], consent, now)
    confirm([one for one, outcome in judged if outcome is Outcome.CONFIRMED], consent, now)
    keep_off([one for one, outcome in judged if outcome in NOES], now)


def join(people: list[Candidate], consent: str, now: datetime.datetime) -> None:
    if not people:
        return
    rows = Subscriber.objects.bulk_create(new_row(one.email, one.entry, now) for one in people)
    keep_choices(zip(rows, people, strict=True))
    note_evidence([(row.pk, one.entry) for row, one in zip(rows, people, strict=True)], consent, now)


def new_row(email: str, entry: Entry, now: datetime.datetime) -> Subscriber:
    choices = entry.choices or Choices()
    return Subscriber(
        email=email,
        status=Subscriber.Status.ACTIVE,
        created_at=entry.created_at or entry.confirmed_at or now,
        confirmed_at=confirmed_at(entry, now),
        cadence=choices.cadence,
        chosen_only=choices.chosen_only,
        plain_text=choices.plain_text,
        paused_until=choices.paused_until,
    )


def confirmed_at(entry: Entry, now: datetime.datetime) -> datetime.datetime:
    return entry.confirmed_at or entry.created_at or now


def keep_choices(pairs: Iterable[tuple[Subscriber, Candidate]]) -> None:
    """Tie people to the tags and authors they chose, those that are here under the same slug."""
    chosen = [(row.pk, one.entry.choices) for row, one in pairs if one.entry.choices]
    for name, model in (("tags", Tag), ("authors", Author)):
        wanted = {(pk, slug) for pk, choices in chosen for slug in getattr(choices, name)}
        numbers = numbers_of(model, {slug for _pk, slug in wanted})
        through = getattr(Subscriber, name).through
        column = f"{model._meta.model_name}_id"
        through.objects.bulk_create(
            through(subscriber_id=pk, **{column: numbers[slug]}) for pk, slug in sorted(wanted) if slug in numbers
        )


def numbers_of(model: type[Model], slugs: set[str]) -> dict[str, int]:
    if not slugs:
        return {}
    rows: Any = model._default_manager.filter(slug__in=slugs)
    return dict(rows.values_list("slug", "pk"))


def confirm(people: list[Candidate], consent: str, now: datetime.datetime) -> None:
    """Put on the list who waits here for a confirmation that they gave there."""
    here, done = known_here(people), []
    for one in people:
        pk, moment = here[one.email.lower()].pk, confirmed_at(one.entry, now)
        waiting = Subscriber.objects.filter(pk=pk, status=Subscriber.Status.PENDING)
        if waiting.update(status=Subscriber.Status.ACTIVE, confirmed_at=moment, times_asked=0):
            done.append((pk, one.entry))
    note_evidence(done, consent, now)


def note_evidence(people: list[tuple[int, Entry]], consent: str, now: datetime.datetime) -> None:
    """Write into the account of consent what was brought along. An IP address becomes a digest of its network."""
    text = form_text(consent) if consent and any(entry.evidence["from"] == "list" for _pk, entry in people) else None
    networks = [network_in(entry.network) for _pk, entry in people]
    known = sorted(set(networks) - {""})
    digests = dict(zip(known, keyed_digests(known), strict=True)) if known else {}
    Consent.objects.bulk_create(
        Consent(
            subscriber_id=pk,
            kind=Consent.Kind.IMPORTED,
            place=Consent.Place.IMPORT,
            at=now,
            text=text,
            network=digests.get(network, ""),
            detail=entry.evidence,
        )
        for (pk, entry), network in zip(people, networks, strict=True)
    )


def keep_off(people: list[Candidate], now: datetime.datetime) -> None:
    """Note every no under the digest of its address, the final ones over the others, and take off who is here."""
    causes: dict[str, Suppression.Cause] = {}
    for one in people:
        cause = one.entry.standing
        if isinstance(cause, Suppression.Cause) and (is_final(cause) or one.digest not in causes):
            causes[one.digest] = cause
    rows = [Suppression(digest=digest, cause=cause, created_at=now) for digest, cause in causes.items()]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
    for cause in Suppression.FINAL:
        digests = [digest for digest, said in causes.items() if said == cause]
        weaker = Suppression.objects.filter(digest__in=digests).exclude(cause__in=Suppression.FINAL)
        if digests:
            weaker.update(cause=cause)
    take_off([one for one in people if not is_final(causes[one.digest])], now, final=False)
    take_off([one for one in people if is_final(causes[one.digest])], now, final=True)


def take_off(people: list[Candidate], now: datetime.datetime, *, final: bool) -> None:
    status = Subscriber.Status
    rows = Subscriber.objects.alias(key=Lower("email")).filter(key__in=[one.email.lower() for one in people])
    rows = rows.exclude(status=status.SUPPRESSED) if final else rows.active()
    numbers = list(rows.order_by().values_list("pk", flat=True)) if people else []
    if not numbers:
        return
    after = status.SUPPRESSED if final else status.UNSUBSCRIBED
    Subscriber.objects.filter(pk__in=numbers).update(status=after, left_at=now, times_asked=0)
    kind = Consent.Kind.SUPPRESSED if final else Consent.Kind.LEFT
    Consent.objects.bulk_create(
        Consent(subscriber_id=pk, kind=kind, place=Consent.Place.IMPORT, at=now) for pk in numbers
    )


def network_in(text: str) -> str:
    """Return the network around an IP address, as exactly as limits need it; nothing where it is none."""
    try:
        return network_around(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""
