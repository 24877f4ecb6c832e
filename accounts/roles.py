"""What each kind of staff may do: the one table.

A role is a group of the same name. Migrations in operations/ fill the groups (operations/grants.py), because only there
every app's permissions exist; tests/operations/test_roles.py holds that they agree with this table. An operator may
give a group more in the admin: nothing takes it away again.
"""

from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from accounts.models import User


class Role(NamedTuple):
    """A kind of staff. `name` is the group's; label and summary are for people."""

    name: str
    label: "StrOrPromise"
    summary: "StrOrPromise"
    permissions: frozenset[str]


def every(app: str, *models: str) -> frozenset[str]:
    """Return Django's names for all four things that can be done with the rows of these models."""
    return frozenset(f"{app}.{verb}_{model}" for model in models for verb in ("add", "change", "delete", "view"))


AUTHOR = frozenset({"blog.write_own_post", "blog.add_image", "blog.view_tag", "blog.view_series"})
EDITOR = every("blog", "post", "page", "tag", "series", "author", "image") | {
    "subscribers.send_issue",
    "subscribers.view_issue",
}
MODERATOR = every("comments", "block") | {
    "comments.change_filters",
    "comments.moderate_comment",
    "comments.view_comment",
    "comments.view_filters",
}
PUBLISHER = (
    AUTHOR
    | EDITOR
    | MODERATOR
    | every("blog", "navigationlink")
    | {
        "accounts.add_user",
        "accounts.change_user",
        "accounts.view_user",
        "blog.change_publication",
        "blog.view_publication",
        "comments.delete_comment",
        "subscribers.change_issue",
        "subscribers.change_subscriber",
        "subscribers.move_list",
        "subscribers.view_bounce",
        "subscribers.view_delivery",
        "subscribers.view_subscriber",
    }
)

ROLES = {
    role.name: role
    for role in (
        Role("Author", _("Author"), _("writes and publishes posts of their own"), AUTHOR),
        Role("Editor", _("Editor"), _("looks after every post and page, tag and picture"), EDITOR),
        Role("Moderator", _("Moderator"), _("decides which comments appear"), MODERATOR),
        Role("Publisher", _("Publisher"), _("does all of this, sets up the site and invites people"), PUBLISHER),
    )
}


def given_by(user: "User") -> QuerySet[Group]:
    """Return the groups that this person may put others into: none that may do more than they may themselves."""
    if user.is_superuser:
        return Group.objects.all()
    more = Permission.objects.exclude(pk__in=held_by(user))
    return Group.objects.exclude(permissions__in=more)


def may_look_after(user: "User", other: "User") -> bool:
    """Say whether `user` may change the account of `other`: never that of somebody who may do more.

    Whoever can change an account's address can have a link mailed to it, and so become that person.
    """
    if user.is_superuser:
        return True
    return not other.is_superuser and not held_by(other).exclude(pk__in=held_by(user)).exists()


def held_by(user: "User") -> QuerySet[Permission]:
    """Return what an account may do by its groups and by itself; what it could do again, if it is switched off."""
    return Permission.objects.filter(Q(group__user=user) | Q(user=user)).order_by().distinct()
