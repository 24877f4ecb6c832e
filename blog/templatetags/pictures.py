from typing import Any

from django import template
from django.utils.safestring import SafeString

from blog.models import Image
from blog.pictures import picture_html

register = template.Library()


@register.simple_tag
def picture(image: Image, place: str, **values: Any) -> SafeString:
    """Show a picture in one of the places of `blog.pictures.SIZES`; `alt` and `at_once` may be given."""
    alt = values.pop("alt", image.alt)
    return picture_html(image.file.url, alt, place=place, size=(image.width, image.height), focus=image.focus, **values)
