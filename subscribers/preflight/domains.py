"""Whether receivers will believe that a mail is from who it says: SPF, DKIM, DMARC, and how they fit together."""

from django.utils.translation import gettext as _

from subscribers.dns import Answer, State
from subscribers.preflight.facts import Facts, is_policy
from subscribers.preflight.finding import Finding

MOST_LOOKUPS = 10  # RFC 7208 section 4.6.4
LOOKUPS = ("include:", "exists:", "redirect=", "a", "mx", "ptr")

# Mail boxes that anybody can have: their owners ask receivers to refuse what comes in their name from elsewhere.
FREE_MAIL = {
    "gmail.com": "gmail.com",
    "googlemail.com": "gmail.com",
    "yahoo.com": "yahoo.com",
    "ymail.com": "yahoo.com",
    "aol.com": "aol.com",
    "outlook.com": "office365.com outlook.com",
    "hotmail.com": "office365.com outlook.com",
    "live.com": "office365.com outlook.com",
    "msn.com": "office365.com outlook.com",
    "icloud.com": "me.com",
    "me.com": "me.com",
    "gmx.net": "gmx.net",
    "gmx.de": "gmx.net",
    "gmx.com": "gmx.com",
    "web.de": "web.de",
    "mail.ru": "mail.ru",
    "yandex.ru": "yandex.ru",
    "proton.me": "proton.me protonmail.ch",
    "protonmail.com": "proton.me protonmail.ch",
}


def from_address(facts: Facts) -> Finding:
    """A domain of one's own, that exists and takes answers."""
    domain, hosts = facts.from_domain, facts.records.hosts
    if domain in FREE_MAIL:
        return free_mail(facts)
    what = _("Set DEFAULT_FROM_EMAIL to an address of a domain that you own and that takes mail.")
    if hosts.state is State.NO_NAME:
        return Finding("red", "from", _("The domain %(domain)s does not exist.") % {"domain": domain}, what)
    if hosts.state is State.NOTHING or hosts.values == ("",):  # the empty host takes no mail (RFC 7505)
        words = _("The domain %(domain)s takes no mail, so receivers refuse what comes from it.")
        return Finding("red", "from", words % {"domain": domain}, what)
    if hosts.state is State.UNKNOWN:
        return no_answer("from", domain)
    return Finding("green", "from", _("Mails come from %(domain)s, which takes answers.") % {"domain": domain})


def free_mail(facts: Facts) -> Finding:
    what = _("Use an address of a domain that you own.")
    domain = {"domain": facts.from_domain}
    own_relays = tuple(FREE_MAIL[facts.from_domain].split())
    if facts.relay.endswith(own_relays):
        words = _("Mails come from a mail box at %(domain)s. It sends a few hundred mails a day at most.") % domain
        return Finding("amber", "from", words, what)
    words = _("Mails say that they come from %(domain)s, which sends them to nobody: receivers refuse them.") % domain
    return Finding("red", "from", words, what)


