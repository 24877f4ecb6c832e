"""Pictures that come from outside, friendly and hostile."""

import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms

from blog.images import FORMATS, LARGEST_SIDE, reencode

ROOT = Path(__file__).resolve().parent.parent.parent
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
    assert re.fullmatch(r"[0-9a-f]{24}-20x10\.webp", str(first))


@pytest.mark.parametrize(
    ("size", "endings"),
    [
        ((300, 200), [".webp", "-300.avif"]),
        ((480, 10), [".webp", "-480.avif"]),
        ((700, 400), [".webp", "-480.avif", "-480.webp", "-700.avif"]),
        ((2000, 1000), [".webp", "-480.avif", "-480.webp", "-960.avif", "-960.webp", "-1600.avif"]),
    ],
)
def test_beside_it_lie_the_narrower_ones_in_both_kinds(size: tuple[int, int], endings: list[str]) -> None:
    picture = reencode(encoded(square(size=size), "PNG"))

    stem = str(picture.name).removesuffix(".webp")
    files = {str(file.name): Image.open(file) for file in [picture, *picture.others]}
    assert sorted(files) == sorted(stem + ending for ending in endings)
    for name, file in files.items():
        narrower = re.search(r"-(\d+)\.", name)
        assert str(file.format).lower() == name.rpartition(".")[2]
        assert file.width == (int(narrower[1]) if narrower else min(size[0], LARGEST_SIDE))


def test_a_picture_in_other_colours_than_the_webs_keeps_its_look_and_loses_its_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tmp ").replace(b"bXYZ", b"rXYZ").replace(b"tmp ", b"bXYZ")

    picture = reencode(encoded(square(colour="red"), "PNG", icc_profile=swapped))

    files = [Image.open(file) for file in [picture, *picture.others]]
    assert all("icc_profile" not in file.info for file in files)
    red, _green, blue = files[0].getpixel((5, 5))
    assert blue > 200 > 60 > red


@pytest.mark.parametrize("profile", [b"no profile", b""])
def test_a_broken_colour_profile_is_passed_over(profile: bytes) -> None:
    picture = stored(encoded(square(), "PNG", icc_profile=profile))

    assert picture.getpixel((5, 5))[0] in range(116, 140)


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

    picture = reencode(upload)

    for content in [file.read() for file in [picture, *picture.others]]:
        assert not Image.open(BytesIO(content)).getexif()
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
    [html_as_gif, html_after_a_magic_number, half_a_png, png_with_broken_data, bmp, postscript, nothing],
    ids=lambda make: make.__name__,
)
def test_what_is_no_picture_is_refused_in_words(make: Callable[[], bytes]) -> None:
    with pytest.raises(ValidationError, match="not a picture that can be read"):
        reencode(BytesIO(make()))


@pytest.mark.parametrize(
    ("start", "advice"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "Export it as a PNG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1", "Export it as a JPEG"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "Export it as a JPEG"),
    ],
    ids=["svg", "heic", "heic of another brand"],
)
def test_who_sends_what_cannot_be_taken_hears_what_to_do(start: bytes, advice: str) -> None:
    with pytest.raises(ValidationError, match=advice):
        reencode(BytesIO(start))


def test_a_page_behind_a_picture_is_left_behind() -> None:
    upload = encoded(square(), "GIF")
    upload.seek(0, 2)
    upload.write(b"<script>alert(1)</script>")
    upload.seek(0)

    assert b"script" not in reencode(upload).read()


@pytest.mark.parametrize(
    ("mode", "size", "format_", "most"),
    [
        ("1", (5000, 4001), "PNG", 20),
        ("1", (13_000, 13_000), "PNG", 20),
        ("L", (4100, 3100), "WEBP", 12),
        ("L", (10_000, 6001), "JPEG", 60),
    ],
)
def test_too_many_pixels_are_refused(mode: str, size: tuple[int, int], format_: str, most: int) -> None:
    with pytest.raises(ValidationError, match=f"at most {most} million"):
        reencode(encoded(Image.new(mode, size), format_))


def test_a_photo_whose_scans_refine_one_another_may_have_half_as_many() -> None:
    with pytest.raises(ValidationError, match="at most 30 million"):
        reencode(encoded(Image.new("L", (6000, 5001)), "JPEG", progressive=True))


def test_a_bomb_of_pixels_is_refused() -> None:
    claim = encoded(Image.new("1", (1, 1)), "PNG").getvalue()
    header = b"\x00\x00\x75\x30\x00\x00\x75\x30"  # 30,000 × 30,000

    with pytest.raises(ValidationError):
        reencode(BytesIO(claim[:16] + header + claim[24:]))


MEASURE = """
import re, sys
import django
django.setup()
from django.core.exceptions import ValidationError
from blog.images import reencode
with open(sys.argv[1], "rb") as file:
    try:
        reencode(file)
    except ValidationError as error:
        print(*error.messages, file=sys.stderr)
with open("/proc/self/status") as status:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", status.read())[1])
"""


@pytest.mark.parametrize(
    ("mode", "size", "format_", "quickly"),
    [
        ("1", (13_000, 13_000), "PNG", {}),
        ("RGBA", (5000, 4000), "PNG", {"compress_level": 1}),
        ("RGB", (9000, 6600), "JPEG", {}),
        ("RGB", (4032, 3024), "WEBP", {"method": 0, "quality": 1}),
    ],
    ids=["bomb", "see-through", "photo", "webp"],
)
def test_no_picture_needs_300_megabytes(
    mode: str, size: tuple[int, int], format_: str, quickly: dict[str, int], tmp_path: Path
) -> None:
    file = tmp_path / "sent"
    file.write_bytes(encoded(Image.new(mode, size), format_, **quickly).getvalue())

    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert int(measured.stdout) < 300 * 1024
