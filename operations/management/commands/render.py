from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from blog import social
from blog.markup import RENDERER_VERSION
from blog.models import Page, Post
from comments.models import Comment

RenderedModel = type[Post] | type[Page] | type[Comment]

RENDERED_MODELS: list[RenderedModel] = [Post, Page, Comment]


class Command(BaseCommand):
    help = (
        "Renders anew the posts, pages and comments that an older renderer made; --all renders every one. "
        "Pictures for social media that were drawn in an older way are left to the worker."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="whatever renderer made them")

    def handle(self, *args: Any, **options: Any) -> None:
        social.look_again()
        counts = {model: render_texts(model, everything=options["all"]) for model in RENDERED_MODELS}
        told = ", ".join(f"{count} {model._meta.verbose_name_plural}" for model, count in counts.items())
        self.stdout.write(f"Rendered {told}.")


def render_texts(model: RenderedModel, *, everything: bool) -> int:
    """Renew the stored HTML; the condition on the source leaves a text alone that is being edited meanwhile."""
    texts = model._default_manager.order_by("pk")
    if not everything:
        texts = texts.exclude(renderer_version=RENDERER_VERSION)
    rendered = 0
    for text in texts.iterator(chunk_size=100):
        text.render()
        values = {name: getattr(text, name) for name in model.RENDERED_FIELDS}
        rendered += model._default_manager.filter(pk=text.pk, source=text.source).update(**values)
    return rendered
