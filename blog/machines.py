"""What is read by programs: a post's Markdown, and what crawlers, browsers and researchers ask every site for."""

import datetime
from email.utils import parseaddr

import yaml
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from blog import themes
from blog.address import absolute_reverse
from blog.addresses import answer_elsewhere
from blog.models import Post, Publication

SECURITY_CONTACT_LASTS = datetime.timedelta(days=180)
ICON_SIZES = (192, 512)  # pixels


@require_safe
def show_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the text as it was written; `import_posts` reads it again."""
    posts = Post.objects.published().with_authors().prefetch_related("tags", "corrections")
    post = posts.filter(slug=slug).first()
    if post is None:
        return answer_elsewhere(request, slug, "post_markdown")
    response = HttpResponse(as_document(post), content_type="text/markdown; charset=utf-8")
    response["Link"] = f'<{iri_to_uri(post.canonical)}>; rel="canonical"'
    if not post.is_listed:
        response["X-Robots-Tag"] = "noindex"
    return response


def as_document(post: Post) -> str:
    """Return a post as Markdown with front matter."""
    meta = {
        "title": post.title,
        "subtitle": post.subtitle,
        "slug": post.slug,
        "authors": [byline.author.name for byline in post.bylines.all()],
        "date": post.published_at,
        "updated": post.changed_at,
        "tags": [tag.name for tag in post.tags.all()],
        "canonical": post.canonical,
    }
    known = {name: value for name, value in meta.items() if value}
    front_matter = yaml.safe_dump(known, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{front_matter}---\n\n{post.source.rstrip()}\n"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {absolute_reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_contact(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a weakness (RFC 9116)."""
    _name, address = parseaddr(settings.REPLY_TO or settings.DEFAULT_FROM_EMAIL)
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{address}",
        f"Expires: {today + SECURITY_CONTACT_LASTS:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {absolute_reverse('security_contact')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Name the site for who keeps it on a home screen (W3C, Web Application Manifest)."""
    site = Publication.load()
    paper, _dark = themes.active().colours["paper"]
    icons = [{"src": static(f"icon-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"} for n in ICON_SIZES]
    about = {
        "name": site.name,
        "description": site.description,
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/",
        "display": "browser",
        "background_color": paper,
        "theme_color": paper,
        "icons": [*icons, {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(about, content_type="application/manifest+json")
