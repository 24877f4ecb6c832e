"""Where a post stands: said in words, and changed with buttons."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from blog import preview_links, readers
from blog.models import Post, PreviewLink

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class Verb(NamedTuple):
    """What a button says, what it does, and what is told afterwards."""

    label: "StrOrPromise"
    act: Callable[[Post], bool]
    told: "StrOrPromise"


VERBS = {
    "unschedule": Verb(_lazy("Make it a draft again"), Post.unschedule, _lazy("“%s” is a draft again.")),
    "relist": Verb(_lazy("Put it back"), Post.relist, _lazy("“%s” is public again, in lists and feeds too.")),
}


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label=_lazy("Why, for readers (may stay empty)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def in_words(post: Post) -> str:
    """Say where a post stands, with the time zone that its times are in."""
    if post.published_at is None:
        return _("Draft. Nobody but staff can read it.")
    words = {
        "time": date_format(timezone.localtime(post.published_at), "j F Y, H:i"),
        "zone": timezone.get_current_timezone_name(),
    }
    if post.visibility == Post.Visibility.WITHDRAWN:
        return _("Withdrawn. It was published on %(time)s (%(zone)s); its address now says that it is gone.") % words
    if not post.was_public:
        return _("Scheduled for %(time)s (%(zone)s).") % words
    if post.visibility == Post.Visibility.UNLISTED:
        return _("Published on %(time)s (%(zone)s), unlisted: for whoever has the address.") % words
    return _("Published on %(time)s (%(zone)s).") % words


def verbs_for(post: Post) -> list[tuple[str, "StrOrPromise"]]:
    """The buttons that make sense for a post as it stands now."""
    if post.visibility == Post.Visibility.WITHDRAWN:
        return [("relist", VERBS["relist"].label)]
    if post.published_at is not None and not post.was_public:
        return [("unschedule", VERBS["unschedule"].label)]
    return []


def context_for(post: Post) -> dict[str, Any]:
    """Return what the top of a post's form shows. Costs three queries at most."""
    shares = not post.is_published and post.visibility != Post.Visibility.WITHDRAWN
    return {
        "standing": in_words(post),
        "standing_verbs": verbs_for(post),
        "preview_links": preview_links.addresses(post) if shares else None,
    }


def changes_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the post that its address names, if the person who asks is staff and may change it."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: object, **kwargs: object) -> HttpResponse:
        staff = readers.staff_user(request)
        if staff is None:
            return redirect_to_login(reverse("admin:blog_post_change", args=[pk]), reverse("admin:login"))
        post = get_object_or_404(Post.objects.visible_to(staff), pk=pk)
        if not post.may_be_changed_by(staff):
            raise PermissionDenied
        return view(request, post, *args, **kwargs)

    return guarded


def back_to(post: Post) -> HttpResponse:
    return redirect(reverse("admin:blog_post_change", args=[post.pk]))


@changes_post
@require_POST
def stand(request: HttpRequest, post: Post) -> HttpResponse:
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        return HttpResponseBadRequest(_("Say what to do with the post: unschedule or relist."))
    if verb.act(post):
        messages.success(request, verb.told % post)
    else:
        messages.info(request, _("That was already done, or the post went public meanwhile."))
    return back_to(post)


@changes_post
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, post: Post) -> HttpResponse:
    """GET asks for the reason that readers will see, POST takes the post away."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if post.withdraw(form.cleaned_data["note"]):
            messages.success(request, _("“%s” is withdrawn. Its address says that it is gone, and why.") % post)
        else:
            messages.info(request, _("“%s” is not public, so there is nothing to withdraw.") % post)
        return back_to(post)
    context = {**admin.site.each_context(request), "title": _("Withdraw"), "post": post, "form": form}
    return render(request, "admin/blog/post/withdraw.html", context, status=422 if form.errors else 200)


@changes_post
@require_POST
def lend(request: HttpRequest, post: Post) -> HttpResponse:
    """Make a link with which anybody can read the draft for two weeks."""
    PreviewLink.objects.create(post=post, created_by=cast(User, request.user))
    messages.success(request, _("The link is made. Whoever has it can read what is saved, until it expires."))
    return back_to(post)


@changes_post
@require_POST
def take_back(request: HttpRequest, post: Post, link: int) -> HttpResponse:
    if get_object_or_404(post.preview_links, pk=link).revoke():
        messages.success(request, _("The link opens nothing any more."))
    else:
        messages.info(request, _("That link was taken back already."))
    return back_to(post)
