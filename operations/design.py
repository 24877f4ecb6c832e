"""The design page: every component in every state, by the templates and style sheets that readers get.

What is shown is made in memory (operations/design_samples.py) and stored nowhere; most buttons of samples lead nowhere.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blog import mail, themes
from blog.colours import PAIRS, Pair, contrast
from blog.markup import absolute_html
from blog.models import Publication
from operations import design_samples as samples
from subscribers.desk.previews import framed


class Swatch(NamedTuple):
    """A colour of the theme, for light and for dark."""

    name: str
    light: str
    dark: str


class Seen(NamedTuple):
    """A pair of colours, with the contrast that it has in each scheme."""

    pair: Pair
    light: float
    dark: float


@staff_member_required
@never_cache
@require_safe
def show_design(request: HttpRequest) -> HttpResponse:
    """The design system in the theme that the site wears."""
    theme = themes.active()
    post = samples.post()
    context = {
        "theme": theme,
        "swatches": [Swatch(name, light, dark) for name, (light, dark) in theme.colours.items()],
        "pairs": seen_pairs(theme),
        "steps": samples.steps(theme),
        "spaces": samples.spaces(theme),
        "post": post,
        "post_address": post.get_absolute_url(),
        **samples.lists(),
        **samples.conversation(post),
        **samples.forms(post),
    }
    return render(request, "operations/design.html", context)


def seen_pairs(theme: themes.Theme) -> list[Seen]:
    """Return the pairs that have to have contrast, with what they have."""
    return [
        Seen(
            pair,
            *(contrast(*shades) for shades in zip(theme.colours[pair.upper], theme.colours[pair.lower], strict=True)),
        )
        for pair in PAIRS
    ]


@staff_member_required
@never_cache
@require_safe
def show_mail(request: HttpRequest, look: str) -> HttpResponse:
    """A mail in the theme's colours, light or dark: for a frame of the page above."""
    if look not in themes.SCHEMES:
        raise Http404("A mail has no such look.")
    post = samples.post()
    context: dict[str, Any] = {
        "publication": Publication.load(),
        "post": post,
        "post_url": settings.SITE_URL,
        "text_html": absolute_html(post.rendered_html, settings.SITE_URL),
        "manage_url": settings.SITE_URL,
        "leave_url": settings.SITE_URL,
        **mail.site(),
    }
    return framed(mail.html_part("issue_post", context), look)
