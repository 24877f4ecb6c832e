import datetime
from typing import Any, cast

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog.markup import COMMENT_LIMIT, web_address
from blog.models import Post, Publication
from comments import commenters, policy
from comments.judging import judge
from comments.models import Comment

# A second sending within this time is a double click or a reload: it leads to the comment that is already there.
SAME_SENDING = datetime.timedelta(minutes=10)


class BodyField(forms.CharField):
    """Counts a line break as the one character that was typed; browsers send two."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class CommentForm(forms.Form):
    """The form under a post. Staff who are signed in (`user`) are known and fill in the text alone."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give the name that should stand beside your comment.")},
    )
    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        help_text=_("Never shown to anybody."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give your address. It is needed, and never shown."),
            "invalid": _("This is not a mail address yet. It looks like name@example.org."),
        },
    )
    website = forms.URLField(
        label=_("Your website, if you like"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    body = BodyField(
        label=_("Your comment"),
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("You can use *emphasis*, **strong**, [links](https://example.org), > quotes, - lists and `code`."),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("A comment has at most %(limit_value)d characters; this has %(show_value)d."),
        },
    )
    parent = forms.ModelChoiceField(
        queryset=Comment.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": _(
                "The comment you answer is no longer here. Send your text again to post it as a comment of its own."
            )
        },
    )

    def __init__(
        self, data: Any = None, *, post: Post, user: User | None = None, network: str = "", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.post = post
        self.user = user
        self.network = network
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101  tells the type checker what stands above
        parent.queryset = Comment.objects.filter(post=post).approved()
        # The browser would cut a long text off without a word; the answer says how long it may be instead.
        del self.fields["body"].widget.attrs["maxlength"]
        if user is not None:
            for known in ("name", "email", "website"):
                del self.fields[known]

    @property
    def answered(self) -> Comment | None:
        """The comment that this form answers, if it is (still) one that can be answered."""
        try:
            return cast("Comment | None", self.fields["parent"].clean(self["parent"].value()))
        except forms.ValidationError:
            return None

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if website and not web_address(website):
            raise forms.ValidationError(_("Give an address that starts with https:// or leave this empty."))
        return website

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not policy.is_open(self.post, Publication.load()):
            raise forms.ValidationError(_("The conversation under this post is closed. Copy your text if you need it."))
        if not self.errors:
            self._refuse_repetition(cleaned)
        return cleaned

    def _refuse_repetition(self, cleaned: dict[str, Any]) -> None:
        comment = self._comment(cleaned)
        earlier = Comment.objects.filter(digest=comment.digest, created_at__lt=timezone.now() - SAME_SENDING)
        if earlier.exists():
            raise forms.ValidationError(_("You have already sent this comment. There is no need to send it again."))

    def _comment(self, cleaned: dict[str, Any]) -> Comment:
        user = self.user
        comment = Comment(
            post=self.post,
            parent=cleaned["parent"],
            user=user,
            name=user.display_name[:80] if user else cleaned["name"],
            email=user.email if user else cleaned["email"],
            website="" if user else cleaned["website"],
            source=cleaned["body"],
            network=self.network,
        )
        comment.fill_digest()
        return comment

    def save(self) -> Comment:
        """Store the comment and return it; sent twice, return the one that is there already."""
        comment = self._comment(self.cleaned_data)
        if self.user is None:
            comment.commenter = commenters.find_or_add(comment.email)
        verdict = judge(comment)
        comment.status, comment.held_for, comment.score = verdict.status, verdict.reasons, verdict.score
        comment.prepare()
        fields = {
            field.attname: getattr(comment, field.attname)
            for field in comment._meta.concrete_fields
            if not field.primary_key
        }
        with transaction.atomic():
            stored, created = Comment.objects.get_or_create(digest=fields.pop("digest"), defaults=fields)
            if created and stored.status == Comment.Status.APPROVED:
                Comment.objects.filter(pk=stored.pk).count_answers()
        return stored
