"""Forms for readers, who have no cookie and so no CSRF token (docs/decisions/0003-forms-without-cookies.md)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from blog.address import same_site
from blog.readers import has_session

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_ours(request: HttpRequest) -> bool:
    """Say whether a POST without a session came from a page of this site, as far as the browser tells.

    Browsers send `Origin` with every POST (Fetch standard, section 3.2); where it is missing, Fetch Metadata's
    `Sec-Fetch-Site` says it. With neither, it was no current browser that another site could misuse.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        return same_site(origin, f"{request.scheme}://{request.get_host()}")
    return request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}


def reader_form(view: View[P]) -> View[P]:
    """Guard a view that readers post to: by origin without a session cookie, by Django's token with one."""
    with_token = csrf_protect(view)

    @csrf_exempt  # the wrapper below decides, by the rules above
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if has_session(request):
            return with_token(request, *args, **kwargs)
        if request.method == "POST" and not is_ours(request):
            return render(request, "403.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
