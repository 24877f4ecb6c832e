"""Whether the mail itself is as it should be, how many get it, and how the last ones were taken."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscribers.preflight.facts import Facts, Mail
from subscribers.preflight.finding import Finding

MOST_BYTES = 102 * 1024  # of HTML; Gmail cuts off what is longer, and with it the way to leave
LONGEST_SUBJECT = 200  # characters
ENOUGH_SENT = 500  # mails; of fewer, one complaint would be a rate
COMPLAINTS = (0.1, 0.3)  # percent: what the big providers ask to stay under, and what they refuse at
BOUNCES = (5, 10)  # percent
SHOWN = 3  # links


def subject(_facts: Facts, mail: Mail) -> Finding:
    if not mail.subject.strip():
        return Finding("red", "subject", _("The mail has no subject."), _("Give it one."))
    if len(mail.subject) > LONGEST_SUBJECT:
        words = _("The subject has %(number)d characters; mail programs show the first sixty or so.")
        return Finding("amber", "subject", words % {"number": len(mail.subject)}, _("Make it shorter."))
    return Finding("green", "subject", _("The mail has a subject."))


def text(_facts: Facts, mail: Mail) -> Finding:
    if not mail.text.strip():
        what = _("Write a text; the plain part is made from it.")
        return Finding("amber", "text", _("The plain text part is empty."), what)
    return Finding("green", "text", _("Who reads mails as plain text gets the whole text."))


def list_headers(facts: Facts, mail: Mail) -> Finding:
    """RFC 2919, 2369 and 8058: what mail programs make their button for leaving from."""
    missing = [
        name for name in ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post") if not mail.headers.get(name.lower())
    ]
    if missing:
        words = _("The mail lacks what mail programs need for a button to leave: %(names)s.")
        what = _("This is a fault of the program. Please report it.")
        return Finding("red", "list-headers", words % {"names": ", ".join(missing)}, what)
    if not mail.leave_url.startswith("https://"):
        words = _("The address for leaving is not an https:// one, so mail programs show no button for it.")
        what = _("Set SITE_URL to the https:// address of the site.")
        return Finding("amber" if facts.is_local else "red", "list-headers", words, what)
    return Finding("green", "list-headers", _("Mail programs can show a button for leaving."))


def way_to_leave(_facts: Facts, mail: Mail) -> Finding:
    """One that readers see, in each part: many countries' laws ask for it."""
    parts = [mail.text, mail.html] if mail.html else [mail.text]
    if not mail.leave_url or any(mail.leave_url not in part for part in parts):
        what = _("The mail's template has to show leave_url in both of its parts.")
        return Finding("red", "leaving", _("The mail does not show a way to leave the list."), what)
    return Finding("green", "leaving", _("The mail shows a way to leave the list."))


def size(_facts: Facts, mail: Mail) -> Finding:
    measured = len(mail.html.encode())
    number = {"number": max(round(measured / 1024), 1)}
    if measured > MOST_BYTES:
        words = _("The mail has %(number)d kB; Gmail cuts off what comes after 102 kB.") % number
        return Finding("amber", "size", words, _("Shorten it, or mail a part and lead to the rest."))
    return Finding("green", "size", _("The mail has %(number)d kB, which no mail program cuts off.") % number)


def links(_facts: Facts, mail: Mail) -> Finding:
    if mail.broken_links:
        shown = ", ".join(link or "“”" for link in mail.broken_links[:SHOWN])
        words = ngettext(
            "A link leads nowhere: %(links)s",
            "%(number)d links lead nowhere, such as %(links)s",
            len(mail.broken_links),
        )
        said = words % {"number": len(mail.broken_links), "links": shown}
        return Finding("amber", "links", said, _("Correct them in the text."))
    if mail.foreign_links:
        words = _("Every link to this site leads somewhere. Other sites were not asked: try their links yourself.")
        return Finding("green", "links", words)
    return Finding("green", "links", _("Every link leads somewhere."))


def pictures(_facts: Facts, mail: Mail) -> Finding:
    number = mail.pictures_without_words
    if number:
        words = ngettext("A picture has no description.", "%(number)d pictures have no description.", number) % {
            "number": number
        }
        what = _("Describe in a few words what they show: many mail programs show no pictures at first.")
        return Finding("amber", "pictures", words, what)
    return Finding("green", "pictures", _("Every picture is described, or there is none."))


def audience(facts: Facts) -> Finding:
    if not facts.audience:
        return Finding("amber", "audience", _("Nobody would get this."), _("Wait until somebody subscribes."))
    words = ngettext("One reader gets this.", "%(shown)s readers get this.", facts.audience)
    return Finding("green", "audience", words % {"shown": f"{facts.audience:,}"})


def postal_address(facts: Facts) -> Finding:
    if facts.postal_address.strip():
        return Finding("green", "postal", _("The publication's postal address stands at the foot."))
    what = _("Enter it in the admin under Publication. Most countries' laws ask for it.")
    return Finding("amber", "postal", _("The mail has no postal address at its foot."), what)


def route(facts: Facts) -> Finding:
    if facts.has_route:
        return Finding("green", "route", _("A mail server is set."))
    words = _("No mail server is set: mails are kept as files and reach nobody.")
    return Finding("amber", "route", words, _("Set EMAIL_URL."))


def complaints(facts: Facts) -> Finding:
    if facts.sent < ENOUGH_SENT:
        return Finding("green", "complaints", _("Too few mails went out in the last 30 days to count complaints."))
    rate = 100 * facts.complaints / facts.sent
    words = _("In the last 30 days %(rate).2f %% of readers called a mail spam.") % {"rate": rate}
    worrying, fatal = COMPLAINTS
    if rate >= fatal:
        what = _("Providers refuse mail at this rate. Find out what those readers did not expect before you go on.")
        return Finding("red", "complaints", words, what)
    if rate >= worrying:
        what = _("Providers ask for less than 0.1 %. Write only to who asked, and what they asked for.")
        return Finding("amber", "complaints", words, what)
    return Finding("green", "complaints", words)


def bounces(facts: Facts) -> Finding:
    if facts.sent < ENOUGH_SENT:
        return Finding("green", "bounces", _("Too few mails went out in the last 30 days to count what came back."))
    rate = 100 * facts.bounces / facts.sent
    words = _("In the last 30 days %(rate).1f %% of the mails came back.") % {"rate": rate}
    worrying, fatal = BOUNCES
    if rate >= worrying:
        what = _("Look at what servers answered, under Bounces. A list that was bought or is old comes back like this.")
        return Finding("red" if rate >= fatal else "amber", "bounces", words, what)
    return Finding("green", "bounces", words)
