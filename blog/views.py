"""The reading room. Nothing here changes anything."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django.views.static import serve

from blog import readers
from blog.address import absolute
from blog.addresses import answer_elsewhere
from blog.lists import page_of
from blog.models import Author, Page, Post, Series, Tag
from blog.related import related_posts, series_place


@require_safe
def home(request: HttpRequest, number: int = 1) -> HttpResponse:
    if number == 1 and request.path != "/":
        return redirect("home", permanent=True)
    posts = page_of(Post.objects.listed().for_lists(), number)
    return render(request, "blog/home.html", {"posts": posts})


@require_safe
def show_post(request: HttpRequest, slug: str) -> HttpResponse:
    staff = readers.staff_user(request)
    posts = Post.objects.visible_to(staff) if staff else Post.objects.published()
    post = posts.for_page().filter(slug=slug).first()
    if post is None:
        return answer_elsewhere(request, slug)
    return render(request, "blog/post_detail.html", post_context(post))


def post_context(post: Post) -> dict[str, object]:
    """Return what the post's page shows, for a post from `PostQuerySet.for_page()`."""
    return {
        "post": post,
        "post_address": absolute(post.get_absolute_url()),
        "series_place": series_place(post),
        "related": related_posts(post, list(post.tags.all())),
    }


@require_safe
def show_page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "blog/page_detail.html", {"page": get_object_or_404(Page, slug=slug)})


@require_safe
def show_author(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    posts = page_of(author.posts.listed().for_lists(), request.GET.get("page", 1))
    return render(request, "blog/author_detail.html", {"author": author, "posts": posts})


@require_safe
def show_tag(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(Tag, slug=slug)
    posts = page_of(tag.posts.listed().for_lists(), request.GET.get("page", 1))
    return render(request, "blog/tag_detail.html", {"tag": tag, "posts": posts})


@require_safe
def show_series(request: HttpRequest, slug: str) -> HttpResponse:
    series = get_object_or_404(Series, slug=slug)
    posts = page_of(series.listed_posts().for_lists(), request.GET.get("page", 1))
    return render(request, "blog/series_detail.html", {"series": series, "posts": posts})


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a stored picture. Its name is random and its bytes never change, so it is kept for ever."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", status=403)