def spf(facts: Facts) -> Finding:
    """RFC 7208: which servers may send for the domain of the envelope."""
    domain = {"domain": facts.envelope_domain}
    answer = facts.records.spf
    if answer.state is State.UNKNOWN:
        return no_answer("spf", facts.envelope_domain)
    records = [text.lower() for text in answer.values if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        what = _("Add the TXT record that your mail provider gives you, such as “v=spf1 include:… ~all”.")
        return Finding("amber", "spf", _("%(domain)s does not say which servers send for it.") % domain, what)
    if len(records) > 1:
        what = _("Make one record of them: the parts of all, and one “all” at the end.")
        return Finding(
            "amber", "spf", _("%(domain)s has more than one SPF record; none of them counts.") % domain, what
        )
    terms = records[0].split()[1:]
    if "+all" in terms or "all" in terms:
        what = _("Change “+all” to “~all”.")
        return Finding("red", "spf", _("%(domain)s lets the whole world send in its name.") % domain, what)
    if sum(asks(term) for term in terms) > MOST_LOOKUPS:
        what = _("Take out what is not used any more: more than ten look-ups and the record counts as broken.")
        return Finding("amber", "spf", _("The SPF record of %(domain)s takes too many look-ups.") % domain, what)
    return Finding("green", "spf", _("%(domain)s says which servers send for it.") % domain)


def asks(term: str) -> bool:
    """Say whether a term of an SPF record makes the receiver ask once more."""
    plain = term.lstrip("+-~?")
    return plain.startswith(LOOKUPS[:3]) or plain.replace("/", ":").split(":")[0] in LOOKUPS[3:]


def dkim(facts: Facts) -> Finding:
    """RFC 6376: the key with which receivers check the signature."""
    answer = facts.records.dkim
    if answer is None:
        what = _("Check in your provider's settings that it signs for %(domain)s, or set DKIM_SELECTOR and a key.")
        words = _("Byline does not sign mails itself. Many mail providers do.")
        return Finding("amber", "dkim", words, what % {"domain": facts.from_domain})
    name = f"{facts.dkim_selector}._domainkey.{facts.dkim_domain}"
    if answer.state is State.UNKNOWN:
        return no_answer("dkim", name)
    keys = [dict(tags(text)).get("p", "") for text in answer.values if "p=" in text]
    if not any(keys):
        what = _("Add the TXT record with the public key, or unset DKIM_SELECTOR to send without a signature.")
        words = _("Mails are signed, but there is no key at %(name)s to check that by.") % {"name": name}
        return Finding("red", "dkim", words, what)
    return Finding("green", "dkim", _("Mails are signed; the key is at %(name)s.") % {"name": name})


def dmarc(facts: Facts) -> Finding:
    """RFC 7489: what receivers are to do with what fails."""
    answer, domain = facts.records.dmarc, {"domain": facts.from_domain}
    if answer.state is State.UNKNOWN:
        return no_answer("dmarc", f"_dmarc.{facts.from_domain}")
    what = _("Add a TXT record at _dmarc.%(domain)s: “v=DMARC1; p=none” is enough to begin with.") % domain
    if answer.state is not State.FOUND:
        words = _("%(domain)s has no DMARC policy. The big mail providers ask for one.") % domain
        return Finding("amber", "dmarc", words, what)
    wish = wish_of(answer)
    if wish not in {"none", "quarantine", "reject"}:
        return Finding("amber", "dmarc", _("The DMARC policy of %(domain)s cannot be read.") % domain, what)
    says = {"domain": facts.records.policy_domain, "wish": wish}
    return Finding("green", "dmarc", _("%(domain)s has a DMARC policy: p=%(wish)s.") % says)


def wish_of(answer: Answer) -> str:
    """Return what a policy says that receivers should do: the value of its p."""
    found = (dict(tags(text)).get("p", "") for text in answer.values if is_policy(text))
    return next(found, "").lower()


def alignment(facts: Facts) -> Finding:
    """DMARC is passed when SPF or DKIM holds for the domain that readers see, or for one of the same owner."""
    domain = {"domain": facts.from_domain, "other": facts.envelope_domain, "signer": facts.dkim_domain}
    if belong_together(facts, facts.dkim_domain):
        return Finding("green", "alignment", _("Mails are signed for the domain they come from.") % domain)
    if belong_together(facts, facts.envelope_domain):
        return Finding("green", "alignment", _("Reports go to the domain that mails come from.") % domain)
    what = _("Take DEFAULT_FROM_EMAIL and INBOUND_ADDRESS from one domain, or sign for %(domain)s.") % domain
    if facts.dkim_domain and wish_of(facts.records.dmarc) in {"quarantine", "reject"}:
        words = _(
            "Mails from %(domain)s are signed for %(signer)s and report to %(other)s: its policy has them refused."
        )
        return Finding("red", "alignment", words % domain, what)
    words = (
        _("Mails come from %(domain)s and report to %(other)s. Unless your provider signs them, DMARC fails.") % domain
    )
    return Finding("amber", "alignment", words, what)


def belong_together(facts: Facts, other: str) -> bool:
    """Say whether a domain is the From domain's own in DMARC's relaxed sense, as far as can be told without a list."""
    if not other:
        return False
    one, policy = facts.from_domain, facts.records.policy_domain
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    return bool(policy) and all(domain == policy or domain.endswith(f".{policy}") for domain in (one, other))


def tags(record: str) -> list[tuple[str, str]]:
    """Return the names and values of a record such as “v=DKIM1; p=…”."""
    pairs = (part.partition("=") for part in record.split(";"))
    return [(name.strip().lower(), "".join(value.split())) for name, _equals, value in pairs if name.strip()]


def no_answer(name: str, asked: str) -> Finding:
    words = _("Nobody answered in time about %(asked)s.") % {"asked": asked}
    return Finding("amber", name, words, _("Check again in a few minutes."))
