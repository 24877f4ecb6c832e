"""Bringing a list in. Mails nobody, whatever happens: an import writes rows, and none of them is a mail.

Every batch is a transaction of its own. Whoever stops half way and runs it again completes it, since what is there
already stays as it is.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from blog.mailboxes import normalised
from subscribers.importing import writing
from subscribers.importing.entry import Candidate, UnreadableListError
from subscribers.importing.judging import judge
from subscribers.importing.lines import Line, Options, batches, plans_for
from subscribers.importing.seen import Seen
from subscribers.importing.table import Outcome, Reconciliation
from subscribers.models.suppression import digests_of

BATCH = 1000
TRIES = 3  # of one batch, when somebody subscribes in the same moment
LONGEST_ADDRESS = 254
# RFC 2142, and what else is nobody in particular
OFFICES = {
    *("abuse", "admin", "administrator", "hostmaster", "info", "noc", "noreply", "no-reply", "postmaster", "root"),
    *("security", "spam", "support", "webmaster"),
}


def bring(
    paths: Iterable[Path],
    options: Options,
    *,
    dry_run: bool,
    most_lines: int | None = None,
    progress: Callable[[int], object] = lambda lines: None,
) -> Reconciliation:
    """Bring the lists in, or with `dry_run` say what that would do; return the account of every line.

    Calls `progress` with the number of lines so far. Raises UnreadableListError for what cannot be read, or when there
    are more than `most_lines`; batches that were written before stay.
    """
    plans, notes = plans_for(paths, options)
    table = Reconciliation(dry_run=dry_run, notes=notes)
    table.sources = [f"{plan.sheet.name}: {plan.format.label}" for plan in plans]
    if most_lines is not None:
        check_length(sum(1 for plan in plans for _line in plan.lines()), most_lines)
    with Seen() as seen:
        # Whoever said no anywhere stays off, in whatever order the files and their lines come.
        for saying_no in (True, False):
            for batch in batches(plans, saying_no=saying_no, size=BATCH):
                table.lines += len(batch)
                candidates = usable(batch, seen, table)
                settle(candidates, options, table)
                progress(table.lines)
    return table


def check_length(lines: int, most: int) -> None:
    if lines > most:
        raise UnreadableListError(
            _("This has %(lines)s lines; the page takes %(most)s. Longer lists are for the command import_subscribers.")
            % {"lines": f"{lines:,}", "most": f"{most:,}"}
        )


def usable(batch: list[Line], seen: Seen, table: Reconciliation) -> list[Candidate]:
    """Return the lines of a batch that have an address, and count those that have none, or one that was there."""
    good = []
    for line in batch:
        email = address_in(line.entry.email)
        if email:
            good.append((line.entry, email))
        else:
            table.note_invalid(line.place)
    digests = digests_of(email for _entry, email in good)
    found = [Candidate(*pair, digest, seen.add(digest)) for pair, digest in zip(good, digests, strict=True)]
    table.counts[Outcome.DUPLICATE] += sum(not candidate.first for candidate in found)
    # A second no may be a stronger one, so that it is looked at, though not counted again.
    return [candidate for candidate in found if candidate.first or candidate.entry.says_no]


def address_in(cell: str) -> str:
    """Return the address, with its domain in lower case; nothing where it is none."""
    email = normalised(cell)
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= LONGEST_ADDRESS else ""


def settle(candidates: list[Candidate], options: Options, table: Reconciliation) -> None:
    """Judge a batch and, unless it is a dry run, write what follows, in one transaction."""
    judged = judge_all(candidates) if table.dry_run else write(candidates, options.consent.strip())
    for candidate, outcome in judged:
        if candidate.first:
            table.counts[outcome] += 1
            table.roles += outcome in writing.JOINS and is_office(candidate.email)


def write(candidates: list[Candidate], consent: str) -> writing.Judged:
    for _again in range(TRIES - 1):
        try:
            return write_once(candidates, consent)
        except IntegrityError:  # somebody subscribed between being judged and being written
            continue
    return write_once(candidates, consent)


@transaction.atomic
def write_once(candidates: list[Candidate], consent: str) -> writing.Judged:
    judged = judge_all(candidates)
    writing.write(judged, consent)
    return judged


def judge_all(candidates: list[Candidate]) -> writing.Judged:
    here, barred = writing.known_here(candidates), writing.barred_here(candidates)
    return [(one, judge(one.entry, here.get(one.email.lower()), barred.get(one.digest, ""))) for one in candidates]


def is_office(email: str) -> bool:
    return email.partition("@")[0].lower() in OFFICES
