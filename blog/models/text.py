from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from blog import markup

if TYPE_CHECKING:
    from accounts.models import User


class Text(models.Model):
    """Markdown as the stored truth, what the renderer last made of it, and every state it was saved in.

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

    TOUCHED_FIELDS = ["updated_at"]  # set by every save

    # Where the text stands, not what it says: restoring an earlier revision leaves these as they are now.
    STANDING_FIELDS: ClassVar[list[str]] = ["slug"]

    # django-simple-history would make a revision of every save, one that changes nothing too: here save() decides.
    skip_history_when_saving = True

    if TYPE_CHECKING:
        history: Any  # HistoricalRecords of the model itself

    class Meta:
        abstract = True

    def save(self, *args: Any, record: bool = True, **kwargs: Any) -> None:
        """Render and save, and make one revision if that changed what revisions show.

        With `record=False` the caller makes it, with `record()`, in the same transaction.
        """
        fields = kwargs.get("update_fields")
        if fields is None or "source" in fields:
            self.render()
            if fields is not None:
                kwargs["update_fields"] = {*fields, *self.RENDERED_FIELDS}
        with transaction.atomic():
            super().save(*args, **kwargs)
            if record and (fields is None or self.recorded_fields() & set(fields)):
                self.record()

    def render(self) -> None:
        """Fill the rendered fields from the source; saves nothing."""
        rendered = markup.render_post(self.source)
        self.rendered_html = rendered.html
        self.opening = rendered.opening
        self.headings = rendered.headings
        self.plain_text = rendered.plain_text
        self.word_count = rendered.word_count
        self.renderer_version = markup.RENDERER_VERSION

    def may_be_changed_by(self, user: "User") -> bool:
        """Say whether this member of staff may change the text, see its earlier versions and lend it out."""
        return user.has_perm(f"blog.change_{self._meta.model_name}")

    @classmethod
    def may_be_added_by(cls, user: "User") -> bool:
        """Say whether this member of staff may begin a new one."""
        return user.has_perm(f"blog.add_{cls._meta.model_name}")

    @classmethod
    def recorded_fields(cls) -> set[str]:
        return {field.name for field in cls.history.model.tracked_fields}

    def last_revision(self) -> Any | None:
        """Return the newest row of the history, if there is one."""
        return self.history.order_by("-history_id").first()

    def record(self, reason: str = "", *, even_if_same: bool = False) -> bool:
        """Make a revision of what the database holds now. Return False, and make none, if the last one shows just that.

        It names the person whose request this is, if it is a request. `reason`: at most 100 characters.
        """
        stored = type(self)._base_manager.get(pk=self.pk)
        last = self.last_revision()
        if last is not None and not even_if_same and same_fields(stored, last, self.recorded_fields()):
            return False
        self.history.bulk_history_create([stored], update=last is not None, default_change_reason=reason[:100])
        return True

    def restore(self, revision: Any, reason: str = "") -> bool:
        """Bring back what an earlier revision says, as a new revision; where the text stands stays as it is.

        Return False if it says just that already. What the text pointed to and is gone by now is left out.
        """
        fields = [field for field in revision.tracked_fields if field.name not in {*self.STANDING_FIELDS, "id"}]
        names = {field.name for field in fields}
        self.refresh_from_db()
        if same_fields(self, revision, names):
            return False
        for field in fields:
            value = getattr(revision, field.attname)
            if field.is_relation and not field.related_model._base_manager.filter(pk=value).exists():
                value = None
            setattr(self, field.attname, value)
        with transaction.atomic():
            self.save(update_fields={*names, *self.TOUCHED_FIELDS}, record=False)
            return self.record(reason)


def same_fields(one: Any, other: Any, names: set[str]) -> bool:
    """Say whether a text and a revision, or two revisions, agree in these fields."""
    attributes = [field.attname for field in one._meta.concrete_fields if field.name in names]
    return all(getattr(one, attribute) == getattr(other, attribute) for attribute in attributes)
