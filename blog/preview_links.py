"""An unpublished post, shown to whoever has a link to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from blog.address import absolute_reverse
from blog.keys import Purpose, Signer
from blog.models import Post, PreviewLink
from blog.views import post_context

# Nothing keeps the page, nothing indexes it, and its address, which is the key to it, is told to no other site.
PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
}


@require_safe
def show_preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show the post of a link that is live; lead to its own page once it has one."""
    link = live_link(token)
    post = (
        link and Post.objects.exclude(visibility=Post.Visibility.WITHDRAWN).for_page().filter(pk=link.post_id).first()
    )
    if not post:
        response = render(request, "blog/preview_closed.html", status=404)
    elif post.is_published:
        response = redirect(post)
    else:
        response = render(request, "blog/post_detail.html", {**post_context(post), "preview": link})
    for name, value in PRIVATE.items():
        response[name] = value
    return response


def live_link(token: str) -> PreviewLink | None:
    try:
        pk = Signer(Purpose.PREVIEW).value(token)
    except Http404:
        return None
    return PreviewLink.objects.live().select_related("created_by").filter(pk=pk).first()


def addresses(post: Post) -> list[tuple[PreviewLink, str]]:
    """Return the live links of a post, newest first, each with the full address to send. Costs two queries."""
    links = list(PreviewLink.objects.live().filter(post=post).select_related("created_by"))
    signer = Signer(Purpose.PREVIEW) if links else None
    return [(link, absolute_reverse("preview", signer.token(link.pk))) for link in links if signer]
