"""From a stored picture's name to the HTML that shows it, in texts and in templates."""

from io import BytesIO

import feedparser
import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from PIL import Image as Pillow

from blog.images import reencode
from blog.markup import absolute_html, render_post
from blog.models import Image
from blog.pictures import Picture, file_names, markdown, stored_name
from tests.factories import make_author, make_image, make_post

STEM = "images/" + "0a" * 12
BASE = "https://byline.example"

pytestmark = pytest.mark.django_db


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def first(html: str, tag: str) -> Tag:
    found = parsed(html).find(tag)
    assert isinstance(found, Tag)
    return found


def drawing() -> BytesIO:
    file = BytesIO()
    Pillow.new("RGB", (1000, 20), "maroon").save(file, "PNG")
    return file


def test_a_picture_in_a_text_offers_every_size_and_keeps_its_place_while_it_loads() -> None:
    html = render_post(f'![A hand](/media/{STEM}-1600x900.webp "Whose hand")').html

    sources = parsed(html).find_all("source")
    assert [source["type"] for source in sources] == ["image/avif", "image/webp"]
    assert sources[0]["srcset"] == (
        f"/media/{STEM}-1600x900-480.avif 480w, /media/{STEM}-1600x900-960.avif 960w, "
        f"/media/{STEM}-1600x900-1600.avif 1600w"
    )
    assert sources[1]["srcset"].endswith(f"/media/{STEM}-1600x900-960.webp 960w, /media/{STEM}-1600x900.webp 1600w")
    assert all("40rem" in source["sizes"] for source in sources)
    assert first(html, "img").attrs == {
        "src": f"/media/{STEM}-1600x900.webp",
        "alt": "A hand",
        "width": "1600",
        "height": "900",
        "loading": "lazy",
        "decoding": "async",
    }
    assert first(html, "figcaption").text == "Whose hand"


@pytest.mark.parametrize(
    "address",
    [
        f"/media/{STEM}.webp",
        f"/media/{STEM}-1600x900.jpg",
        f"/media/{STEM}-0x900.webp",
        f"/media/{STEM}-1600x900.webp?v=1",
        f"/media/{STEM.upper()}-1600x900.webp",
        f"https://evil.example/media/{STEM}-1600x900.webp",
    ],
)
def test_every_other_address_stays_a_plain_picture(address: str) -> None:
    html = render_post(f"![A hand]({address})").html

    assert html.strip() == f'<figure><img src="{address}" alt="A hand"></figure>'


@pytest.mark.parametrize(
    "source",
    [
        '<picture><source srcset="https://evil.example/a.webp 1w"><img src="/a.webp" alt=""></picture>',
        f'<picture><source srcset="/media/{STEM}-9x9.webp 9w, //evil.example/a.webp 1w"></picture>',
        f'<picture><source srcset="/media/{STEM}-9x9.webp 9w,//evil.example/a.webp 1w"></picture>',
        '<source srcset="/admin/logout/ 1w" src="/admin/logout/">',
        '<img src="/a.webp" alt="" srcset="//evil.example/a.webp 1w">',
    ],
)
def test_an_authors_html_loads_nothing_by_way_of_a_srcset(source: str) -> None:
    html = render_post(source).html

    assert "evil" not in html
    assert "logout" not in html


def test_feeds_and_mails_get_a_plain_picture_at_its_full_address() -> None:
    html = render_post(f"![A hand](/media/{STEM}-1600x900.webp)").html

    assert absolute_html(html, BASE).strip() == (
        f'<figure><img src="{BASE}/media/{STEM}-1600x900.webp" alt="A hand" width="1600" height="900"></figure>'
    )


def test_the_feed_holds_plain_pictures(client: Client) -> None:
    make_post(source=f"![A hand](/media/{STEM}-1600x900.webp)")

    (entry,) = feedparser.parse(client.get("/feeds/posts.atom").content).entries

    assert "srcset" not in entry.content[0].value
    assert first(entry.content[0].value, "img")["src"].startswith("http")


@pytest.mark.parametrize(
    ("alt", "caption"),
    [
        ("A hand", ""),
        ("A [hand] with \\ and ]", 'Said "so" \\ here'),
        ("Two\nlines", "Two\n\nlines"),
        ("*no* _marks_ `here` <b>", "<i>neither</i> *here*"),
        ("", ""),
        ("](/evil.webp)![", '") ![x](/evil.webp "'),
    ],
)
def test_any_words_can_stand_for_a_picture(alt: str, caption: str) -> None:
    html = render_post(markdown(f"/media/{STEM}-9x9.webp", alt, caption)).html

    image = first(html, "img")
    assert (image["src"], image["alt"]) == (f"/media/{STEM}-9x9.webp", " ".join(alt.split()))
    assert (parsed(html).figcaption.text if caption else "") == " ".join(caption.split())
    assert len(parsed(html).find_all("img")) == 1


def test_the_names_in_the_html_are_the_files_that_are_there() -> None:
    image = Image.objects.create(file=reencode(drawing()))

    picture = Picture.at(image.file.url)

    assert picture
    assert (picture.width, picture.height) == (image.width, image.height)
    for name in file_names(str(image.file.name)):
        assert image.file.storage.exists(name)
        assert stored_name(f"/media/{name}") == image.file.name


def test_a_cover_is_loaded_at_once_and_says_where_its_middle_is(client: Client) -> None:
    post = make_post(cover=make_image(alt="A hand", focus="top-left"))

    html = client.get(post.get_absolute_url()).text

    image = first(str(first(html, "figure")), "img")
    assert (image["alt"], image["class"], image["fetchpriority"]) == ("A hand", ["focus-top-left"], "high")
    assert (image["width"], image["height"]) == ("8", "5")
    assert "loading" not in image.attrs


def test_the_lead_picture_only_decorates(client: Client) -> None:
    make_post(cover=make_image(alt="A hand"))

    image = first(client.get("/").text, "img")

    assert (image["alt"], image["fetchpriority"]) == ("", "high")
    assert "class" not in image.attrs


def test_a_portrait_has_its_words(client: Client) -> None:
    author = make_author(portrait=make_image(alt="Ann, laughing"))

    assert first(client.get(author.get_absolute_url()).text, "img")["alt"] == "Ann, laughing"
