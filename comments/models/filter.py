from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models import OneRow


class Filters(OneRow):
    """What decides whether a comment is suspicious; read only when somebody sends one."""

    held_words = models.TextField(
        _("words that hold a comment"),
        blank=True,
        help_text=_("One word or phrase a line. Upper and lower case alike."),
    )
    spam_words = models.TextField(
        _("words that are spam"),
        blank=True,
        help_text=_("One a line. A comment with one of them is put aside as spam."),
    )
    patterns = models.TextField(
        _("patterns that hold a comment"), blank=True, help_text=_("One regular expression a line.")
    )
    most_links = models.PositiveSmallIntegerField(
        _("links that are not suspicious"), default=2, help_text=_("A comment with more of them is held.")
    )
    languages = models.CharField(
        _("languages"),
        max_length=100,
        blank=True,
        help_text=_("Such as: en, de. A comment that is clearly in another one is held. Empty: every language."),
    )
    threshold = models.FloatField(
        _("spam from a score of"),
        default=0.95,
        validators=[MinValueValidator(0.5), MaxValueValidator(1)],
        help_text=_("From 0.5 to 1. What scores as much is put aside as spam."),
    )
    # How many comments the filter has learned from.
    learned_ham = models.PositiveIntegerField(default=0, editable=False)
    learned_spam = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("filters")
        verbose_name_plural = _("filters")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="filters_are_one_row")]

    def __str__(self) -> str:
        return str(_("Filters of the conversation"))


class WordCount(models.Model):
    """In how many good and how many spam comments a word stood, of those that were decided here."""

    word = models.CharField(max_length=60, unique=True)
    ham = models.PositiveIntegerField(default=0)
    spam = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word
