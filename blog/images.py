"""Pictures as they are stored: decoded, turned upright, made no larger than needed, encoded anew.

What was sent is never kept: a new encoding carries no metadata and no second file type, and its name is random.
"""

import secrets
from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_SIDE = 1600  # pixels
MOST_PIXELS = 40_000_000
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def reencode(upload: BinaryIO) -> ContentFile:
    """Return the picture as WebP, upright, at most LARGEST_SIDE wide and high.

    Raises ValidationError, with a sentence for the person who sent it, for anything that is not such a picture.
    """
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("This picture is too large. Send one of at most 40 million pixels."))
            upright = ImageOps.exif_transpose(picture)
            has_alpha = upright.has_transparency_data
            pixels = upright.convert("RGBA" if has_alpha else "RGB")
    except ValidationError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever comes to them from broken files
        raise ValidationError(
            _("This file is not a picture that can be read. Send a JPEG, PNG, WebP, AVIF or GIF.")
        ) from error
    pixels.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    encoded = BytesIO()
    pixels.save(encoded, "WEBP", quality=QUALITY, method=4)
    return ContentFile(encoded.getvalue(), name=f"{secrets.token_hex(12)}.webp")
