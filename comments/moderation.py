"""The moderator's queue at /admin/moderation/."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from blog import readers
from comments.models import Comment

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

PER_PAGE = 30


class Verb(NamedTuple):
    """What a button says, what it does, and what the moderator is told afterwards."""

    label: "StrOrPromise"
    act: Callable[[Comment, User], bool]
    told: "StrOrPromise"


VERBS = {
    "approve": Verb(_lazy("Approve"), Comment.approve, _lazy("The comment by %(name)s is on the page.")),
    "remove": Verb(_lazy("Refuse"), Comment.remove, _lazy("The comment by %(name)s was refused.")),
    "spam": Verb(_lazy("Spam"), Comment.mark_spam, _lazy("The comment by %(name)s was put aside as spam.")),
    "hold": Verb(_lazy("Put back into the queue"), Comment.hold, _lazy("The comment by %(name)s waits again.")),
}

# status of a comment → the verbs that make sense for it, first the likeliest
CHOICES = {
    Comment.Status.WAITING: ["approve", "remove", "spam"],
    Comment.Status.APPROVED: ["hold", "remove", "spam"],
    Comment.Status.SPAM: ["approve", "hold"],
    Comment.Status.REMOVED: ["approve", "hold"],
}


def moderators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask who is not signed in to do so, and refuse who may not moderate."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        staff = readers.staff_user(request)
        if staff is None:
            # After signing in, an address that only takes POST would lead nowhere.
            back = request.get_full_path() if request.method == "GET" else reverse("moderation")
            return redirect_to_login(back, reverse("admin:login"))
        if not staff.has_perm("comments.moderate_comment"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@moderators_only
@never_cache
@require_safe
def show_queue(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", Comment.Status.WAITING)
    if status not in Comment.Status.values:
        status = Comment.Status.WAITING
    comments = Comment.objects.filter(status=status).select_related("post", "parent")
    oldest_first = status == Comment.Status.WAITING
    ordered = comments.order_by("created_at", "pk") if oldest_first else comments.order_by("-created_at", "-pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    verbs = [(name, VERBS[name].label) for name in CHOICES[Comment.Status(status)]]
    context = {"comments": page, "status": status, "statuses": Comment.Status, "verbs": verbs}
    return render(request, "comments/moderation_queue.html", context)


@moderators_only
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    name = request.POST.get("verb", "")
    if name not in VERBS:
        return HttpResponseBadRequest(_("Say what to do with the comment: approve, remove, spam or hold."))
    verb = VERBS[name]
    comment = get_object_or_404(Comment, pk=pk)
    if verb.act(comment, cast(User, request.user)):
        undo = "" if name == "hold" else str(comment.pk)
        messages.success(request, verb.told % {"name": comment.name}, extra_tags=undo)
    else:
        messages.info(request, _("That was already done."))
    return redirect(f"{reverse('moderation')}?status={request.POST.get('status', '')}")
