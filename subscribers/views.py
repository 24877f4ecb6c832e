"""How readers get on the list and off it. GET asks, POST acts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.kept import reading_once
from blog.networks import network_digest
from blog.origins import reader_form
from blog.traps import is_trapped
from subscribers import consent, leaving, links, suppressing, wording
from subscribers.dead_links import answer_dead_links
from subscribers.forms import LinkForm, ReasonForm, SubscribeForm
from subscribers.models import Consent, Leaving, Subscriber, Suppression

GET_OR_POST = ["GET", "HEAD", "POST"]

Place, Cause = Consent.Place, Suppression.Cause
# What a form of this site says it is, and where that is; one that says nothing, or something else, is the page's own.
PLACES: dict[str, str] = {Place.POST: Place.POST, Place.FOOTER: Place.FOOTER, wording.HOME: Place.FOOTER}
OWN_CAUSES = [Cause.OWNER, Cause.COMPLAINT]  # what the owner of an address said, they can take back


@reading_once()
@reader_form
@require_http_methods(GET_OR_POST)
def subscribe(request: HttpRequest) -> HttpResponse:
    """GET shows the forms; POST asks for a subscription, or with `do=link` for the link to one."""
    wants_link = request.POST.get("do") == "link"
    data = request.POST if request.method == "POST" else None
    form = SubscribeForm(None if wants_link else data)
    link_form = LinkForm(data if wants_link else None, auto_id="link_%s")
    context: dict[str, Any] = {"form": form, "link_form": link_form}
    sent = link_form if wants_link else form
    if data is None or not sent.is_valid():
        return render(request, "subscribers/subscription_ask.html", context, status=200 if data is None else 422)
    network = network_digest(request)
    if seconds := consent.seconds_to_wait(network):
        response = render(request, "subscribers/subscription_ask.html", {**context, "too_many": True}, status=429)
        response["Retry-After"] = str(seconds)
        return response
    if not is_trapped(request.POST):
        take(sent.cleaned_data["email"], request.POST.get("place", ""), network, wants_link)
    where = reverse("subscription_asked")
    return HttpResponse(status=303, headers={"Location": f"{where}?link" if wants_link else where})


def take(email: str, form: str, network: str, wants_link: bool) -> None:
    if wants_link:
        consent.ask_for_link(email)
    elif form in PLACES:
        consent.ask(email, PLACES[form], network, form)
    else:
        consent.ask(email, Place.PAGE, network)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The answer to every address, known or not."""
    return render(request, "subscribers/subscription_asked.html", {"wanted_link": "link" in request.GET})


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
@answer_dead_links
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    subscriber, fresh = links.confirming(token)
    done = fresh and request.method == "POST" and consent.confirm(subscriber)
    context: dict[str, Any] = {"subscriber": subscriber, "fresh": fresh and not done}
    if done:
        context["manage_url"] = links.manage(links.manage_signer(), subscriber.pk, subscriber.email)
    return render(request, "subscribers/subscription_confirm.html", context)


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
@answer_dead_links
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether an address shall never be mailed again, whoever types it; and take it back."""
    subscriber = links.refusing(token)
    if request.method == "POST":
        if request.POST.get("do") == "lift":
            suppressing.lift(subscriber, Place.LINK, OWN_CAUSES)
        else:
            suppressing.suppress(subscriber, Cause.OWNER, Place.LINK)
    cause = suppressing.cause_of(subscriber)
    context = {
        "subscriber": subscriber,
        "is_final": cause in Suppression.FINAL,
        "may_lift": cause in OWN_CAUSES,
        "lifted": request.POST.get("do") == "lift",
    }
    return render(request, "subscribers/subscription_never.html", context)


@csrf_exempt  # RFC 8058: mail programs post here without cookies; the signed token is the proof.
@never_cache
@require_http_methods(GET_OR_POST)
@answer_dead_links
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST leaves; afterwards `do=reason` says why."""
    subscriber = links.leaving(token)
    if request.method == "POST" and request.POST.get("do") == "reason":
        return say_why(request, subscriber)
    left = None
    if request.method == "POST":
        one_click = "List-Unsubscribe" in request.POST
        left = leaving.leave(subscriber, Place.ONE_CLICK if one_click else Place.LINK)
    return show_left(request, subscriber, left)


def show_left(request: HttpRequest, subscriber: Subscriber, left: Leaving | None) -> HttpResponse:
    """Show that somebody is off the list, or ask whether they want to be. Who has just left may say why."""
    context: dict[str, Any] = {"subscriber": subscriber, "leave_url": leave_path(subscriber)}
    if left is not None:
        context |= {"ticket": leaving.ticket(left), "form": ReasonForm()}
    return render(request, "subscribers/subscription_leave.html", context)


def say_why(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    form, ticket = ReasonForm(request.POST), request.POST.get("ticket", "")
    context: dict[str, Any] = {"subscriber": subscriber, "leave_url": leave_path(subscriber)}
    if not form.is_valid():
        context |= {"ticket": ticket, "form": form}
        return render(request, "subscribers/subscription_leave.html", context, status=422)
    leaving.give_reason(ticket, **form.cleaned_data)
    return render(request, "subscribers/subscription_leave.html", {**context, "said_why": True})


def leave_path(subscriber: Subscriber) -> str:
    """Return where the forms of the page after leaving go to, whichever page somebody left from."""
    return reverse("unsubscribe", args=[links.unsubscribe_signer().token(subscriber.pk)])
