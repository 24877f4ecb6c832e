"""The fields in which people say who they are and what they think, the same in every form that has them."""

import re
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from blog.markup import COMMENT_LIMIT, web_address

# What turns the direction of everything that follows it (Unicode Standard Annex 9), and what ends or cancels that.
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

F = TypeVar("F", bound=type[forms.Form])


class SharedFields(dict[str, forms.Field]):
    """The fields that a form declares, of which each form that is made takes the same."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


def share_fields(form: F) -> F:
    """Have a form's fields not be copied for each one that is made, a twentieth of what a comment computes.

    For a class that changes none of them later than here, and has none that chooses a row, which keeps what it has
    asked the database; it may leave some out.
    """
    form.base_fields = SharedFields(form.base_fields)
    return form


def on_one_line(name: str) -> str:
    """Return a name without what would break a line, or turn round the words that stand beside it."""
    printed = "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else " " for letter in name)
    return " ".join(TURNS.sub("", printed).split())


def must_be_web_address(url: str) -> None:
    if not web_address(url):
        raise ValidationError(_("Give an address that starts with https:// or leave this empty."))


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your name"))
        super().__init__(
            max_length=80,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Give the name that should stand beside your comment.")},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        name = str(super().to_python(value))
        return name if "\0" in name else on_one_line(name)


class WebsiteField(forms.URLField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your website, if you like"))
        super().__init__(
            max_length=300,
            required=False,
            assume_scheme="https",
            validators=[must_be_web_address],
            widget=forms.URLInput(attrs={"autocomplete": "url"}),
            **kwargs,
        )


class BodyField(forms.CharField):
    """Counts a line break as the one character that was typed; browsers send two."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your comment"))
        super().__init__(
            max_length=COMMENT_LIMIT,
            widget=forms.Textarea(attrs={"rows": 6, "data-limit": COMMENT_LIMIT}),
            help_text=_(
                "You can use *emphasis*, **strong**, [links](https://example.org), > quotes, - lists and `code`."
            ),
            error_messages={
                "required": _("Write something first."),
                "max_length": _("A comment has at most %(limit_value)d characters; this has %(show_value)d."),
            },
            **kwargs,
        )
        # The browser would cut a long text off without a word; the answer says how long it may be instead.
        del self.widget.attrs["maxlength"]

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")
