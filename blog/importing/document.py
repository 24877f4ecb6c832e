import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Signature:
    """A name that a text is signed with, and the line that goes with it."""

    name: str
    tagline: str = ""


@dataclass(frozen=True)
class Document:
    """What a file says about a post, whatever its format. The text is Markdown."""

    title: str
    text: str
    subtitle: str = ""
    slug: str = ""
    authors: list[Signature] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    date: datetime.datetime | None = None
    draft: bool = False


class UnreadableDocumentError(ValueError):
    """A file that cannot become a post; the message says what to change in it."""
