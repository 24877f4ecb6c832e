"""The reading room. Nothing here changes anything."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django.views.static import serve

from blog import archive, readers
from blog import search as finding
from blog.address import absolute
from blog.addresses import answer_elsewhere
from blog.lists import MOST_BESIDE, TITLES_PER_PAGE, Rows, page_of, tags_in_use
from blog.models import Author, Page, Post, Series, Tag
from blog.related import related_posts, series_place
from blog.sent_words import refuse_with, sent_words


@require_safe
def home(request: HttpRequest, number: int = 1) -> HttpResponse:
    if number == 1 and request.path != "/":
        return redirect("home", permanent=True)
    posts = page_of(Rows(Post.objects.newest_first().for_lists(), Post.objects.listed().ids()), number)
    return render(request, "blog/home.html", {"posts": posts})


@require_safe
def show_post(request: HttpRequest, slug: str) -> HttpResponse:
    staff = readers.staff_user(request)
    posts = Post.objects.visible_to(staff) if staff else Post.objects.published()
    try:
        post = posts.for_page().get(slug=slug)
    except Post.DoesNotExist:
        return answer_elsewhere(request, slug)
    may_be_kept = settings.OFFLINE_COPIES and post.is_published and not readers.has_session(request)
    return render(request, "blog/post_detail.html", {**post_context(post), "may_be_kept": may_be_kept})


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
    listed = Rows(Post.objects.newest_first().for_lists(), author.listings.ids())
    posts = page_of(listed, request.GET.get("page", 1))
    return render(request, "blog/author_detail.html", {"author": author, "posts": posts})


@require_safe
def show_tag(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(Tag, slug=slug)
    listed = Rows(Post.objects.newest_first().for_lists(), tag.listings.ids())
    posts = page_of(listed, request.GET.get("page", 1))
    return render(request, "blog/tag_detail.html", {"tag": tag, "posts": posts})


@require_safe
def show_tags(request: HttpRequest) -> HttpResponse:
    return render(request, "blog/tag_list.html", {"tags": tags_in_use(), "most": MOST_BESIDE})


@require_safe
def show_series(request: HttpRequest, slug: str) -> HttpResponse:
    series = get_object_or_404(Series, slug=slug)
    listed = Rows(Post.objects.in_series_order().for_lists(), series.listed_posts().ids())
    posts = page_of(listed, request.GET.get("page", 1))
    return render(request, "blog/series_detail.html", {"series": series, "posts": posts})


@require_safe
def show_archive(request: HttpRequest) -> HttpResponse:
    years = archive.years()
    months = archive.months(years)
    by_year = [(year, [month for month in months if month.year == year.year]) for year in years]
    return render(request, "blog/archive_overview.html", {"years": by_year})


@require_safe
def show_period(request: HttpRequest, year: int, month: int | None = None) -> HttpResponse:
    """A year or a month of the archive; one without a post is not there."""
    if not (archive.FIRST_YEAR <= year <= archive.LAST_YEAR and (month is None or 1 <= month <= 12)):
        raise Http404("There is no such time.")
    period = archive.Period(year, month)
    listed = Rows(Post.objects.newest_first().for_titles(), period.posts().ids())
    posts = page_of(listed, request.GET.get("page", 1), length=TITLES_PER_PAGE)
    if not posts.object_list:
        raise Http404("Nothing was published then.")
    months = [] if month else archive.months([period])
    return render(request, "blog/archive_period.html", {"period": period, "posts": posts, "months": months})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    hits = finding.find(request.GET.get("q", ""), everywhere="all" in request.GET)
    page = page_of(hits, request.GET.get("page", 1))
    limits = {"longest": finding.LONGEST, "large": finding.LARGE}
    return render(request, "blog/search.html", {"hits": hits, "page": page, **limits})


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a stored picture. Its name is random and its bytes never change, so it is kept for ever."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refuse_with(sent_words(request), request, "403.html")
