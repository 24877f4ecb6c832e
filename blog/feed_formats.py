"""How a feed is written down: Atom, RSS and JSON Feed, each with the whole text of its entries.

Django's generators know the formats; what is added here is what a text has beside them: its content in full, several
authors, a language of its own.
"""

import json
from typing import Any, TextIO
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from blog.markup import clean_source

CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


def cleaned(value: Any) -> Any:
    """Return a value without the control characters that XML 1.0 cannot hold; one in a title would end the feed."""
    if isinstance(value, str):
        return clean_source(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {name: cleaned(item) for name, item in value.items()}
    return value


class CleanFeed(SyndicationFeed):
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*cleaned(list(args)), **cleaned(values))

    def add_item(self, *args: Any, **values: Any) -> None:
        super().add_item(*cleaned(list(args)), **cleaned(values))


class FullTextAtom(CleanFeed, Atom1Feed):
    """Atom with the whole text in `content` beside the summary (RFC 4287, section 4.1.3)."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", author["name"])
            if author["url"]:
                handler.addQuickElement("uri", author["url"])
            handler.endElement("author")
        handler.addQuickElement("content", item["content"], {"type": "html"})


class FullTextRss(CleanFeed, Rss201rev2Feed):
    """RSS 2.0 with the whole text in `content:encoded` (RSS Advisory Board, RSS Best Practices Profile).

    RSS has no date of a change, no language of an item and one author with a mail address: Atom's and Dublin Core's
    elements stand in.
    """

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": CONTENT, "xmlns:dc": DUBLIN_CORE}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.addQuickElement("dc:creator", author["name"])
        if item["language"]:
            handler.addQuickElement("dc:language", item["language"])
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("content:encoded", item["content"])


class JsonFeed(CleanFeed):
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: TextIO, encoding: str) -> None:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "items": [self.entry(item) for item in self.items],
        }
        outfile.write(json.dumps(feed, ensure_ascii=False))

    def entry(self, item: dict[str, Any]) -> dict[str, Any]:
        entry = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["summary"],
            "content_html": item["content"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": item["authors"],
            "tags": item["categories"],
            "language": item["language"],
            "image": next((enclosure.url for enclosure in item["enclosures"]), ""),
        }
        return {name: value for name, value in entry.items() if value}
