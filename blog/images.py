"""Pictures as they are stored: decoded, turned upright, made no larger than needed, encoded anew in several sizes.

What was sent is never kept: a new encoding carries no metadata and no second file type, and its name is random.
What a name promises (blog/pictures.py) is made here, all of it at once.
"""

import secrets
import threading
import warnings
from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from blog import pictures

LARGEST_UPLOAD = 20 * 1024 * 1024  # bytes
LARGEST_SIDE = 1600  # pixels
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")

# Pixels, so that a process stays under 300 MB (tests/blog/test_images.py). A JPEG is decoded at a half, a quarter or
# an eighth of its size, which no other format allows, but one whose scans refine one another is held whole; decoders
# of WebP and AVIF keep several copies.
MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000, "PNG": 20_000_000, "GIF": 20_000_000}
MOST_PIXELS_OTHERWISE = 12_500_000

# Pillow's own guard, for what claims to be larger than any camera makes; its suspicion is enough.
Image.MAX_IMAGE_PIXELS = 200_000_000
warnings.simplefilter("error", Image.DecompressionBombWarning)

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

SETTINGS: dict[str, dict[str, int]] = {"webp": {"quality": 80, "method": 4}, "avif": {"quality": 55, "speed": 8}}
SRGB = ImageCms.createProfile("sRGB")

# Decoding is what needs memory: however many pictures arrive, one process has one of them in its hands.
one_at_a_time = threading.Lock()


class StoredPicture(ContentFile):
    """The widest encoding of a picture, under its new name, with the others that belong beside it."""

    def __init__(self, content: bytes, name: str, others: list[ContentFile]) -> None:
        super().__init__(content, name=name)
        self.others = others


def reencode(upload: BinaryIO) -> StoredPicture:
    """Return the picture upright, without metadata, at most LARGEST_SIDE wide and high, in every size and kind.

    Of what moves it is the first frame. Raises ValidationError, with a sentence for the person who sent it, for
    anything that is not such a picture.
    """
    with one_at_a_time:
        try:
            picture = decode(upload)
        except ValidationError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise too_large(MOST_PIXELS_OTHERWISE) from error  # what it is was not read, and so much is always right
        except Exception as error:  # Pillow's decoders raise whatever comes to them from broken files
            raise ValidationError(explain(upload)) from error
        return encode(picture)


def decode(upload: BinaryIO) -> Image.Image:
    with Image.open(upload, formats=FORMATS) as picture:
        most = MOST_PIXELS.get(picture.format or "", MOST_PIXELS_OTHERWISE)
        if "progressive" in picture.info:
            most //= 2
        if picture.width * picture.height > most:
            raise too_large(most)
        return in_srgb(ImageOps.exif_transpose(shrink(picture)))


def shrink(picture: Image.Image) -> Image.Image:
    """Return no more pixels than needed, in a mode that has shades; a JPEG is decoded at a fraction of its size."""
    scale = min(1, LARGEST_SIDE / max(picture.size))
    picture.draft(None, (round(picture.width * scale), round(picture.height * scale)))
    if picture.has_transparency_data and picture.mode not in {"RGBA", "LA"}:
        picture = picture.convert("RGBA")
    elif picture.mode not in {"RGB", "RGBA", "L", "LA", "CMYK"}:
        picture = picture.convert("RGB")
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=None)
    return picture


def in_srgb(picture: Image.Image) -> Image.Image:
    """Return the picture in the colours that every screen shows, by its own colour profile where that can be read."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))
        converted = ImageCms.profileToProfile(picture, profile, SRGB, outputMode=mode)
    except (KeyError, OSError, ValueError, ImageCms.PyCMSError):  # it has none, or one for other pixels than these
        converted = None
    picture = converted or picture.convert(mode)
    picture.info = {}  # an encoder would write it into the file
    return picture


def encode(picture: Image.Image) -> StoredPicture:
    stem = f"{secrets.token_hex(12)}-{picture.width}x{picture.height}"
    others = [ContentFile(encoded(picture, "avif"), name=f"{stem}-{picture.width}.avif")]
    for width in pictures.narrower(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        smaller = picture.resize((width, height), Image.Resampling.LANCZOS)
        others += [ContentFile(encoded(smaller, kind), name=f"{stem}-{width}.{kind}") for kind in pictures.KINDS]
    return StoredPicture(encoded(picture, "webp"), f"{stem}.webp", others)


def encoded(picture: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **SETTINGS[kind])
    return file.getvalue()


def too_large(most: int) -> ValidationError:
    return ValidationError(
        _("This picture has too many pixels. Send one of at most %(count)d million."),
        params={"count": most // 1_000_000},
    )


def explain(upload: BinaryIO) -> str:
    """Say what to do with a file that could not be read."""
    upload.seek(0)
    start = upload.read(1024)
    if start[4:8] == b"ftyp" and start[8:12] in HEIC_BRANDS:
        return _("This is a HEIC picture, which browsers do not show. Export it as a JPEG and send that.")
    if b"<svg" in start:
        return _("SVG drawings cannot be taken, because they may carry scripts. Export it as a PNG and send that.")
    return _("This file is not a picture that can be read. Send a JPEG, PNG, WebP, AVIF or GIF.")
