"""What the desk says about an issue, in sentences."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscribers.desk.progress import Progress
from subscribers.models import Issue
from subscribers.models.issue import NEVER_ENDS

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds


def about(issue: Issue, progress: Progress, audience: int | None) -> str:
    """Say where an issue stands. `audience`: who would get it now, for one that has not begun."""
    if audience is not None:
        return f"{before(issue)} {would_get(audience)}"
    if issue.kind == NEVER_ENDS:
        return _("Goes to everybody who confirms. %(sent)s were sent so far.") % {"sent": f"{progress.sent:,}"}
    if issue.started_at is None:
        return _("Stopped before it went out. Nobody got it.")
    counts = {
        "settled": f"{progress.settled:,}",
        "sent": f"{progress.sent:,}",
        "all": f"{issue.audience:,}",
        "until": moment(issue.rests_until) if issue.rests_until else "",
    }
    sentences = {
        Issue.State.PAUSED: _("Paused. %(sent)s of %(all)s mails are out."),
        Issue.State.SENT: _("Sent. The mail server took %(sent)s of %(all)s mails."),
        Issue.State.STOPPED: _("Stopped. %(sent)s of %(all)s mails had gone out before."),
    }
    if issue.state == Issue.State.SENDING and rests(issue):
        return _("Rests, and goes on by itself %(until)s. %(sent)s of %(all)s mails are out.") % counts
    return sentences.get(Issue.State(issue.state), _("Being sent: %(settled)s of %(all)s.")) % counts


def before(issue: Issue) -> str:
    if issue.state == Issue.State.DRAFT:
        return _("Being written.")
    if issue.state == Issue.State.PAUSED:
        return _("Held back. Nothing of it has gone out.")
    if issue.send_at <= timezone.now():
        return _("Is about to go out.")
    return _("Goes out %(when)s.") % {"when": moment(issue.send_at)}


def would_get(audience: int) -> str:
    if not audience:
        return _("Nobody would get it now.")
    words = ngettext("One reader would get it now.", "%(count)s readers would get it now.", audience)
    return words % {"count": f"{audience:,}"}


def rests(issue: Issue) -> bool:
    """Say whether the mail server is left alone for a while."""
    return issue.rests_until is not None and issue.rests_until > timezone.now()


def moment(when: datetime.datetime) -> str:
    """Return “at 14:10” for today, else with the day."""
    local, today = timezone.localtime(when), timezone.localdate()
    if local.date() == today:
        return _("at %(time)s") % {"time": date_format(local, "H:i")}
    return _("on %(date)s at %(time)s") % {"date": date_format(local, "j F Y"), "time": date_format(local, "H:i")}


def pace(progress: Progress) -> str:
    """Say how fast mails go out and how long the rest takes; empty where nobody can tell."""
    seconds = progress.seconds_left
    if seconds is None:
        return ""
    if progress.per_second >= 1:
        speed = _("%(count)s mails a second") % {"count": f"{progress.per_second:,.0f}"}
    else:
        speed = _("%(count)s mails a minute") % {"count": f"{progress.per_second * MINUTE:,.0f}"}
    return f"{speed}, {time_left(seconds)}"


def time_left(seconds: float) -> str:
    """Return “about 3 minutes left”."""
    if seconds < MINUTE:
        return _("less than a minute left")
    steps = [
        (HOUR, MINUTE, ngettext("about one minute left", "about %(count)s minutes left", round(seconds / MINUTE))),
        (DAY, HOUR, ngettext("about one hour left", "about %(count)s hours left", round(seconds / HOUR))),
    ]
    for limit, unit, words in steps:
        if seconds < limit:
            return words % {"count": f"{round(seconds / unit):,}"}
    days = round(seconds / DAY)
    return ngettext("about one day left", "about %(count)s days left", days) % {"count": f"{days:,}"}
