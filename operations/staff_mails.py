"""The mails with which people come on the staff, and back to it when they forgot their password: making and sending."""

import datetime
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import User
from blog import mail
from blog.address import absolute_reverse
from blog.mail import AUTOMATIC, message_id, site
from blog.models import Publication
from blog.routes import Route
from operations.models import StaffMail

KEPT = datetime.timedelta(days=30)


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send every mail to staff that is due; return how many a server took."""
    return mail.send_due(StaffMail.objects.select_related("user", "invited_by"), send, stopped)


def send(row: StaffMail, route: Route) -> bool:
    """Send a claimed mail, if there is anybody whom it is for."""
    user = addressee(row)
    if user is None:
        row.skip("Nobody on the staff waits for it.")
        return False
    message = invitation if row.kind == StaffMail.Kind.INVITATION else new_password
    return mail.send(row, partial(message, row, user), route)


def addressee(row: StaffMail) -> User | None:
    """Return whose mail it is: a person without a password yet who was invited, or the owner of the address."""
    staff = User.objects.filter(is_active=True, is_staff=True)
    if row.kind == StaffMail.Kind.PASSWORD:
        return staff.filter(email__iexact=row.address).first()
    invited = staff.filter(mails=row, email__iexact=row.address).first()
    return None if invited is None or invited.has_usable_password() else invited


def invitation(row: StaffMail, user: User) -> EmailMultiAlternatives:
    """Tell somebody that they are on the staff now, and how to choose a password."""
    publication = Publication.load()
    subject = _("You are invited to %(name)s") % {"name": publication.name}
    return compose("staff_invitation", row, user, publication, subject)


def new_password(row: StaffMail, user: User) -> EmailMultiAlternatives:
    """Give the owner of an account a link to choose a new password. Holds nothing that the asker wrote."""
    publication = Publication.load()
    subject = _("A new password for %(name)s") % {"name": publication.name}
    return compose("staff_password", row, user, publication, subject)


def compose(
    template: str, row: StaffMail, user: User, publication: Publication, subject: str
) -> EmailMultiAlternatives:
    """Make the message. It goes to the address in the account, whatever letters were typed."""
    context = {
        "publication": publication,
        "person": user,
        "inviter": row.invited_by,
        "password_url": password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
        **site(),
    }
    return mail.compose(
        template,
        context,
        to=user.email,
        subject=subject,
        sender=mail.sender(publication.name),
        headers={"Message-ID": message_id("staff", row.pk), **AUTOMATIC},
    )


def password_link(user: User) -> str:
    """Return the address of the page on which this person chooses a password: good once, and for a few days."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return absolute_reverse("password_set", number, default_token_generator.make_token(user))


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Delete what was asked for at the sign-in form a month ago: anybody can type anybody's address there."""
    old = StaffMail.objects.filter(kind=StaffMail.Kind.PASSWORD, created_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
