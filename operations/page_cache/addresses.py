"""Which addresses the cache may answer for, and which parameters change what stands there."""

from urllib.parse import parse_qsl, urlencode

from django.urls import Resolver404, resolve

PAGE = frozenset({"page"})
NONE: frozenset[str] = frozenset()

# By the names in config/urls.py. What is not named here is never kept: pages behind tokens, forms that are made for
# one request, searches, whose addresses have no end, and everything for staff.
PARAMETERS: dict[str, frozenset[str]] = {
    "home": NONE,
    "home_page": NONE,
    "post": frozenset({"order", "comments"}),
    "post_markdown": NONE,
    "page": NONE,
    "author": PAGE,
    "tag": PAGE,
    "tags": NONE,
    "series": PAGE,
    "archive": NONE,
    "archive_year": PAGE,
    "archive_month": PAGE,
    "feed": NONE,
    "feed_rss": NONE,
    "feed_json": NONE,
    "comments_feed": NONE,
    "post_comments_feed": NONE,
    "tag_feed": NONE,
    "author_feed": NONE,
    "sitemap": frozenset({"p"}),
    "sitemap_section": frozenset({"p"}),
    "robots": NONE,
    "manifest": NONE,
}

LONGEST_QUERY = 1000  # characters; a longer one is left to Django
MOST_PARAMETERS = 20


def name_at(path: str) -> str:
    """Return the name in config/urls.py of the address at a path; empty if there is none."""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def parameters_at(path: str) -> frozenset[str] | None:
    """Return the names of the parameters that change the page at a path; None if the cache may not keep it."""
    return PARAMETERS.get(name_at(path))


def canonical_query(query: str, known: frozenset[str]) -> str | None:
    """Return a query string without the parameters that change nothing, or None for one that is better left alone.

    Of a parameter that comes twice the last counts, as in Django's QueryDict.
    """
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        return None
    return urlencode([(name, pairs[name]) for name in sorted(known & pairs.keys())])
