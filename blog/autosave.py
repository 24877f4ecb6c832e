"""What an editor asks of the server while somebody types: to keep it, and to drop what was kept."""

import datetime

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from accounts.models import User
from blog import readers, working_copies
from blog.models import Text, WorkingCopy
from blog.revisions import name_of
from blog.working_copies import Typed, UnreadableCopyError


@csrf_exempt  # who is signed out is told so, with Django's token or without; `keep` asks for it
@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Keep what stands in an editor: 200 with when, and what its writer should know; else a sentence about why not.

    Costs the same few queries whatever the text; changes nothing that is public.
    """
    user = readers.staff_user(request)
    if user is None:
        return refusal(403, _("Not kept: you are signed out. Sign in in another tab, then go on writing here."))
    return keep(request, user)


@csrf_protect
def keep(request: HttpRequest, user: User) -> JsonResponse:
    try:
        typed = working_copies.read(request.body)
        text = working_copies.text_for(user, typed)
    except UnreadableCopyError as error:
        return refusal(400, str(error))
    except RequestDataTooBig:
        return refusal(413, _("Not kept: the text is too long."))
    except PermissionDenied:
        return refusal(403, _("Not kept: this text is gone, or not yours to change. Copy what you wrote."))
    copy = working_copies.keep(user, typed, text)
    kept_at = date_format(timezone.localtime(copy.updated_at), "H:i")
    told = {"told": _("Kept at %(time)s") % {"time": kept_at}, "warnings": warnings(user, typed, text)}
    return JsonResponse(told, headers={"Cache-Control": "private, no-store"})


def refusal(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"told": sentence}, status=status, headers={"Cache-Control": "private, no-store"})


def warnings(user: User, typed: Typed, text: Text | None) -> list[str]:
    """Say early what saving would say late: that somebody saved meanwhile, or is writing too."""
    if text is None:
        return []
    found = []
    last = text.history.order_by("-history_id").defer("source").select_related("history_user").first()
    if last is not None and last.history_id != typed.base_revision:
        words = {"name": name_of(last.history_user), "ago": how_long_since(last.history_date)}
        if last.history_user == user:
            found.append(_("You saved this in another tab %(ago)s ago. Saving here will show you both texts.") % words)
        else:
            found.append(_("%(name)s saved this %(ago)s ago. When you save, you will see both texts.") % words)
    if others := at_work(user, typed, text):
        found.append(_("Being written on right now, too: %(names)s.") % {"names": ", ".join(others)})
    return found


def how_long_since(moment: datetime.datetime) -> str:
    if timezone.now() - moment < datetime.timedelta(minutes=1):
        return _("less than a minute")
    return timesince(moment, depth=1)


def at_work(user: User, typed: Typed, text: Text) -> list[str]:
    """Name who typed into another form of this text within the last minutes."""
    since = timezone.now() - working_copies.AT_WORK
    others = working_copies.copies_of(text).filter(updated_at__gt=since).defer("values")
    people = {copy.user for copy in others.exclude(user=user, tab=typed.tab)}
    return sorted(_("you, in another tab") if person == user else person.display_name for person in people)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one of one's own working copies, and go back to the form of its text."""
    user = readers.staff_user(request)
    if user is None:
        return redirect_to_login(reverse("admin:index"), reverse("admin:login"))
    copy = get_object_or_404(WorkingCopy, pk=pk, user=user)
    copy.delete()
    messages.success(request, _("The unsaved text is gone."))
    text = copy.post or copy.page
    if text is None:
        return redirect(reverse(f"admin:blog_{copy.kind}_add"))
    return redirect(reverse(f"admin:blog_{copy.kind}_change", args=[text.pk]))
