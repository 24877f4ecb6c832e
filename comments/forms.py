import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog.markup import render_comment
from blog.models import Post, Publication
from blog.parameters import number
from blog.prepared import Prepared
from blog.turns import in_turn
from comments import akismet, commenters, consent, learning, limits, policy, refusals, traps
from comments.consent_forms import notify_field
from comments.fields import BodyField, NameField, WebsiteField, on_one_line, share_fields
from comments.judging import judge
from comments.models import Comment

# A second sending within this time is a double click or a reload: it leads to the comment that is already there.
SAME_SENDING = datetime.timedelta(minutes=10)

SENT_BEFORE = Prepared(lambda digest: Comment.objects.filter(digest=digest).order_by())


class Preview(NamedTuple):
    """A comment as it will look, or why it cannot be shown."""

    name: str = ""
    rendered_html: str = ""
    problems: Sequence[str] = ()
    wait: int = 0  # seconds until there are previews again


@share_fields
class CommentForm(forms.Form):
    """The form under a post. Staff who are signed in (`user`) are known and fill in the text alone."""

    name = NameField()
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
    website = WebsiteField()
    body = BodyField()
    parent = forms.Field(required=False, widget=forms.HiddenInput)
    notify = notify_field()

    def __init__(
        self,
        data: Any = None,
        *,
        post: Post,
        user: User | None = None,
        network: str = "",
        sender: akismet.Sender | None = None,
        is_timed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.is_timed = is_timed or self.is_bound  # made for one request, and so it may say when
        self.post = post
        self.user = user
        self.network = network
        self.sender = sender
        if user is not None:
            for known in ("name", "email", "website", "notify"):
                del self.fields[known]

    @property
    def answered(self) -> Comment | None:
        """The comment that this form answers, if it is (still) one that can be answered. Costs a query."""
        return self._numbered(self["parent"].value())

    def clean_parent(self) -> Comment | None:
        sent = self.cleaned_data["parent"]
        answered = self._numbered(sent)
        if sent and answered is None:
            raise forms.ValidationError(
                _("The comment you answer is no longer here. Send your text again to post it as a comment of its own.")
            )
        return answered

    def _numbered(self, sent: Any) -> Comment | None:
        """Return the comment of this number, whatever was sent as one, if it is shown under this form's post."""
        pk = number(str(sent))
        return Comment.objects.filter(post=self.post, pk=pk).approved().first() if pk else None

    @property
    def opened(self) -> str:
        """When this form was made for one request; nothing on a page that is the same for everybody."""
        known = str(self.data.get(traps.OPENED, ""))
        if traps.seconds_since(known) is not None:
            return known
        return traps.stamp() if self.is_timed else ""

    def preview(self) -> Preview:
        """Return what the text in the form will look like, or what is wrong with it. Asks for nothing else yet."""
        wait = 0 if self.user else limits.seconds_to_preview(self.network)
        if wait:
            said = _("There were many previews in a short time. Go on writing, and look later.")
            return Preview(problems=[str(said)], wait=wait)
        try:
            source = self.fields["body"].clean(self["body"].value())
        except forms.ValidationError as error:
            return Preview(problems=error.messages)
        name = self.user.display_name if self.user else on_one_line(self["name"].value() or "")[:80]
        return Preview(name, render_comment(source))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        publication = Publication.load()
        if not policy.is_open(self.post, publication):
            raise forms.ValidationError(policy.closed_because(self.post, publication))
        if not self.errors:
            self.comment = self._comment(cleaned)
            self.sent_before = SENT_BEFORE.first(self.comment.digest)
            self._refuse_repetition()
            # Sent twice by a double click, it is there already and counts once. Staff is not counted.
            if self.user is None and self.sent_before is None:
                refusals.refuse_haste(self.comment, policy.terms(self.post, publication).pause)
        return cleaned

    def _refuse_repetition(self) -> None:
        earlier = self.sent_before
        if earlier is not None and earlier.created_at < timezone.now() - SAME_SENDING:
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

    def save(self) -> Comment | None:
        """Store the comment and return it; sent twice, return the one that is there already.

        Return None if the form's errors say why it is not taken.
        """
        if not self.is_valid():
            return None
        if self.sent_before is not None:
            return self.sent_before  # and is not judged again, which no limit would count
        comment = self.comment
        if self.user is None:
            comment.commenter = commenters.find(comment.email)
        verdict = judge(comment, traps.signs_in(self.data), self.sender)
        comment.status, comment.held_for, comment.score = verdict.status, verdict.reasons, verdict.score
        comment.prepare()
        # Everything is read, judged and rendered: while this writes, nobody else can on SQLite.
        try:
            with in_turn(), transaction.atomic():
                return self._store(comment)
        except forms.ValidationError as error:
            self.add_error(None, error)
            return None

    def _store(self, comment: Comment) -> Comment:
        """Write the comment with all that follows from it, in the transaction around. Raise ValidationError in a flood.

        Return the one that is there already if it was sent twice at once.
        """
        if self.user is None and comment.commenter is None:
            comment.commenter = commenters.add(comment.email)
        if not comment.add():
            return Comment.objects.get(digest=comment.digest)
        if comment.status == Comment.Status.APPROVED:
            Comment.objects.filter(pk=comment.pk).count_answers()
        consent.welcome(comment, self.cleaned_data.get("notify", ""))
        if self.user is None:
            refusals.count(comment)
        return comment


class EditForm(forms.Form):
    """Another text for a comment, from its author."""

    body = BodyField()

    def __init__(self, data: Any = None, *, comment: Comment, sender: akismet.Sender | None = None) -> None:
        super().__init__(data, initial={"body": comment.source})
        self.comment = comment
        self.sender = sender

    def clean_body(self) -> str:
        source: str = self.cleaned_data["body"]
        twin = Comment(post_id=self.comment.post_id, parent_id=self.comment.parent_id, email=self.comment.email)
        twin.source = source
        twin.fill_digest()
        if Comment.objects.exclude(pk=self.comment.pk).filter(digest=twin.digest).exists():
            raise forms.ValidationError(_("You have already sent this text as another comment."))
        return source

    def save(self) -> bool:
        """Store the new text; return False if it is too late for that."""
        source = self.cleaned_data["body"]
        if source == self.comment.source:
            return True
        learning.unlearn(self.comment)
        self.comment.source = source
        return self.comment.edit(source, judge(self.comment, sender=self.sender))


class CorrectionForm(forms.ModelForm[Comment]):
    """What staff may correct in somebody's comment, in the admin."""

    name = NameField(label=_("Name"))
    website = WebsiteField(label=_("Website"))
    source = BodyField(label=_("Comment"))

    class Meta:
        model = Comment
        fields = ["name", "website", "source"]
