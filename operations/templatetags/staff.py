from django import template

from accounts.models import User
from operations.models import StaffMail

register = template.Library()


@register.simple_tag
def last_staff_mail(user: User) -> StaffMail | None:
    """Return the newest mail with a link that went to this person, or tried to."""
    return StaffMail.objects.filter(address=user.email.lower()).first()
