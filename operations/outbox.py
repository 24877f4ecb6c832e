"""Mails as files, where no EMAIL_URL is set: var/outbox/, one .eml each, and their pages while DEBUG is on."""

import email
import email.policy
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from blog.routes import as_bytes

SHOWN = 200  # mails on the outbox page
LINK = re.compile(r"https?://[^\s<>\"]+")


class OutboxBackend(BaseEmailBackend):
    """Keeps every mail as a file instead of sending it. A file appears whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.OUTBOX_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
            draft = settings.OUTBOX_DIR / f"{name}.part"
            draft.write_bytes(as_bytes(message))
            draft.replace(settings.OUTBOX_DIR / name)
        return len(email_messages)


@dataclass(frozen=True)
class OutboxMail:
    """A file in the outbox, as its page shows it."""

    path: Path
    message: ParsedMessage

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def links(self) -> list[str]:
        """The addresses in the text, each once, in their order."""
        return list(dict.fromkeys(LINK.findall(self.text)))


def read_mail(path: Path) -> OutboxMail:
    return OutboxMail(path, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))


def mails() -> list[OutboxMail]:
    """Return the newest mails, newest first."""
    return [read_mail(path) for path in sorted(settings.OUTBOX_DIR.glob("*.eml"), reverse=True)[:SHOWN]]


def find_mail(name: str) -> OutboxMail:
    path = settings.OUTBOX_DIR / f"{name}.eml"
    if not path.is_file():
        raise Http404("There is no such mail in the outbox.")
    return read_mail(path)


@require_safe
def show_outbox(request: HttpRequest) -> HttpResponse:
    return render(request, "operations/outbox_list.html", {"mails": mails()})


@require_safe
def show_mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "operations/outbox_mail.html", {"mail": find_mail(name)})


@require_safe
def show_mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part as a mail program would show it: no scripts, its own styles, links that leave the frame."""
    response = HttpResponse(find_mail(name).html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; "
        "sandbox allow-popups allow-top-navigation-by-user-activation; frame-ancestors 'self'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
