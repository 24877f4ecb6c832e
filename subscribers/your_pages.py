"""The page of a subscription, behind two links: one from every mail, one mailed on asking. GET asks, POST acts.

The first may have been passed on with a newsletter, so it only chooses and leaves; the second shows and changes all.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from blog.origins import reader_form
from subscribers import choices, consent, erasing, leaving, links, moving, own_data, proof, suppressing
from subscribers.choices import ChoicesForm
from subscribers.dead_links import answer_dead_links
from subscribers.forms import NewAddressForm
from subscribers.models import Consent, Subscriber, Suppression
from subscribers.views import GET_OR_POST, OWN_CAUSES, show_left

SHOWN = 20  # of what was mailed; the file has everything


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
@answer_dead_links
def manage(request: HttpRequest, token: str) -> HttpResponse:
    subscriber, is_own = links.managing(token)
    if request.method != "POST":
        return show(request, token, subscriber, is_own, ChoicesForm(subscriber=subscriber))
    if request.POST.get("do") == "leave":
        return show_left(request, subscriber, leaving.leave(subscriber, Consent.Place.LINK))
    if "do" in request.POST:
        return seen(token, act(request.POST["do"], subscriber))
    form = ChoicesForm(request.POST, subscriber=subscriber)
    if subscriber.status != Subscriber.Status.ACTIVE:
        return seen(token, "")
    if not form.is_valid():
        return show(request, token, subscriber, is_own, form)
    form.save()
    return seen(token, "kept")


def act(verb: str, subscriber: Subscriber) -> str:
    """Do what a button beside the choices says; return what the page then says. What has no meaning changes nothing."""
    match verb:
        case "link":
            consent.ask_for_link(subscriber.email)
            return "link"
        case "stay":
            moving.cancel(subscriber)
            return "stay"
        case "lift":
            suppressing.lift(subscriber, Consent.Place.LINK, OWN_CAUSES)
    return ""


def seen(token: str, said: str) -> HttpResponse:
    """Lead back to the page, which says what was done."""
    address = reverse("subscription_manage", args=[token])
    return HttpResponse(status=303, headers={"Location": f"{address}?{said}" if said else address})


def show(request: HttpRequest, token: str, subscriber: Subscriber, is_own: bool, form: ChoicesForm) -> HttpResponse:
    cause = suppressing.cause_of(subscriber)
    context: dict[str, Any] = {
        "token": token,
        "subscriber": subscriber,
        "is_own": is_own,
        "form": form,
        "paused_until": choices.paused_until_day(subscriber),
        "is_final": cause in Suppression.FINAL,
        "may_lift": cause in OWN_CAUSES,
        "said": request.META.get("QUERY_STRING", ""),
    }
    if is_own:
        context |= {"lines": proof.shown(subscriber), "deliveries": own_data.deliveries(subscriber)[:SHOWN]}
    status = 422 if form.is_bound else 200
    return render(request, "subscribers/subscription_manage.html", context, status=status)


@never_cache
@require_safe
@answer_dead_links
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is kept about a subscriber, as a file."""
    data = own_data.export(links.owner(token))
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-subscription.json"'
    return response


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
@answer_dead_links
def change_address(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the form; POST asks at the new address, and tells the old one."""
    subscriber = links.owner(token)
    form = NewAddressForm(request.POST if request.method == "POST" else None, subscriber=subscriber)
    context = {"token": token, "subscriber": subscriber, "form": form}
    if form.is_valid():
        if moving.ask(subscriber, form.cleaned_data["email"]):
            return seen(token, "asked")
        context["too_many"] = True
    status = 422 if form.is_bound else 200
    return render(request, "subscribers/subscription_move.html", context, status=status)


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
@answer_dead_links
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whoever reads the mails at the new address whether they want them there."""
    subscriber, fresh = links.moving(token)
    moved = moving.confirm(subscriber) if fresh and request.method == "POST" else None
    context = {"subscriber": subscriber, "fresh": fresh and not moved, "moved": moved}
    return render(request, "subscribers/subscription_moved.html", context)


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
@answer_dead_links
def erase(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = links.owner(token)
    if request.method == "POST":
        erasing.erase(subscriber)
        return render(request, "subscribers/subscription_erased.html")
    return render(request, "subscribers/subscription_erase.html", {"token": token, "subscriber": subscriber})
