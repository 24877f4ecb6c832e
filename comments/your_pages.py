"""What commenters do with the links that were mailed to them. GET asks, POST acts.

Whoever opens one of these pages holds a mail to the address: that is the proof that it is theirs.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.keys import Purpose, Signer
from blog.origins import reader_form
from comments import consent, erasing, links, own_data
from comments.consent_forms import LinkForm
from comments.models import Comment, Commenter, Follow

GET_OR_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 20


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether an address is its reader's, and turn on what was asked for with it."""
    commenter, fresh = links.confirming(token)
    follows = commenter.follows.pending().select_related("post")
    context: dict[str, Any] = {"commenter": commenter, "follows": follows}
    if request.method == "POST" and fresh:
        match request.POST.get("do"):
            case "confirm":
                if commenter.confirm():
                    # Those that stood on the page: what somebody asks for meanwhile has not been seen.
                    follows.filter(pk__in=numbers(request, "follow")).accept()
                    context["yours_url"] = links.yours(commenter)  # so soon, no second mail would go out
            case "never":
                commenter.mute()
                follows.end()
    context["fresh"] = fresh and not commenter.confirmed_at
    return render(request, "comments/commenter_confirm.html", context)


@reader_form
@require_http_methods(GET_OR_POST)
def ask_for_link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "comments/your_link_ask.html", {"form": form})
    if not form.is_valid():
        return render(request, "comments/your_link_ask.html", {"form": form}, status=422)
    consent.ask_for_link(form.cleaned_data["email"])
    return HttpResponse(status=303, headers={"Location": reverse("your_link_asked")})


@require_safe
def link_asked(request: HttpRequest) -> HttpResponse:
    """The answer to every address, known or not."""
    return render(request, "comments/your_link_asked.html")


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
def show_yours(request: HttpRequest, token: str) -> HttpResponse:
    """A commenter's own page: what they wrote and what they follow."""
    commenter = links.owner(token)
    if request.method == "POST":
        change(request, commenter)
        return HttpResponse(status=303, headers={"Location": reverse("your_comments", args=[token])})
    comments = commenter.comments.select_related("post").order_by("-created_at", "-pk")
    page = Paginator(comments, PER_PAGE).get_page(request.GET.get("page"))
    signer = Signer(Purpose.OWN_COMMENT)
    context = {
        "token": token,
        "commenter": commenter,
        "page": page,
        "rows": [
            (comment, own_data.STATES[Comment.Status(comment.status)], signer.token(comment.pk)) for comment in page
        ],
        "follows": commenter.follows.current().select_related("post"),
        "scopes": Follow.Scope,
    }
    return render(request, "comments/your_comments.html", context)


def change(request: HttpRequest, commenter: Commenter) -> None:
    """Do what a button of the own page says. What has no meaning, or not any more, changes nothing."""
    follows = commenter.follows.filter(pk__in=numbers(request, "follow"))
    match request.POST.get("do"):
        case "confirm":
            commenter.confirm()
        case "accept":
            commenter.confirm()
            follows.accept()
        case "end":
            follows.end()
        case "replies" | "thread" as scope:
            follows.current().update(scope=scope)
        case "mute":
            commenter.mute()
        case "unmute":
            commenter.unmute()


@never_cache
@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is held under the address, as a file."""
    data = own_data.export(links.owner(token))
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-comments.json"'
    return response


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
def erase(request: HttpRequest, token: str) -> HttpResponse:
    commenter = links.owner(token)
    if request.method == "POST":
        erasing.erase(commenter)
        return render(request, "comments/your_comments_erased.html")
    context = {"token": token, "commenter": commenter, "number": commenter.comments.count()}
    return render(request, "comments/your_comments_erase.html", context)


@csrf_exempt  # RFC 8058: mail programs post here without cookies; the signed token is the proof.
@never_cache
@require_http_methods(GET_OR_POST)
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails about one conversation, or with `do=all` about every one."""
    follow = links.unfollowing(token)
    all_of_them = request.POST.get("do") == "all"
    if request.method == "POST":
        these = follow.commenter.follows.all()
        (these if all_of_them else these.filter(pk=follow.pk)).end()
        follow = links.unfollowing(token)  # as it is now, if the person was not erased meanwhile
    others = follow.commenter.follows.current().exclude(pk=follow.pk).count()
    return render(request, "comments/unfollow.html", {"follow": follow, "others": others})


def numbers(request: HttpRequest, name: str) -> list[int]:
    """Return the row numbers that a form sent under this name, of which a stranger may have typed any."""
    return [
        int(value) for value in request.POST.getlist(name) if value.isascii() and value.isdigit() and len(value) < 19
    ]
