"""What can be done to many posts at once: first a page says to which, then it is done and told to how many."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import User
from blog.models import Post, Tag

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

MOST_AT_ONCE = 500  # posts: each makes a revision, while somebody waits for the answer


class PublishForm(forms.Form):
    """Nothing to fill in: only the question."""


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label=_lazy("Why"),
        max_length=500,
        required=False,
        help_text=_lazy("Shown to readers who come to the address."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class TagForm(forms.Form):
    tag = forms.ModelChoiceField(Tag.objects.all(), label=_lazy("Tag"))


def publish(posts: list[Post], form: forms.Form) -> int:
    return sum(post.publish() for post in posts)


def withdraw(posts: list[Post], form: forms.Form) -> int:
    return sum(post.withdraw(form.cleaned_data["note"]) for post in posts)


def add_tag(posts: list[Post], form: forms.Form) -> int:
    tag = form.cleaned_data["tag"]
    tagged = tag.posts.filter(pk__in=[post.pk for post in posts]).count()
    tag.posts.add(*posts)
    return len(posts) - int(tagged)


def remove_tag(posts: list[Post], form: forms.Form) -> int:
    tag = form.cleaned_data["tag"]
    tagged = tag.posts.filter(pk__in=[post.pk for post in posts]).count()
    tag.posts.remove(*posts)
    return int(tagged)


class Verb(NamedTuple):
    """How an action is called in the list, what it needs to know, what it does, and what it tells afterwards."""

    name: str
    label: "StrOrPromise"
    form: type[forms.Form]
    act: Callable[[list[Post], forms.Form], int]  # returns to how many posts this was news
    told: Any  # of that number


VERBS = [
    Verb(
        "publish",
        _lazy("Publish now"),
        PublishForm,
        publish,
        ngettext_lazy("%d post was published.", "%d posts were published."),
    ),
    Verb(
        "withdraw",
        _lazy("Withdraw"),
        WithdrawForm,
        withdraw,
        ngettext_lazy("%d post was withdrawn.", "%d posts were withdrawn."),
    ),
    Verb(
        "add_tag",
        _lazy("Add a tag"),
        TagForm,
        add_tag,
        ngettext_lazy("%d post got the tag.", "%d posts got the tag."),
    ),
    Verb(
        "remove_tag",
        _lazy("Take a tag off"),
        TagForm,
        remove_tag,
        ngettext_lazy("%d post lost the tag.", "%d posts lost the tag."),
    ),
]


def admin_action(verb: Verb) -> Callable[..., HttpResponse | None]:
    """Make of a verb what Django's list of rows offers and calls."""

    @admin.action(description=verb.label, permissions=["change"])
    def action(posts_admin: Any, request: HttpRequest, queryset: QuerySet[Post]) -> HttpResponse | None:
        posts = changeable(request, queryset)
        if len(posts) > MOST_AT_ONCE:
            sentence = _("Nothing was changed. Choose at most %d posts at once.") % MOST_AT_ONCE
            posts_admin.message_user(request, sentence, messages.ERROR)
            return None
        form = verb.form(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            return ask(posts_admin, request, verb, posts, form)
        posts_admin.message_user(request, account(verb, verb.act(posts, form), len(posts)), messages.SUCCESS)
        return None

    action.__name__ = verb.name
    return action


ACTIONS = [admin_action(verb) for verb in VERBS]


def changeable(request: HttpRequest, queryset: QuerySet[Post]) -> list[Post]:
    """Return those of the chosen posts that this person may change. Raises PermissionDenied if there are none."""
    posts = Post.objects.changeable_by(cast(User, request.user)).filter(pk__in=queryset.order_by().values("pk"))
    found = list(posts.only("title", "published_at", "visibility"))
    if not found:
        raise PermissionDenied
    return found


def ask(posts_admin: Any, request: HttpRequest, verb: Verb, posts: list[Post], form: forms.Form) -> HttpResponse:
    context = {
        **posts_admin.admin_site.each_context(request),
        "title": verb.label,
        "opts": Post._meta,
        "verb": verb,
        "posts": posts,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/blog/post/action.html", context, status=422 if form.is_bound else 200)


def account(verb: Verb, done: int, chosen: int) -> str:
    """Say how many posts changed, and how many there was nothing to change about."""
    told = str(verb.told % done)
    left = chosen - done
    return told + (" " + ngettext("%d stayed as it was.", "%d stayed as they were.", left) % left if left else "")
