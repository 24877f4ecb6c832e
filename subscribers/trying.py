"""An issue as its writer may see it before readers do: as a sample to look at, and as a mail to themselves.

Nothing in a sample acts: where a reader's own links stand, its links lead to a page that says it is a test.
"""

import datetime
import re
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from blog import mail
from blog.address import absolute_reverse
from blog.mail import message_id
from blog.routes import Route
from subscribers.letters import Letter, Reader
from subscribers.models import Issue, TestMail

NOBODY = 0  # number of a reader and of a delivery that there never is
KEPT = datetime.timedelta(days=7)
A_DAY = datetime.timedelta(days=1)
MOST_A_DAY = 50  # mails to one person


def sample(issue: Issue, address: str) -> EmailMultiAlternatives:
    """Return the mail of an issue as a reader at that address would get it, with links that do nothing."""
    message = Letter(issue).message(Reader(NOBODY, NOBODY, address))
    message.body = without_own_links(message.body)
    html = without_own_links(html_of(message))
    message.alternatives = []
    message.attach_alternative(html, "text/html")
    message.extra_headers = {name: without_own_links(value) for name, value in message.extra_headers.items()}
    return message


def without_own_links(text: object) -> str:
    """Let whatever would lead to a reader's subscription lead to the page for tests."""
    ours = re.escape(settings.SITE_URL) + r"/subscriptions/[^\s\"'<>]+"
    return re.sub(ours, absolute_reverse("test_mail_link"), str(text))


def html_of(message: EmailMultiAlternatives) -> str:
    return next((str(content) for content, kind in message.alternatives if kind == "text/html"), "")


def ask(issue: Issue, user: User) -> bool:
    """Write the row of a test mail to this person. Return False, and write none, if they had too many today."""
    today = TestMail.objects.filter(user=user, created_at__gt=timezone.now() - A_DAY)
    if not user.email or today.count() >= MOST_A_DAY:
        return False
    TestMail.objects.create(issue=issue, user=user)
    return True


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send every test mail that is due; return how many a server took."""
    return mail.send_due(TestMail.objects.select_related("issue", "user"), send, stopped)


def send(row: TestMail, route: Route) -> bool:
    """Send a claimed test mail to the address in its asker's account, if they are still on the staff."""
    user = row.user
    if not (user.is_active and user.is_staff and user.email):
        row.skip("Nobody on the staff waits for it.")
        return False
    return mail.send(row, partial(message, row), route)


def message(row: TestMail) -> EmailMultiAlternatives:
    made = sample(row.issue, row.user.email)
    made.subject = mail.one_line(_("[Test] %(subject)s") % {"subject": made.subject})
    made.extra_headers["Message-ID"] = message_id("test", row.pk)
    return made


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Delete test mails of last week; return how many."""
    return TestMail.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
