"""A stored picture's name, and the HTML that shows it.

A picture made by blog/images.py is called `<24 hex>-<width>x<height>.webp`. Its size, and with it which smaller ones
lie beside it, can be told from this name alone: the renderer needs no database and stays a pure function.
"""

import re
from dataclasses import dataclass
from typing import Self

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MEDIA = "/media/"
FOLDER = f"{MEDIA}images/"
WIDTHS = (480, 960)  # pixels, of the smaller pictures
KINDS = ("avif", "webp")  # in the order in which a browser is offered them

# How wide a picture stands on the page, for the browser's choice (HTML standard, "sizes attributes"). The numbers
# are byline.css's: the measure, the cover and the lead picture, each with the space at both edges.
SIZES = {
    "text": "(min-width: 43rem) 40rem, 100vw",
    "cover": "(min-width: 66rem) 62rem, 100vw",
    "lead": "(min-width: 60rem) 40rem, 100vw",
    "portrait": "96px",
    "thumbnail": "120px",
}

NAME = r"[0-9a-f]{24}-(?P<width>[1-9]\d{0,4})x(?P<height>[1-9]\d{0,4})"
ADDRESS = re.compile(rf"{FOLDER}{NAME}\.webp")
CANDIDATE = re.compile(rf"{FOLDER}{NAME}(-\d{{1,5}})?\.(avif|webp) \d{{1,5}}w")


@dataclass(frozen=True)
class Picture:
    """What an address of ours says: `stem` is all of it but the ending."""

    stem: str
    width: int
    height: int

    @classmethod
    def at(cls, address: str) -> Self | None:
        """Return the picture with this address; None if the address is not one that blog/images.py gives."""
        found = ADDRESS.fullmatch(address)
        return cls(address.removesuffix(".webp"), int(found["width"]), int(found["height"])) if found else None

    def files(self, kind: str) -> dict[str, int]:
        """Return address and width of the files of one kind, narrowest first."""
        widest = f"{self.stem}.webp" if kind == "webp" else f"{self.stem}-{self.width}.{kind}"
        return {f"{self.stem}-{width}.{kind}": width for width in narrower(self.width)} | {widest: self.width}

    def srcset(self, kind: str) -> str:
        return ", ".join(f"{address} {width}w" for address, width in self.files(kind).items())


def narrower(width: int) -> list[int]:
    """Return the widths of the smaller pictures beside one of this width."""
    return [smaller for smaller in WIDTHS if smaller < width]


def picture_html(
    address: str,
    alt: str,
    *,
    title: str = "",
    place: str = "text",
    size: tuple[int, int] | None = None,
    focus: str = "",
    at_once: bool = False,
) -> SafeString:
    """Return `<picture>` for a picture of ours, plain `<img>` for every other address.

    `place` is a key of SIZES and `focus` one of Image.Focus; `size`, width and height in pixels, stands in where the
    address does not say it. What is above the fold is loaded `at_once`, the rest when the reader comes near.
    """
    picture = Picture.at(address)
    width, height = (picture.width, picture.height) if picture else size or ("", "")
    optional = {
        "title": title,
        "width": width,
        "height": height,
        "class": f"focus-{focus}" if focus and focus != "centre" else "",
        "loading": "" if at_once else "lazy",
        "fetchpriority": "high" if at_once else "",
    }
    image = format_html(
        '<img src="{}" alt="{}"{} decoding="async">',
        address,
        alt,
        format_html_join("", ' {}="{}"', ((name, value) for name, value in optional.items() if value)),
    )
    if picture is None:
        return image
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((kind, picture.srcset(kind), SIZES[place]) for kind in KINDS),
    )
    return format_html("<picture>{}{}</picture>", sources, image)


def markdown(address: str, alt: str, caption: str = "") -> str:
    """Return the Markdown that shows a picture; alone in its paragraph it becomes a figure with this caption."""
    words = re.sub(r"([\\\[\]*_`<])", r"\\\1", " ".join(alt.split()))
    title = re.sub(r'([\\"])', r"\\\1", " ".join(caption.split()))
    return f'![{words}]({address} "{title}")' if title else f"![{words}]({address})"


def is_ours(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute is one that `picture_html` writes, so that no author's HTML can load anything else."""
    match tag, name:
        case "source", "srcset":
            return all(CANDIDATE.fullmatch(candidate) for candidate in value.split(", "))
        case "source", "sizes":
            return value in SIZES.values()
        case "source", "type":
            return value in {f"image/{kind}" for kind in KINDS}
        case "img", "loading":
            return value == "lazy"
        case "img", "decoding":
            return value == "async"
    return True


def file_names(stored: str) -> list[str]:
    """Return the names, below the media folder, of a stored picture and of all that lies beside it."""
    picture = Picture.at(MEDIA + stored)
    if picture is None:
        return [stored]
    return [address.removeprefix(MEDIA) for kind in KINDS for address in picture.files(kind)]


def stored_name(address: str) -> str:
    """Return the name that the database has for a file below the media folder: a smaller picture counts as its own."""
    return re.sub(rf"^(images/{NAME})-\d{{1,5}}\.(avif|webp)$", r"\1.webp", address.removeprefix(MEDIA))
