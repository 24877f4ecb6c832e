"""Pictures that come from outside, friendly and hostile."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from blog.images import FORMATS, LARGEST_SIDE, reencode

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F
UPSIDE_DOWN, TURNED = 3, 6


def encoded(picture: Image.Image, format: str, **options: object) -> BytesIO:  # noqa: A002  Pillow's own word
    file = BytesIO()
    picture.save(file, format, **options)
    file.seek(0)
    return file


def square(mode: str = "RGB", colour: object = "maroon", size: tuple[int, int] = (20, 10)) -> Image.Image:
    return Image.new(mode, size, colour)  # type: ignore[arg-type]


def stored(upload: BytesIO) -> Image.Image:
    picture = Image.open(reencode(upload))
    picture.load()
    assert picture.format == "WEBP"
    return picture


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_becomes_webp(format_: str) -> None:
    picture = stored(encoded(square(), format_))

    assert picture.size == (20, 10)
    assert all(abs(got - sent) < 12 for got, sent in zip(picture.getpixel((5, 5)), (128, 0, 0), strict=True))


def test_a_name_is_random_and_ends_like_what_it_is() -> None:
    first, second = (reencode(encoded(square(), "PNG")).name for _ in range(2))

    assert first != second
    assert first.removesuffix(".webp").isalnum()
    assert len(first) == len("24 hexadecimal digits...") + len(".webp")


@pytest.mark.parametrize(
    ("picture", "format_", "mode"),
    [
        (square("CMYK", (0, 255, 255, 0)), "JPEG", "RGB"),
        (square("L", 80), "JPEG", "RGB"),
        (square("1", 1), "PNG", "RGB"),
        (square("P", 0), "GIF", "RGB"),
        (square("I;16", 80), "PNG", "RGB"),
        (square("RGBA", (128, 0, 0, 50)), "PNG", "RGBA"),
        (square("LA", (80, 50)), "PNG", "RGBA"),
    ],
    ids=["cmyk", "grey", "black and white", "palette", "16 bit", "see-through", "see-through grey"],
)
def test_every_kind_of_pixel_can_be_stored(picture: Image.Image, format_: str, mode: str) -> None:
    assert stored(encoded(picture, format_)).mode == mode


def test_red_in_ink_is_red_on_screen() -> None:
    red, green, blue = stored(encoded(square("CMYK", (0, 255, 255, 0)), "JPEG")).getpixel((5, 5))

    assert red > 200
    assert max(green, blue) < 60


def test_where_and_when_a_picture_was_taken_is_forgotten() -> None:
    exif = Image.Exif()
    exif[MAKER] = "A camera"
    exif.get_ifd(GPS)[1] = "N"
    upload = encoded(square(), "JPEG", exif=exif, comment=b"A comment", xmp=b"<x:xmpmeta>Somebody</x:xmpmeta>")
    assert b"A camera" in upload.getvalue()

    content = reencode(upload).read()

    picture = Image.open(BytesIO(content))
    assert not picture.getexif()
    for word in (b"EXIF", b"XMP ", b"A camera", b"A comment", b"Somebody"):
        assert word not in content


@pytest.mark.parametrize(("orientation", "size"), [(TURNED, (10, 20)), (UPSIDE_DOWN, (20, 10))])
def test_a_picture_stands_upright(orientation: int, size: tuple[int, int]) -> None:
    picture = square()
    picture.paste("white", (0, 0, 10, 10))  # the left half
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    upright = stored(encoded(picture, "JPEG", exif=exif))

    assert upright.size == size
    corner = upright.getpixel((1, 1))
    assert (min(corner) > 200) is (orientation == TURNED)


@pytest.mark.parametrize(
    ("size", "smaller"),
    [((3200, 800), (1600, 400)), ((800, 3200), (400, 1600)), ((1600, 1600), (1600, 1600)), ((5000, 1), (1600, 1))],
)
def test_a_large_picture_is_made_smaller(size: tuple[int, int], smaller: tuple[int, int]) -> None:
    picture = stored(encoded(square(size=size), "PNG"))

    assert picture.size == smaller
    assert max(picture.size) <= LARGEST_SIDE


def test_of_an_animation_the_first_picture_is_kept() -> None:
    frames = [square(colour=colour) for colour in ("maroon", "white", "black")]

    picture = stored(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))

    assert getattr(picture, "n_frames", 1) == 1
    assert picture.getpixel((5, 5))[0] in range(116, 140)


def html_as_gif() -> bytes:
    return b"<html><script>alert(1)</script></html>"


def html_after_a_magic_number() -> bytes:
    return b"GIF89a<script>alert(1)</script>"


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="1" height="1"/></svg>'


def half_a_png() -> bytes:
    content = encoded(Image.effect_noise((200, 200), 50), "PNG").getvalue()
    return content[: len(content) // 2]


def png_with_broken_data() -> bytes:
    content = encoded(square(), "PNG").getvalue()
    return content.replace(b"IDAT", b"IDAT\xff\xff\xff", 1)


def bmp() -> bytes:
    return encoded(square(), "BMP").getvalue()


def postscript() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n(%pipe%id) (r) file\n"


def nothing() -> bytes:
    return b""


@pytest.mark.parametrize(
    "make",
    [html_as_gif, html_after_a_magic_number, svg, half_a_png, png_with_broken_data, bmp, postscript, nothing],
    ids=lambda make: make.__name__,
)
def test_what_is_no_picture_is_refused_in_words(make: Callable[[], bytes]) -> None:
    with pytest.raises(ValidationError, match="not a picture that can be read"):
        reencode(BytesIO(make()))


def test_a_page_behind_a_picture_is_left_behind() -> None:
    upload = encoded(square(), "GIF")
    upload.seek(0, 2)
    upload.write(b"<script>alert(1)</script>")
    upload.seek(0)

    assert b"script" not in reencode(upload).read()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    upload = encoded(Image.new("1", (8000, 6000)), "PNG")
    assert len(upload.getvalue()) < 20_000

    with pytest.raises(ValidationError, match="at most 40 million pixels"):
        reencode(upload)


def test_a_bomb_of_pixels_is_refused() -> None:
    claim = encoded(Image.new("1", (1, 1)), "PNG").getvalue()
    header = b"\x00\x00\x75\x30\x00\x00\x75\x30"  # 30,000 × 30,000

    with pytest.raises(ValidationError):
        reencode(BytesIO(claim[:16] + header + claim[24:]))
