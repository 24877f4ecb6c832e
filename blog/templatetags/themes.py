"""The theme's colours where no browser looks them up."""

from django import template

from blog import themes

register = template.Library()


@register.filter
def in_colours(css: str, scheme: str) -> str:
    """Return a style sheet with the theme's colours for its tokens; `scheme` is light or dark."""
    return themes.active().resolve(css, scheme)
