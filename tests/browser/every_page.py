"""Every page that somebody reads, in the states that it can be in: what tests/browser/test_accessibility.py looks at.

A key is the name of an address in config/urls.py and, after a space, the state. Addresses are filled in from World, the
rows of tests/test_permissions.py and a few with more in them.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import urls
from operations import outbox
from tests.browser.everything import (
    a_mail,
    is_demo,
    many_posts,
    much_waits,
    no_actions,
    no_issues,
    no_posts,
    no_rows,
    nothing_waits,
)
from tests.test_permissions import MODELS


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def find_no_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


urlpatterns = [
    path("broken/", break_down, name="500"),
    path("locked/", find_no_database, name="503"),
    path("outbox/", outbox.show_outbox, name="outbox"),
    path("outbox/<slug:name>/", outbox.show_mail, name="outbox_mail"),
    path("outbox/<slug:name>/html/", outbox.show_mail_html, name="outbox_mail_html"),
    path("", include(urls.urlpatterns)),
]


class Shown(NamedTuple):
    """One page in one state: what is asked for, by whom, and what has to be so before."""

    address: str
    data: dict[str, Any] | None = None  # posted, if it is there
    by: str = ""  # whoever is signed in: "", or a role
    status: int = 200
    before: Callable[[], object] | None = None


WRITTEN = {"name": "Ann", "email": "ann@example.org", "body": "I read *all* of it."}

UNSENT = {
    "subject": "A letter",
    "source": "A paragraph of a letter, with a verylongword" + "d" * 80 + " in it.\n\n" * 9,
}

READERS = {
    "home": Shown("/"),
    "home of a demo": Shown("/", before=is_demo),
    "home of nothing": Shown("/", before=no_posts),
    "home_page": Shown("/page/2/", before=many_posts),
    "post": Shown("/posts/{rich.slug}/"),
    "post right to left": Shown("/posts/{arabic.slug}/"),
    "post closed": Shown("/posts/{closed.slug}/"),
    "post withdrawn": Shown("/posts/{gone.slug}/", status=410),
    "post for staff": Shown("/posts/{rich.slug}/", by="publisher"),
    "post as a draft": Shown("/posts/{draft.slug}/", by="publisher"),
    "preview": Shown("/preview/{preview}/"),
    "preview of nothing": Shown("/preview/forged/", status=404),
    "page": Shown("/pages/{page.slug}/"),
    "author": Shown("/authors/{rich_author.slug}/"),
    "author of nothing": Shown("/authors/{author.slug}/"),
    "tags": Shown("/tags/"),
    "tags of nothing": Shown("/tags/", before=no_posts),
    "tag": Shown("/tags/{rich_tag.slug}/"),
    "series": Shown("/series/{series.slug}/"),
    "archive": Shown("/archive/"),
    "archive of nothing": Shown("/archive/", before=no_posts),
    "archive_year": Shown("/archive/{year}/"),
    "archive_month": Shown("/archive/{year}/{month}/"),
    "search": Shown("/search/"),
    "search with hits": Shown("/search/?q=title"),
    "search without hits": Shown("/search/?q=qqqqq"),
    "search for too much": Shown("/search/?q=" + "long+" * 80),
    "404": Shown("/nothing/", status=404),
    "403": Shown("/admin/moderation/", by="author", status=403),
    "500": Shown("/broken/", status=500),
    "503": Shown("/locked/", status=503),
    "write_comment": Shown("/posts/{rich.slug}/comments/"),
    "write_comment as an answer": Shown("/posts/{post.slug}/comments/?parent={comment.pk}"),
    "write_comment with errors": Shown("/posts/{rich.slug}/comments/", {"website": "no"}, status=422),
    "write_comment and preview": Shown("/posts/{rich.slug}/comments/", {**WRITTEN, "preview": "1"}),
    "write_comment by staff": Shown("/posts/{rich.slug}/comments/", by="publisher"),
    "report_comment": Shown("/comments/{comment.pk}/report/"),
    "report_comment with errors": Shown("/comments/{comment.pk}/report/", {}, status=422),
    "own_comment": Shown("/comments/mine/{own_comment}/"),
    "own_comment waiting": Shown("/comments/mine/{own_waiting}/"),
    "own_comment forged": Shown("/comments/mine/forged/", status=404),
    "edit_comment": Shown("/comments/mine/{own_waiting}/edit/"),
    "edit_comment with errors": Shown("/comments/mine/{own_waiting}/edit/", {}, status=422),
    "withdraw_comment": Shown("/comments/mine/{own_waiting}/delete/"),
    "withdraw_comment done": Shown("/comments/mine/{own_waiting}/delete/", {}),
    "commenter_confirm": Shown("/comments/confirm/{commenter_confirm}/"),
    "commenter_confirm confirmed": Shown("/comments/confirm/{commenter_confirm}/", {"do": "confirm"}),
    "commenter_confirm forged": Shown("/comments/confirm/forged/", status=404),
    "your_link_ask": Shown("/comments/you/"),
    "your_link_ask with errors": Shown("/comments/you/", {"email": "no"}, status=422),
    "your_link_asked": Shown("/comments/you/asked/"),
    "your_comments": Shown("/comments/you/{yours}/"),
    "your_comments forged": Shown("/comments/you/forged/", status=404),
    "your_comments_erase": Shown("/comments/you/{yours}/erase/"),
    "your_comments_erase done": Shown("/comments/you/{yours}/erase/", {}),
    "unfollow": Shown("/comments/unfollow/{unfollow}/"),
    "unfollow done": Shown("/comments/unfollow/{unfollow}/", {}),
    "unfollow forged": Shown("/comments/unfollow/forged/", status=404),
    "subscribe": Shown("/subscribe/"),
    "subscribe with errors": Shown("/subscribe/", {"email": "no"}, status=422),
    "subscription_asked": Shown("/subscribe/asked/"),
    "subscription_confirm": Shown("/subscriptions/confirm/{confirm}/"),
    "subscription_confirm confirmed": Shown("/subscriptions/confirm/{confirm}/", {}),
    "subscription_confirm forged": Shown("/subscriptions/confirm/forged/", status=404),
    "subscription_never": Shown("/subscriptions/never/{never}/"),
    "subscription_never done": Shown("/subscriptions/never/{never}/", {}),
    "unsubscribe": Shown("/subscriptions/unsubscribe/{unsubscribe}/"),
    "unsubscribe done": Shown("/subscriptions/unsubscribe/{unsubscribe}/", {}),
    "subscription_manage": Shown("/subscriptions/manage/{manage}/"),
    "subscription_manage by its own link": Shown("/subscriptions/manage/{own_data}/"),
    "subscription_manage with errors": Shown("/subscriptions/manage/{manage}/", {"cadence": "no"}, status=422),
    "subscription_move": Shown("/subscriptions/manage/{own_data}/address/"),
    "subscription_move with errors": Shown("/subscriptions/manage/{own_data}/address/", {"email": "no"}, status=422),
    "subscription_address": Shown("/subscriptions/address/{new_address}/"),
    "subscription_address done": Shown("/subscriptions/address/{new_address}/", {}),
    "subscription_erase": Shown("/subscriptions/manage/{own_data}/erase/"),
    "subscription_erase done": Shown("/subscriptions/manage/{own_data}/erase/", {}),
    "test_mail_link": Shown("/subscriptions/test/"),
    "moderate_from_mail": Shown("{mailed_link}"),
    "moderate_from_mail done": Shown("{mailed_link}", {}),
    "moderate_from_mail forged": Shown("/moderation/forged/", status=404),
}

DESK = {
    "admin:login": Shown("/admin/login/"),
    "admin:login with errors": Shown("/admin/login/", {"username": "a", "password": "b"}),
    "admin:logout": Shown("/admin/logout/", {}, "publisher"),
    "admin_password_reset": Shown("/admin/password/"),
    "admin_password_reset with errors": Shown("/admin/password/", {"email": "no"}, status=422),
    "password_asked": Shown("/admin/password/asked/"),
    "password_set": Shown("/admin/password/MQ/forged/"),
    "password_set of an invitation": Shown("{invitation}"),
    "password_done": Shown("/admin/password/done/"),
    "admin:password_change": Shown("/admin/password_change/", {}, "publisher"),
    "admin:password_change_done": Shown("/admin/password_change/done/", None, "publisher"),
    "admin:index": Shown("/admin/", None, "publisher"),
    "admin:index for an author": Shown("/admin/", None, "author"),
    "admin:app_list": Shown("/admin/blog/", None, "publisher"),
    "admin:blog_post_calendar": Shown("/admin/blog/post/calendar/", None, "publisher"),
    "admin:blog_post_calendar of nothing": Shown("/admin/blog/post/calendar/", None, "publisher", before=no_posts),
    "admin:blog_post_revision": Shown("/admin/blog/post/{draft.pk}/history/{revision.pk}/", None, "publisher"),
    "admin:blog_post_restore": Shown("/admin/blog/post/{draft.pk}/history/{revision.pk}/restore/", None, "publisher"),
    "admin:blog_page_revision": Shown("/admin/blog/page/{page.pk}/history/{page_revision.pk}/", None, "publisher"),
    "admin:blog_page_restore": Shown(
        "/admin/blog/page/{page.pk}/history/{page_revision.pk}/restore/", None, "publisher"
    ),
    "admin:blog_post_change published": Shown("/admin/blog/post/{rich.pk}/change/", None, "publisher"),
    "admin:blog_post_change with unsaved words": Shown("/admin/blog/post/{draft.pk}/change/", None, "author"),
    "admin:blog_post_changelist of nothing": Shown("/admin/blog/post/", None, "publisher", before=no_rows),
    "admin:blog_image_changelist of nothing": Shown("/admin/blog/image/", None, "publisher", before=no_rows),
    "admin:blog_post_add with errors": Shown("/admin/blog/post/add/", {"title": ""}, "publisher"),
    "admin:blog_post_changelist with errors": Shown("/admin/blog/post/", {"action": "publish"}, "publisher"),
    "post_withdraw": Shown("/admin/blog/post/{post.pk}/withdraw/", None, "publisher"),
    "invite": Shown("/admin/accounts/user/invite/", None, "publisher"),
    "invite with errors": Shown("/admin/accounts/user/invite/", {}, "publisher", 422),
    "admin:comments_filters_reset": Shown("/admin/comments/filters/reset/", None, "publisher"),
    "admin:subscribers_subscriber_change suppressed": Shown(
        "/admin/subscribers/subscriber/{forever.pk}/change/", None, "publisher"
    ),
    "moderation": Shown("/admin/moderation/", None, "publisher"),
    "moderation of nothing": Shown("/admin/moderation/", None, "publisher", before=nothing_waits),
    "moderation of much": Shown("/admin/moderation/", None, "publisher", before=much_waits),
    "moderation of all": Shown("/admin/moderation/?status=all&q=a", None, "publisher"),
    "moderation of what is reported": Shown("/admin/moderation/?status=reported", None, "publisher"),
    "moderation_decide": Shown("/admin/moderation/{waiting.pk}/", {"verb": "approve", "was": "waiting"}, "publisher"),
    "moderation_decide_many": Shown(
        "/admin/moderation/many/?status=waiting", {"all": "on", "verb": "spam"}, "publisher"
    ),
    "moderation_decide_many with errors": Shown("/admin/moderation/many/", {"verb": "no"}, "publisher", 400),
    "moderation_reply with errors": Shown(
        "/admin/moderation/{waiting.pk}/reply/", {"was": "waiting"}, "publisher", 422
    ),
    "moderation_log": Shown("/admin/moderation/log/", None, "publisher"),
    "moderation_log of nothing": Shown("/admin/moderation/log/", None, "publisher", before=no_actions),
    "moderation_numbers": Shown("/admin/moderation/numbers/", None, "publisher"),
    "moderation_numbers of nothing": Shown("/admin/moderation/numbers/", None, "publisher", before=no_posts),
    "moderation_notices": Shown("/admin/moderation/notices/", None, "publisher"),
    "newsletter": Shown("/admin/newsletter/", None, "publisher"),
    "newsletter of nothing": Shown("/admin/newsletter/", None, "publisher", before=no_issues),
    "newsletter_welcome": Shown("/admin/newsletter/welcome/", None, "publisher"),
    "newsletter_welcome with errors": Shown("/admin/newsletter/welcome/", {}, "publisher", 422),
    "letter_new": Shown("/admin/newsletter/letters/new/", None, "publisher"),
    "letter_new of somebody who is signed out": Shown("/admin/newsletter/letters/new/", UNSENT, status=403),
    "letter_new with errors": Shown("/admin/newsletter/letters/new/", {}, "publisher", 422),
    "letter_edit": Shown("/admin/newsletter/{letter.pk}/edit/", None, "publisher"),
    "issue": Shown("/admin/newsletter/{issue.pk}/", None, "publisher"),
    "issue of a letter": Shown("/admin/newsletter/{letter.pk}/", None, "publisher"),
    "issue being sent": Shown("/admin/newsletter/{sending.pk}/", None, "publisher"),
    "issue_check": Shown("/admin/newsletter/{letter.pk}/check/", {}, "publisher"),
    "issue_preview": Shown("/admin/newsletter/{issue.pk}/preview/", None, "publisher"),
    "issue_preview as text": Shown("/admin/newsletter/{issue.pk}/preview/?as=text", None, "publisher"),
    "issue_readers": Shown("/admin/newsletter/{sending.pk}/readers/", None, "publisher"),
    "issue_readers pending": Shown("/admin/newsletter/{sending.pk}/readers/?state=pending", None, "publisher"),
    "newsletter_numbers": Shown("/admin/newsletter/numbers/", None, "publisher"),
    "newsletter_numbers of nothing": Shown("/admin/newsletter/numbers/", None, "publisher", before=no_issues),
    "list_import": Shown("/admin/newsletter/import/", None, "publisher"),
    "list_import with errors": Shown("/admin/newsletter/import/", {}, "publisher", 422),
    "design": Shown("/admin/design/", None, "author"),
    "outbox": Shown("/outbox/", before=a_mail),
    "outbox of nothing": Shown("/outbox/"),
    "outbox_mail": Shown("/outbox/{mail}/", before=a_mail),
}


# The admin shows these of every model with one template: they are looked at where something of ours is on it.
ALIKE = {"history": ["blog_post", "blog_page", "blog_tag"], "delete": ["blog_post", "blog_tag"]}

KINDS = ["changelist", "add", "change", "history", "delete"]

# What is no page: for programs, for a script of ours, or a verb that leads to a page of its own.
NO_PAGES = {
    *("feed", "feed_rss", "feed_json", "comments_feed", "post_comments_feed", "tag_feed", "author_feed"),
    *("sitemap", "sitemap_section", "robots", "security_contact", "manifest", "media", "health", "post_markdown"),
    *("comment", "press_thumb", "your_comments_export", "subscription_export", "list_export"),
    *("moderation_counts", "moderation_undo", "issue_preview_part", "outbox_mail_html", "design_mail"),
    *(f"issue_{verb}" for verb in ("send", "recall", "discard", "stop", "pause", "resume", "take_route", "retry")),
    *("issue_widen", "issue_test", "issue_override"),
    *("editor_preview", "editor_upload", "editor_paste", "autosave", "working_copy_discard"),
    *("post_stand", "preview_link_make", "preview_link_revoke", "mail_again", "admin:subscribers_subscriber_proof"),
    *("admin:autocomplete", "admin:jsi18n", "admin:view_on_site", "admin:auth_user_password_change"),
}


def lists_and_forms() -> dict[str, Shown]:
    """The admin's own pages of every model that a publisher sees."""
    pages = {}
    for model, rows in MODELS.items():
        app, _line, name = model.rpartition("_")
        start, one = f"/admin/{app}/{name}", f"/admin/{app}/{name}/{{{rows.row}.pk}}"
        addresses = {"changelist": f"{start}/", "add": f"{start}/add/", "change": f"{one}/change/"}
        addresses |= {"history": f"{one}/history/", "delete": f"{one}/delete/"}
        words = {"changelist": rows.list, "add": rows.add, "change": rows.change, "delete": rows.delete}
        words["history"] = rows.history or rows.change
        for kind, address in addresses.items():
            if words[kind].endswith("200") and model in ALIKE.get(kind, MODELS):
                pages[f"admin:{model}_{kind}"] = Shown(address, None, "publisher")
    return pages


PAGES = {**READERS, **DESK, **lists_and_forms()}
