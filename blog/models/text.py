from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import markup


class Text(models.Model):
    """Markdown as the stored truth, and what the renderer last made of it.

    The HTML is rendered when the source is saved, never when a reader asks, and carries the renderer's version so
    that `manage.py render` finds what an older renderer made.
    """

    source = models.TextField(
        _("text"), blank=True, validators=[MaxLengthValidator(markup.POST_LIMIT)], help_text=_("Markdown.")
    )
    rendered_html = models.TextField(editable=False, blank=True)
    opening = models.CharField(max_length=markup.OPENING_LENGTH, editable=False, blank=True)
    headings = models.JSONField(editable=False, default=list)  # [level, id, words] of each, for the table of contents
    plain_text = models.TextField(editable=False, blank=True)  # the words without marks, for search
    word_count = models.PositiveIntegerField(editable=False, default=0)
    renderer_version = models.PositiveIntegerField(editable=False, default=0)

    RENDERED_FIELDS = ["rendered_html", "opening", "headings", "plain_text", "word_count", "renderer_version"]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or "source" in fields:
            self.render()
            if fields is not None:
                kwargs["update_fields"] = {*fields, *self.RENDERED_FIELDS}
        super().save(*args, **kwargs)

    def render(self) -> None:
        """Fill the rendered fields from the source; saves nothing."""
        rendered = markup.render_post(self.source)
        self.rendered_html = rendered.html
        self.opening = rendered.opening
        self.headings = rendered.headings
        self.plain_text = rendered.plain_text
        self.word_count = rendered.word_count
        self.renderer_version = markup.RENDERER_VERSION
