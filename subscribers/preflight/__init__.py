"""A look at an issue, and at who sends it, before anything leaves: green, amber or red, each with what to do.

Red stops a send; so only what is certain and does harm is red. docs/before-you-mail.md says what each finding means.
"""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from subscribers.audiences import audience_of
from subscribers.models import Issue
from subscribers.preflight import domains, mails, message
from subscribers.preflight.facts import Facts, Mail, gather
from subscribers.preflight.finding import Finding, is_red, kept, read

__all__ = ["Finding", "examine", "examine_site", "findings", "is_red", "kept", "look", "read"]

OF_DOMAINS: list[Callable[[Facts], Finding]] = [
    domains.from_address,
    domains.spf,
    domains.dkim,
    domains.dmarc,
    domains.alignment,
]
OF_SITE: list[Callable[[Facts], Finding]] = [
    mails.route,
    mails.postal_address,
    mails.complaints,
    mails.bounces,
]
OF_MAIL: list[Callable[[Facts, Mail], Finding]] = [
    mails.subject,
    mails.text,
    mails.list_headers,
    mails.way_to_leave,
    mails.size,
    mails.links,
    mails.pictures,
]

# What people read as a finding's name.
TITLES = {
    "dns": _lazy("Domain"),
    "from": _lazy("Sender"),
    "spf": _lazy("SPF"),
    "dkim": _lazy("DKIM"),
    "dmarc": _lazy("DMARC"),
    "alignment": _lazy("Alignment"),
    "route": _lazy("Mail server"),
    "postal": _lazy("Postal address"),
    "complaints": _lazy("Complaints"),
    "bounces": _lazy("Bounces"),
    "audience": _lazy("Readers"),
    "mail": _lazy("Mail"),
    "subject": _lazy("Subject"),
    "text": _lazy("Plain text"),
    "list-headers": _lazy("Button for leaving"),
    "leaving": _lazy("Way to leave"),
    "size": _lazy("Size"),
    "links": _lazy("Links"),
    "pictures": _lazy("Pictures"),
}


def examine(issue: Issue) -> list[Finding]:
    """Look at an issue as it would go out now. Takes up to six seconds: not to be called in a transaction."""
    audience = None if issue.kind == Issue.Kind.WELCOME else audience_of(issue).count()
    return findings(gather(message.read(issue), audience))


def look(issue: Issue) -> list[Finding]:
    """Examine an issue and keep with it what is found. The network is asked first; then one row is written."""
    found = examine(issue)
    issue.preflight, issue.checked_at = kept(found), timezone.now()
    Issue.objects.filter(pk=issue.pk).update(preflight=issue.preflight, checked_at=issue.checked_at)
    return found


def examine_site() -> list[Finding]:
    """Look at what is the same for every issue: who sends, by which way, and how the last mails were taken."""
    return findings(gather())


def findings(facts: Facts) -> list[Finding]:
    """Return what all checks say of these facts, in a fixed order, under the names that people read. Pure."""
    return [finding._replace(name=str(TITLES[finding.name])) for finding in checked(facts)]


def checked(facts: Facts) -> list[Finding]:
    found = [at_home()] if facts.is_local else [check(facts) for check in OF_DOMAINS]
    found += [check(facts) for check in OF_SITE]
    if facts.audience is not None:
        found.append(mails.audience(facts))
    if facts.mail is None:
        return found
    if facts.mail.error:
        words = _("The mail cannot be made: %(error)s") % {"error": facts.mail.error}
        return [*found, Finding("red", "mail", words, _("Look at the text, then check again."))]
    return found + [check(facts, facts.mail) for check in OF_MAIL]


def at_home() -> Finding:
    words = _("This site is on your own machine, so nobody was asked about SPF, DKIM and DMARC.")
    return Finding("amber", "dns", words, _("Set SITE_URL to the address that readers use, and check again."))
