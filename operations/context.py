from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def outbox(request: HttpRequest) -> dict[str, str]:
    """Give templates the outbox's address where it has pages: no mail server is set up, and DEBUG is on."""
    if settings.EMAIL_URL or not settings.DEBUG:
        return {"outbox_url": ""}
    return {"outbox_url": reverse("outbox")}
