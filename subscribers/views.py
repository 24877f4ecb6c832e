"""What readers do with their subscription. GET asks, POST acts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.origins import reader_form
from subscribers import consent, links
from subscribers.forms import SubscribeForm

GET_OR_POST = ["GET", "HEAD", "POST"]


@reader_form
@require_http_methods(GET_OR_POST)
def subscribe(request: HttpRequest) -> HttpResponse:
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "subscribers/subscription_ask.html", {"form": form})
    if not form.is_valid():
        return render(request, "subscribers/subscription_ask.html", {"form": form}, status=422)
    consent.ask(form.cleaned_data["email"])
    return HttpResponse(status=303, headers={"Location": reverse("subscription_asked")})


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The answer to every address, known or not."""
    return render(request, "subscribers/subscription_asked.html")


@never_cache
@reader_form
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    subscriber, fresh = links.confirming(token)
    done = fresh and request.method == "POST" and subscriber.confirm()
    context = {"subscriber": subscriber, "fresh": fresh and not done}
    return render(request, "subscribers/subscription_confirm.html", context)


@csrf_exempt  # RFC 8058: mail programs post here without cookies; the signed token is the proof.
@never_cache
@require_http_methods(GET_OR_POST)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = links.leaving(token)
    if request.method == "POST":
        subscriber.leave()
    return render(request, "subscribers/subscription_leave.html", {"subscriber": subscriber})
