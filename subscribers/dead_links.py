"""One page for every link to a subscription that works no more, whatever the cause: nobody can try out which it is."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def answer_dead_links(view: View[P]) -> View[P]:
    """Answer 404 with a page that says how to get a new link, where the view finds nothing behind a link."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return render(request, "subscribers/subscription_link_dead.html", status=404)

    return guarded
