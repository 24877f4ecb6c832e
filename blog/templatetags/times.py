"""Times as machines read them."""

import datetime

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def machine_time(moment: datetime.datetime) -> str:
    """Return a moment to the second, for `<time datetime>` (HTML allows it three digits of a fraction; we keep six)."""
    return moment.isoformat(timespec="seconds")
