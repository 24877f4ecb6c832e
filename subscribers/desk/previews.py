"""An issue as its readers will see it: in a wide window and on a phone, light and dark, and as text."""

import re
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.readers import staff_user
from subscribers import trying
from subscribers.desk.access import senders_only
from subscribers.models import Issue

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

GMAIL_CUTS_AT = 102 * 1024  # bytes of HTML, after which Gmail shows “[Message clipped]”
LOOKS = {"html": "light", "dark": "dark"}  # parts that are shown in a frame


class View(NamedTuple):
    """One way to look at a mail."""

    name: str
    label: "StrOrPromise"
    part: str
    width: str


VIEWS = [
    View("wide", _("Wide"), "html", "wide"),
    View("phone", _("Phone"), "html", "phone"),
    View("wide-dark", _("Wide, dark"), "dark", "wide"),
    View("phone-dark", _("Phone, dark"), "dark", "phone"),
    View("text", _("Text"), "text", ""),
]


@senders_only
@never_cache
@require_safe
def show_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail in one of VIEWS (`?as=`), with its subject, sender and size."""
    issue = find(pk)
    made = make(request, issue)
    view = next((view for view in VIEWS if view.name == request.GET.get("as")), VIEWS[0])
    size = len(trying.html_of(made).encode())
    context = {
        "issue": issue,
        "mail": made,
        "view": view,
        "views": VIEWS,
        "kilobytes": max(1, round(size / 1024)),
        "is_cut": size > GMAIL_CUTS_AT,
    }
    return render(request, "subscribers/desk/issue_preview.html", context)


@senders_only
@never_cache
@require_safe
def show_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """One part of the mail alone: as HTML for the frame of the page above, or as text."""
    if part not in {*LOOKS, "text"}:
        raise Http404("A mail has no such part.")
    made = make(request, find(pk))
    if part == "text":
        return HttpResponse(str(made.body), content_type="text/plain; charset=utf-8")
    return framed(trying.html_of(made), LOOKS[part])


def framed(html: str, look: str) -> HttpResponse:
    """Answer with a mail's HTML for a frame on a page of ours: light or dark, and able to do nothing."""
    response = HttpResponse(in_look(html, look))
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src 'self' {settings.SITE_URL} data:; style-src 'unsafe-inline'; "
        "sandbox allow-popups allow-top-navigation-by-user-activation; frame-ancestors 'self'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def find(pk: int) -> Issue:
    """Return an issue that still has something to show: not that of a post that was deleted."""
    shown = Issue.objects.exclude(Q(kind=Issue.Kind.POST, post=None)).select_related("post")
    return get_object_or_404(shown, pk=pk)


def make(request: HttpRequest, issue: Issue) -> EmailMultiAlternatives:
    user = staff_user(request)
    return trying.sample(issue, user.email if user and user.email else f"reader@{settings.MAIL_DOMAIN}")


def in_look(html: str, look: str) -> str:
    """Let a mail look light or dark, whatever the browser prefers. What it would do by itself is what it says here."""
    html = re.sub(r'(<meta name="color-scheme" content=")[^"]*', rf"\g<1>{look}", html)
    return re.sub(r"\(\s*prefers-color-scheme:\s*dark\s*\)", "all" if look == "dark" else "not all", html)


@csrf_exempt  # a mail program's own button posts here from a test mail (RFC 8058); nothing is done
@require_http_methods(["GET", "HEAD", "POST"])
def test_link(request: HttpRequest) -> HttpResponse:
    """Where the links of a test mail lead that would lead a reader to their subscription."""
    return render(request, "subscribers/test_mail_link.html")
