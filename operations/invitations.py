"""How people come on the staff, and back to it: a row for the mail is committed together with its cause."""

from django.db import transaction

from accounts.forms import InvitationForm
from accounts.models import User
from blog.waking import wake
from operations.models import StaffMail
from operations.tasks import send_staff_mails


def invite(form: InvitationForm, by: User) -> User:
    """Make the account that a valid form describes, and mail its owner. Raises IntegrityError, and does nothing, if
    somebody of that name or address came on the staff meanwhile."""
    with transaction.atomic():
        user = form.save()
        StaffMail.queue(StaffMail.Kind.INVITATION, user.email, user=user, invited_by=by)
        wake(send_staff_mails)
    return user


def mail_again(user: User, by: User) -> bool:
    """Mail somebody on the staff a new link: to begin with, or to choose a new password if they have one.

    Return False if that happened moments ago or too often today.
    """
    if user.has_usable_password():
        return ask_for_password(user.email)
    with transaction.atomic():
        queued = StaffMail.queue(StaffMail.Kind.INVITATION, user.email, user=user, invited_by=by)
        wake(send_staff_mails)
    return queued


def ask_for_password(address: str) -> bool:
    """Mail the owner of an address a link, if that person is on the staff. Does the same for every address."""
    with transaction.atomic():
        queued = StaffMail.queue(StaffMail.Kind.PASSWORD, address)
        wake(send_staff_mails)
    return queued
