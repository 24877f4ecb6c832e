"""What the checks look at: gathered once, so that every check is a pure function of it."""

import datetime
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from blog.models import Publication
from subscribers import dns
from subscribers.dns import Answer, State
from subscribers.models import Bounce, Delivery, Issue

LOOKED_BACK = datetime.timedelta(days=30)
FEWEST_LABELS = 2  # of a domain that is asked for a policy
MOST_STEPS = 5  # up from the From domain, in search of one

SMTP = "django.core.mail.backends.smtp.EmailBackend"

NOT_ASKED = Answer(State.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Records:
    """What the domain name system says about who sends."""

    hosts: Answer = NOT_ASKED  # MX of the From domain, or its addresses
    spf: Answer = NOT_ASKED  # TXT of the envelope's domain
    dkim: Answer | None = None  # TXT of the selector; None where this site does not sign
    dmarc: Answer = NOT_ASKED  # TXT of the policy
    policy_domain: str = ""  # whose policy it is: the From domain or one above it


@dataclass(frozen=True, kw_only=True)
class Mail:
    """The message as one reader would get it."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]  # names in small letters
    leave_url: str
    broken_links: list[str] = field(default_factory=list)
    foreign_links: int = 0
    pictures_without_words: int = 0
    error: str = ""  # why there is none


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Who sends, what, to how many, and how the last mails were taken."""

    is_local: bool
    has_route: bool
    relay: str  # the mail server's host
    from_domain: str
    envelope_domain: str
    dkim_domain: str  # empty where this site does not sign
    dkim_selector: str
    postal_address: str
    records: Records
    mail: Mail | None = None
    audience: int | None = None
    sent: int = 0  # in the last 30 days
    complaints: int = 0
    bounces: int = 0


def gather(mail: Mail | None = None, audience: int | None = None) -> Facts:
    """Look at everything. Asks the domain name system, for six seconds at most: never call it in a transaction."""
    sent, complaints, bounces = history()
    from_domain = domain_of(settings.DEFAULT_FROM_EMAIL)
    envelope_domain = domain_of(settings.INBOUND_ADDRESS) or from_domain
    # Only what leaves by SMTP is signed here, for the domain of the From; providers sign by their own settings.
    selector = getattr(settings, "DKIM_SELECTOR", "") if settings.EMAIL_BACKEND == SMTP else ""
    dkim_domain = from_domain if selector else ""
    postal_address = Publication.load().postal_address
    return Facts(
        is_local=settings.LOCAL,
        has_route=bool(settings.EMAIL_URL),
        relay=getattr(settings, "EMAIL_HOST", "") if settings.EMAIL_URL else "",
        from_domain=from_domain,
        envelope_domain=envelope_domain,
        dkim_domain=dkim_domain,
        dkim_selector=selector,
        postal_address=postal_address,
        records=Records() if settings.LOCAL else look_up(from_domain, envelope_domain, selector, dkim_domain),
        mail=mail,
        audience=audience,
        sent=sent,
        complaints=complaints,
        bounces=bounces,
    )


def domain_of(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2].lower().rstrip(".")


def look_up(from_domain: str, envelope_domain: str, selector: str, dkim_domain: str) -> Records:
    ask = dns.asker()
    found = hosts(ask, from_domain)
    if found.state is State.NO_NAME and ask(from_domain.rpartition(".")[2], "SOA").state is not State.FOUND:
        return Records(dkim=NOT_ASKED if selector else None)  # who was asked does not know the world
    spf = ask(envelope_domain, "TXT")
    policy_domain, dmarc = policy(ask, from_domain)
    dkim = ask(f"{selector}._domainkey.{dkim_domain}", "TXT") if selector else None
    return Records(hosts=found, spf=spf, dkim=dkim, dmarc=dmarc, policy_domain=policy_domain)


def hosts(ask: dns.Ask, domain: str) -> Answer:
    """Find where mail to a domain goes: MX, else its own address (RFC 5321 section 5.1)."""
    answer = ask(domain, "MX")
    for kind in ("A", "AAAA"):
        if answer.state is not State.NOTHING:
            break
        answer = ask(domain, kind)
    return answer


def policy(ask: dns.Ask, domain: str) -> tuple[str, Answer]:
    """Find the DMARC policy of a domain: its own, else the nearest one above it. Needs no list of public suffixes."""
    answer = Answer(State.NO_NAME)
    labels = domain.split(".")[-MOST_STEPS:]
    for start in range(max(len(labels) - FEWEST_LABELS + 1, 1)):
        name = ".".join(labels[start:])
        answer = ask(f"_dmarc.{name}", "TXT")
        if answer.state is State.UNKNOWN or any(is_policy(text) for text in answer.values):
            return name, answer
    return "", answer if answer.is_missing else Answer(State.NOTHING)


def is_policy(text: str) -> bool:
    return text.replace(" ", "").lower().startswith("v=dmarc1")


def history() -> tuple[int, int, int]:
    """Count the mails of the last 30 days that were taken, called spam, and refused or returned. Two queries."""
    since = timezone.now() - LOOKED_BACK
    recent = Issue.objects.filter(Q(started_at__gte=since) | Q(kind=Issue.Kind.WELCOME))
    sent = Delivery.objects.filter(issue__in=recent, state=Delivery.State.SENT, sent_at__gte=since).count()
    counted = Bounce.objects.filter(at__gte=since).aggregate(
        complaints=Count("pk", filter=Q(kind=Bounce.Kind.COMPLAINT)),
        bounces=Count("delivery", filter=~Q(kind=Bounce.Kind.COMPLAINT), distinct=True),
    )
    return sent, counted["complaints"], counted["bounces"]
