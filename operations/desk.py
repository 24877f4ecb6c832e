"""The admin's front page: what there is to do, under headings from the work and not from the code."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.moderation import counts

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class Shortcut(NamedTuple):
    """A page that is no list of rows, and the permissions of which one opens it."""

    label: "StrOrPromise"
    address: str  # name of the view
    permissions: frozenset[str]


class Heading(NamedTuple):
    label: "StrOrPromise"
    models: list[str]  # in their order
    shortcuts: list[Shortcut] = []


def waiting() -> str:
    return gettext("Moderation (%(count)s waiting)") % {"count": counts.live()["waiting"]}


HEADINGS = [
    Heading(
        _("Posts"),
        ["blog.Post", "blog.Page", "blog.Image", "blog.Tag", "blog.Series", "blog.Author"],
        [Shortcut(_("Calendar"), "admin:blog_post_calendar", frozenset({"blog.view_post", "blog.write_own_post"}))],
    ),
    Heading(
        _("Conversation"),
        ["comments.Comment", "comments.Block", "comments.Filters"],
        [Shortcut(lazy(waiting, str)(), "moderation", frozenset({"comments.moderate_comment"}))],
    ),
    Heading(
        _("Readers"),
        ["subscribers.Subscriber", "subscribers.Delivery", "subscribers.Bounce"],
        [
            Shortcut(_("Newsletter"), "newsletter", frozenset({"subscribers.send_issue"})),
            Shortcut(_("Write a letter"), "letter_new", frozenset({"subscribers.send_issue"})),
            Shortcut(_("The list in numbers"), "newsletter_numbers", frozenset({"subscribers.view_subscriber"})),
            Shortcut(_("Bring a list in, take it out"), "list_import", frozenset({"subscribers.move_list"})),
        ],
    ),
    Heading(
        _("Publication"),
        ["blog.Publication", "blog.NavigationLink"],
        [Shortcut(_("Design"), "design", frozenset({"blog.view_publication"}))],
    ),
    Heading(
        _("Staff"),
        ["accounts.User"],
        [Shortcut(_("Invite somebody"), "invite", frozenset({"accounts.add_user"}))],
    ),
]
UNDER_THE_HOOD = _("Under the hood")  # everything else: for superusers


class Desk(AdminSite):
    """Django's admin site, with the lists in the order of the work."""

    index_title = _("Your desk")
    enable_nav_sidebar = False  # a writer needs the width more than a second table of contents

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the headings under which this person has something to do; of one app, what Django does."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        entries = {f"{app['app_label']}.{model['object_name']}": model for app in apps for model in app["models"]}
        sections = [
            section(heading.label, [entries.pop(name) for name in heading.models if name in entries], shortcuts)
            for heading in HEADINGS
            if (shortcuts := shortcuts_for(request, heading)) or any(name in entries for name in heading.models)
        ]
        if request.user.is_superuser and entries:
            sections.append(section(UNDER_THE_HOOD, list(entries.values()), []))
        return sections


def section(label: "StrOrPromise", models: list[Any], shortcuts: list[Any]) -> dict[str, Any]:
    """Return what the admin's templates list as an app."""
    return {"name": label, "app_label": "", "app_url": "", "models": [*models, *shortcuts]}


def shortcuts_for(request: HttpRequest, heading: Heading) -> list[dict[str, Any]]:
    return [
        {"name": shortcut.label, "object_name": shortcut.address.split(":")[-1], "admin_url": reverse(shortcut.address)}
        for shortcut in heading.shortcuts
        if any(request.user.has_perm(permission) for permission in shortcut.permissions)
    ]
