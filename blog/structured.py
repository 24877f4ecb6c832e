"""What a page says about itself to machines: schema.org's words as plain dicts, written out as JSON-LD.

Every address is a full one. Nothing here asks the database for what the view has not fetched already.
"""

import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import html_safe

from blog.address import absolute, absolute_reverse
from blog.models import Author, Post, Publication
from blog.social import picture_of

Node = dict[str, Any]

# What could end a script element, or open a comment in one (HTML, section 4.12.1.3).
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


@html_safe
class DataBlock:
    """Nodes as a `<script>` that holds data. A title may have anything in it: nothing of it can end the element."""

    def __init__(self, *nodes: Node) -> None:
        self.data = {"@context": "https://schema.org", "@graph": [filled(node) for node in nodes]}

    def __str__(self) -> str:
        written = json.dumps(self.data, separators=(",", ":")).translate(ESCAPES)
        return f'<script type="application/ld+json">{written}</script>'


def filled(node: Node) -> Node:
    """Return a node without the properties that have nothing in them."""
    return {name: value for name, value in node.items() if value not in ("", None, [], {})}


# --- Pages --------------------------------------------------------------------------------------------------------


def home_data(publication: Publication) -> DataBlock:
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": absolute_reverse("search") + "?q={search_term_string}"},
        "query-input": "required name=search_term_string",
    }
    return DataBlock({**website(publication), "publisher": publisher(publication), "potentialAction": search})


def post_data(post: Post, publication: Publication) -> DataBlock:
    """Describe a published post. Wants its authors, tags, sources, corrections, series and cover fetched."""
    address = absolute(post.get_absolute_url())
    page = {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": post.title,
        "inLanguage": post.language or settings.LANGUAGE_CODE,
        "isPartOf": website(publication),
        "reviewedBy": filled({"@type": "Person", "name": post.reviewed_by}) if post.reviewed_by else None,
        "lastReviewed": post.reviewed_on.isoformat() if post.reviewed_on else None,
    }
    trail = [(tag.name, tag.get_absolute_url()) for tag in list(post.tags.all())[:1]]
    return DataBlock(page, article(post, publication), breadcrumbs(publication, *trail, (post.title, address)))


def author_data(author: Author, publication: Publication) -> DataBlock:
    """Describe an author's page. Wants the portrait fetched."""
    address = absolute(author.get_absolute_url())
    about = {**person(author), "description": author.bio or author.tagline}
    if author.portrait:
        about["image"] = absolute(author.portrait.file.url)
    page = {"@type": "ProfilePage", "@id": address, "url": address, "mainEntity": filled(about)}
    return DataBlock(page, breadcrumbs(publication, (author.name, address)))


def list_data(name: str, path: str, publication: Publication) -> DataBlock:
    """Describe a list of posts: a tag's, a series'."""
    return DataBlock(breadcrumbs(publication, (name, path)))


# --- What they are made of ----------------------------------------------------------------------------------------


def article(post: Post, publication: Publication) -> Node:
    """Return the node that search engines make a result of (developers.google.com, “Article structured data”)."""
    picture = picture_of(post)
    return filled(
        {
            "@type": "BlogPosting",
            "@id": f"{absolute(post.get_absolute_url())}#post",
            "mainEntityOfPage": absolute(post.get_absolute_url()),
            "url": post.canonical,
            "headline": post.title,
            "alternativeHeadline": post.subtitle,
            "description": post.search_description or post.standfirst,
            "image": picture and {"@type": "ImageObject", **picture.measured()},
            "datePublished": post.published_at and post.published_at.isoformat(timespec="seconds"),
            "dateModified": post.changed_at.isoformat(timespec="seconds"),
            "author": [person(byline.author) for byline in post.bylines.all()],
            "publisher": publisher(publication),
            "inLanguage": post.language or settings.LANGUAGE_CODE,
            "wordCount": post.word_count,
            "keywords": [tag.name for tag in post.tags.all()],
            "isPartOf": series(post),
            "citation": [
                filled({"@type": "CreativeWork", "name": source.text, "url": source.url})
                for source in post.sources.all()
            ],
            "correction": [
                {
                    "@type": "CorrectionComment",
                    "text": correction.text,
                    "datePublished": correction.corrected_on.isoformat(),
                }
                for correction in post.corrections.all()
            ],
        }
    )


def person(author: Author) -> Node:
    address = absolute(author.get_absolute_url())
    same = [author.website] if author.website else []
    return filled({"@type": "Person", "@id": f"{address}#person", "name": author.name, "url": address, "sameAs": same})


def series(post: Post) -> Node | None:
    if post.series is None:
        return None
    return {
        "@type": "CreativeWorkSeries",
        "name": post.series.title,
        "url": absolute(post.series.get_absolute_url()),
    }


def website(publication: Publication) -> Node:
    home = absolute_reverse("home")
    return filled(
        {
            "@type": "WebSite",
            "@id": f"{home}#website",
            "url": home,
            "name": publication.name,
            "description": publication.description,
            "inLanguage": settings.LANGUAGE_CODE,
        }
    )


def publisher(publication: Publication) -> Node:
    home = absolute_reverse("home")
    logo = {"@type": "ImageObject", "url": absolute(static("icon-512.png")), "width": 512, "height": 512}
    return {"@type": "Organization", "@id": f"{home}#publisher", "name": publication.name, "url": home, "logo": logo}


def breadcrumbs(publication: Publication, *trail: tuple[str, str]) -> Node:
    """Return the way from the front page to a page, as (name, address) steps; root-relative addresses will do."""
    steps = [(publication.name, absolute_reverse("home")), *trail]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(address)}
            for position, (name, address) in enumerate(steps, 1)
        ],
    }
