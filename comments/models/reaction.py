from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class Thumb(models.Model):
    """A thumbs-up. `reader` is a keyed digest of a network: one a network, and forgotten after 30 days."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="thumb_once_a_reader")]

    def __str__(self) -> str:
        return f"{self.comment_id}"

    @classmethod
    def press(cls, comment: Comment, reader: str) -> bool:
        """Give a comment the reader's thumbs-up, or take it back. Return whether it is given now.

        The number on the comment changes with the row, in one transaction; when the row is forgotten, it stays.
        """
        with transaction.atomic():
            taken_back = cls.objects.filter(comment=comment, reader=reader).delete()[0]
            given = not taken_back and cls.objects.get_or_create(comment=comment, reader=reader)[1]
            Comment.objects.filter(pk=comment.pk).update(thumbs=F("thumbs") + int(given) - taken_back)
        comment.refresh_from_db(fields=["thumbs"])
        return not taken_back


class Report(models.Model):
    """A reader's word that a comment should be looked at. Reasons are a choice: a report holds nobody's words."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("It is advertising or spam")
        UNKIND = "unkind", _("It attacks somebody")
        PRIVATE = "private", _("It gives away something private")
        ILLEGAL = "illegal", _("It may be against the law")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="report_rows")
    reader = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=7, choices=Reason)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="report_once_a_reader")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.reason}"

    @classmethod
    def file(cls, comment: Comment, reader: str, reason: str) -> bool:
        """Keep a reader's word, which counts once. Return False if it was there already."""
        with transaction.atomic():
            _report, filed = cls.objects.get_or_create(comment=comment, reader=reader, defaults={"reason": reason})
            if filed:
                Comment.objects.filter(pk=comment.pk).update(reports=F("reports") + 1)
        return filed
