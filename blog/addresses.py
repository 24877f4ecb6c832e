"""What an address answers at which no published post stands: where the post is now, that it is gone, or nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from blog.models import Post
from blog.prepared import Prepared

# Neither a form nor a redirect has a use for the text.
TEXTS = ("source", "rendered_html", "plain_text", "opening", "headings")
AT = Prepared(lambda slug: Post.objects.filter(slug=slug).defer(*TEXTS)[:1])
FORMERLY_AT = Prepared(lambda slug: Post.objects.filter(former_slugs__slug=slug).defer(*TEXTS)[:1])


def post_known_at(slug: str) -> Post | None:
    """Return the post that is at this address, else the one that was while it was public; its texts are not read yet.

    Costs two queries at most.
    """
    return AT.first(slug) or FORMERLY_AT.first(slug)


def answer_elsewhere(request: HttpRequest, slug: str, name: str = "post") -> HttpResponse:
    """Answer at a post's page or at its Markdown (`name`: of the view) where no published post has this slug.

    301 leads to the post in one hop, however often it moved; 410 says that it was withdrawn, and why. Raises Http404
    for everything else: a draft has left no address anywhere.
    """
    post = post_known_at(slug)
    if post is None or not post.was_public:
        raise Http404
    if post.visibility == Post.Visibility.WITHDRAWN:
        response = render(request, "blog/post_withdrawn.html", {"post": post}, status=410)
    elif post.slug != slug:
        response = redirect(reverse(name, args=[post.slug]), permanent=True)
    else:
        raise Http404
    # A browser may keep a 301 for ever. If the post takes its old address back, that would send readers in circles.
    patch_cache_control(response, no_cache=True)
    return response
