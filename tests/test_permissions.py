"""Who gets which answer where: every address of the site × every role. An address without a row fails the suite.

Words are given for each of ROLES in their order, or one for all of them: a status; `login`, the redirect to the sign-in
page; `index`, the redirect with which the admin says that there is no such row.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from blog.keys import Purpose, Signer
from blog.models import Author, NavigationLink, Post, Publication, Series, WorkingCopy
from comments.models import Action, Block, Filters
from comments.moderation_links import Maker
from config import urls
from subscribers.links import bound
from subscribers.models import Bounce, Delivery, Issue
from tests.factories import (
    make_author,
    make_comment,
    make_image,
    make_page,
    make_person,
    make_post,
    make_subscriber,
    make_tag,
)

ROLES = ["anonymous", "another author", "author", "moderator", "editor", "publisher"]


class Row(NamedTuple):
    """One address: the words for GET and, where it acts, for POST with `data`, or with a row of the world as JSON."""

    address: str
    get: str
    post: str = ""
    data: dict[str, str] = {}
    json: str = ""


STAFF = "login 200 200 200 200 200"
MODERATORS = "login 403 403 200 403 200"
MODERATORS_ACT = "login 403 403 302 403 302"
EDITORS = "login 403 403 403 200 200"
PUBLISHERS = "login 403 403 403 403 200"
WRITERS = "login 200 200 403 200 200"
OWNERS = "login index 200 403 200 200"  # the author of this post, not another
NOBODY = "login 403 403 403 403 403"
SAVED_BY_PUBLISHERS = "login 403 403 403 403 302"
NO_SUCH_ROW = "login index index index index index"
SENDERS_ACT = ("login 403 403 403 405 405", "login 403 403 403 302 302")

REVISIONS = "login 404 200 404 200 200"
OWNERS_ACT = "login 404 302 404 302 302"

ROWS = {
    # for readers: the same for everybody
    "home": Row("/", "200"),
    "home_page": Row("/page/1/", "301"),
    "post": Row("/posts/{post.slug}/", "200"),
    "page": Row("/pages/{page.slug}/", "200"),
    "author": Row("/authors/{author.slug}/", "200"),
    "tag": Row("/tags/{tag.slug}/", "200"),
    "tags": Row("/tags/", "200"),
    "archive": Row("/archive/", "200"),
    "archive_year": Row("/archive/{year}/", "200"),
    "archive_month": Row("/archive/{year}/{month}/", "200"),
    "search": Row("/search/?q=post", "200"),
    "series": Row("/series/{series.slug}/", "200"),
    "post_markdown": Row("/posts/{post.slug}.md", "200"),
    "preview": Row("/preview/{preview}/", "200"),
    "feed": Row("/feeds/posts.atom", "200"),
    "feed_rss": Row("/feeds/posts.rss", "200"),
    "feed_json": Row("/feeds/posts.json", "200"),
    "tag_feed": Row("/tags/{tag.slug}/feed.atom", "200"),
    "author_feed": Row("/authors/{author.slug}/feed.atom", "200"),
    "comments_feed": Row("/feeds/comments.atom", "200"),
    "post_comments_feed": Row("/posts/{post.slug}/comments.atom", "200"),
    "sitemap": Row("/sitemap.xml", "200"),
    "sitemap_section": Row("/sitemap-posts.xml", "200"),
    "robots": Row("/robots.txt", "200"),
    "security_contact": Row("/.well-known/security.txt", "200"),
    "manifest": Row("/site.webmanifest", "200"),
    "media": Row("/media/images/none.webp", "404"),
    "health": Row("/healthz", "200"),
    "write_comment": Row("/posts/{post.slug}/comments/", "200", "422"),
    "comment": Row("/comments/{comment.pk}/", "302"),
    "press_thumb": Row("/comments/{comment.pk}/thumb/", "405", "303"),
    "report_comment": Row("/comments/{comment.pk}/report/", "200", "422"),
    "own_comment": Row("/comments/mine/{own_comment}/", "200"),
    "edit_comment": Row("/comments/mine/{own_comment}/edit/", "200", "422"),
    "withdraw_comment": Row("/comments/mine/{own_comment}/delete/", "200", "303"),
    "commenter_confirm": Row("/comments/confirm/{commenter_confirm}/", "200", "200"),
    "your_link_ask": Row("/comments/you/", "200", "422"),
    "your_link_asked": Row("/comments/you/asked/", "200"),
    "your_comments": Row("/comments/you/{yours}/", "200", "303"),
    "your_comments_export": Row("/comments/you/{yours}/export/", "200"),
    "your_comments_erase": Row("/comments/you/{yours}/erase/", "200", "200 404 404 404 404 404"),
    "unfollow": Row("/comments/unfollow/{unfollow}/", "200", "200"),
    "subscribe": Row("/subscribe/", "200", "422"),
    "subscription_asked": Row("/subscribe/asked/", "200"),
    "subscription_confirm": Row("/subscriptions/confirm/forged/", "404", "404"),
    "subscription_never": Row("/subscriptions/never/{never}/", "200", "200"),
    "test_mail_link": Row("/subscriptions/test/", "200", "200"),
    "unsubscribe": Row("/subscriptions/unsubscribe/{unsubscribe}/", "200", "200"),
    "subscription_manage": Row("/subscriptions/manage/{manage}/", "200", "422"),
    "subscription_export": Row("/subscriptions/manage/{own_data}/export/", "200"),
    "subscription_export by the link of every mail": Row("/subscriptions/manage/{manage}/export/", "404"),
    "subscription_move": Row("/subscriptions/manage/{own_data}/address/", "200", "422"),
    "subscription_erase": Row("/subscriptions/manage/{own_data}/erase/", "200", "200 404 404 404 404 404"),
    "subscription_address": Row("/subscriptions/address/{new_address}/", "200", "200"),
    # what readers cannot see
    "a draft": Row("/posts/{draft.slug}/", "404 404 200 404 200 200"),
    "comments of a draft": Row("/posts/{draft.slug}/comments/", "404", "404"),
    "feed of a draft's comments": Row("/posts/{draft.slug}/comments.atom", "404"),
    # for staff
    "admin_password_reset": Row("/admin/password/", "200", "422"),
    "password_asked": Row("/admin/password/asked/", "200"),
    "password_set": Row("/admin/password/MQ/forged/", "200", "200"),
    "password_done": Row("/admin/password/done/", "200"),
    "design": Row("/admin/design/", STAFF),
    "design_mail": Row("/admin/design/mail/dark/", STAFF),
    "editor_preview": Row("/admin/blog/editor/preview/", "405", "403 200 200 403 200 200", {"content": "*Hi*"}),
    "editor_upload": Row("/admin/blog/editor/upload/", "405", "403 422 422 403 422 422"),
    "editor_paste": Row("/admin/blog/editor/paste/", "405", "403 200 200 403 200 200", {"html": "<b>Hi</b>"}),
    "autosave": Row("/admin/blog/editor/autosave/", "405", "403 400 400 400 400 400"),
    "autosave of a draft": Row("/admin/blog/editor/autosave/", "405", "403 403 200 403 200 200", json="typed"),
    "working_copy_discard": Row(
        "/admin/blog/editor/working-copies/{copy.pk}/discard/", "405", "login 404 302 404 404 404"
    ),
    "post_stand": Row(
        "/admin/blog/post/{draft.pk}/standing/", "login 404 405 404 405 405", OWNERS_ACT, {"verb": "relist"}
    ),
    "post_withdraw": Row(
        "/admin/blog/post/{post.pk}/withdraw/", "login 403 200 403 200 200", "login 403 302 404 302 302"
    ),
    "preview_link_make": Row("/admin/blog/post/{draft.pk}/preview-links/", "login 404 405 404 405 405", OWNERS_ACT),
    "preview_link_revoke": Row(
        "/admin/blog/post/{draft.pk}/preview-links/{link_to_draft.pk}/revoke/", "login 404 405 404 405 405", OWNERS_ACT
    ),
    "admin:blog_post_revision": Row("/admin/blog/post/{draft.pk}/history/{revision.pk}/", REVISIONS),
    "admin:blog_post_restore": Row("/admin/blog/post/{draft.pk}/history/{revision.pk}/restore/", REVISIONS, OWNERS_ACT),
    "admin:blog_page_revision": Row("/admin/blog/page/{page.pk}/history/{page_revision.pk}/", EDITORS),
    "admin:blog_page_restore": Row(
        "/admin/blog/page/{page.pk}/history/{page_revision.pk}/restore/", EDITORS, "login 403 403 403 302 302"
    ),
    "invite": Row("/admin/accounts/user/invite/", PUBLISHERS, "login 403 403 403 403 422"),
    "mail_again": Row(
        "/admin/accounts/user/{person.pk}/mail/", "login 403 403 403 403 405", "login 403 403 403 403 302"
    ),
    "moderation": Row("/admin/moderation/", MODERATORS),
    "moderation_decide": Row(
        "/admin/moderation/{comment.pk}/", "login 403 403 405 403 405", "login 403 403 302 403 302", {"verb": "hold"}
    ),
    "moderation_notices": Row("/admin/moderation/notices/", MODERATORS, "login 403 403 302 403 302", {"pace": "daily"}),
    "moderation_numbers": Row("/admin/moderation/numbers/", MODERATORS),
    "moderate_from_mail": Row("{mailed_link}", "200", "303"),  # the link itself is the proof
    "moderation_decide_many": Row(
        "/admin/moderation/many/", "login 403 403 405 403 405", "login 403 403 302 403 302", {"verb": "hold"}
    ),
    "moderation_reply": Row(
        "/admin/moderation/{comment.pk}/reply/",
        "login 403 403 405 403 405",
        "login 403 403 302 403 302",
        {"body": "Hi"},
    ),
    "moderation_undo": Row(
        "/admin/moderation/actions/{action.pk}/undo/", "login 403 403 405 403 405", "login 403 403 302 403 302"
    ),
    "moderation_counts": Row("/admin/moderation/counts/", MODERATORS),
    "moderation_log": Row("/admin/moderation/log/", MODERATORS),
    "newsletter_welcome": Row("/admin/newsletter/welcome/", EDITORS, "login 403 403 403 422 422"),
    "newsletter": Row("/admin/newsletter/", EDITORS),
    "letter_new": Row("/admin/newsletter/letters/new/", EDITORS, "login 403 403 403 422 422"),
    "issue": Row("/admin/newsletter/{issue.pk}/", EDITORS),
    "letter_edit": Row("/admin/newsletter/{letter.pk}/edit/", EDITORS, "login 403 403 403 422 422"),
    "letter_edit of a post's issue": Row("/admin/newsletter/{issue.pk}/edit/", "login 403 403 403 404 404"),
    "issue_preview": Row("/admin/newsletter/{issue.pk}/preview/", EDITORS),
    "issue_preview_part": Row("/admin/newsletter/{issue.pk}/preview/html/", EDITORS),
    "issue_readers": Row("/admin/newsletter/{issue.pk}/readers/", EDITORS),
    "addresses of readers": Row("/admin/newsletter/{issue.pk}/readers/?state=pending", PUBLISHERS),
    "issue_send": Row("/admin/newsletter/{letter.pk}/send/", *SENDERS_ACT, {"when": "soon"}),
    "issue_override": Row("/admin/newsletter/{letter.pk}/override/", *SENDERS_ACT, {"reason": "Agreed"}),
    "issue_take_route": Row("/admin/newsletter/{issue.pk}/route/", *SENDERS_ACT, {"route": "second"}),
    **{
        f"issue_{verb}": Row(f"/admin/newsletter/{{issue.pk}}/{verb}/", *SENDERS_ACT)
        for verb in ("check", "discard", "pause", "recall", "resume", "retry", "stop", "test", "widen")
    },
    "newsletter_numbers": Row("/admin/newsletter/numbers/", PUBLISHERS),
    "list_import": Row("/admin/newsletter/import/", PUBLISHERS, "login 403 403 403 403 422"),
    "list_export": Row("/admin/newsletter/export/", "login 403 403 403 403 405", PUBLISHERS),
    "admin:comments_filters_reset": Row("/admin/comments/filters/reset/", MODERATORS, MODERATORS_ACT),
    "admin:subscribers_subscriber_proof": Row("/admin/subscribers/subscriber/{subscriber.pk}/proof/", PUBLISHERS),
    "admin:index": Row("/admin/", STAFF),
    "admin:login": Row("/admin/login/", "200 index index index index index", "200"),
    "admin:logout": Row("/admin/logout/", "index 405 405 405 405 405", "index 200 200 200 200 200"),
    "admin:password_change": Row("/admin/password_change/", STAFF, STAFF),
    "admin:password_change_done": Row("/admin/password_change/done/", STAFF),
    "admin:autocomplete": Row("/admin/autocomplete/?app_label=blog&model_name=byline&field_name=author", EDITORS),
    "admin:jsi18n": Row("/admin/jsi18n/", STAFF),
    "admin:view_on_site": Row("/admin/r/{post_type.pk}/{post.pk}/", "login 302 302 302 302 302"),
    "admin:app_list": Row("/admin/blog/", "login 200 200 404 200 200"),
    "admin:blog_post_calendar": Row("/admin/blog/post/calendar/", WRITERS),
    "admin:auth_user_password_change": Row("/admin/accounts/user/{person.pk}/password/", NOBODY, NOBODY),
}


class Rows(NamedTuple):
    """The five addresses that the admin has for one model. What may be written to is posted to, too."""

    row: str  # which one is opened
    list: str
    add: str
    change: str  # GET: whoever may look
    write: str  # POST of a change
    delete: str
    history: str = ""  # as `change`, if nothing else is said


MODELS = {
    "blog_post": Rows("draft", WRITERS, WRITERS, OWNERS, OWNERS, OWNERS, REVISIONS),
    "blog_image": Rows("image", WRITERS, WRITERS, OWNERS, OWNERS, OWNERS, "login index 200 index 200 200"),
    "blog_page": Rows("page", EDITORS, EDITORS, EDITORS, EDITORS, EDITORS),
    "blog_tag": Rows("tag", WRITERS, EDITORS, WRITERS, EDITORS, EDITORS),
    "blog_series": Rows("series", WRITERS, EDITORS, WRITERS, EDITORS, EDITORS),
    "blog_author": Rows("author", EDITORS, EDITORS, EDITORS, EDITORS, EDITORS),
    "blog_navigationlink": Rows("link", PUBLISHERS, PUBLISHERS, PUBLISHERS, PUBLISHERS, PUBLISHERS),
    "blog_publication": Rows("publication", SAVED_BY_PUBLISHERS, NOBODY, PUBLISHERS, PUBLISHERS, NOBODY),
    "comments_comment": Rows("comment", MODERATORS, NOBODY, MODERATORS, NOBODY, PUBLISHERS),
    "comments_block": Rows("block", MODERATORS, MODERATORS, MODERATORS, MODERATORS_ACT, MODERATORS),
    "comments_filters": Rows("filters", MODERATORS_ACT, NOBODY, MODERATORS, MODERATORS, NOBODY),
    "subscribers_subscriber": Rows("subscriber", PUBLISHERS, NOBODY, PUBLISHERS, SAVED_BY_PUBLISHERS, NOBODY),
    "subscribers_delivery": Rows("delivery", PUBLISHERS, NOBODY, PUBLISHERS, NOBODY, NOBODY),
    "subscribers_bounce": Rows("bounce", PUBLISHERS, NOBODY, PUBLISHERS, NOBODY, NOBODY),
    "accounts_user": Rows("person", PUBLISHERS, NOBODY, PUBLISHERS, PUBLISHERS, NOBODY),
    "auth_group": Rows("group", NOBODY, NOBODY, NOBODY, NOBODY, NOBODY),
    "django_tasks_database_dbtaskresult": Rows("group", NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, NO_SUCH_ROW),
}


def rows_of_models() -> Iterator[tuple[str, Row]]:
    for model, rows in MODELS.items():
        app, _line, name = model.rpartition("_")
        path = f"/admin/{app}/{name}"
        one = f"{path}/{{{rows.row}.pk}}"
        yield f"admin:{model}_changelist", Row(f"{path}/", rows.list)
        yield f"admin:{model}_add", Row(f"{path}/add/", rows.add, rows.add)
        yield f"admin:{model}_change", Row(f"{one}/change/", rows.change, rows.write)
        yield f"admin:{model}_history", Row(f"{one}/history/", rows.history or rows.change)
        yield f"admin:{model}_delete", Row(f"{one}/delete/", rows.delete, rows.delete)


TABLE = {**ROWS, **dict(rows_of_models())}


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    """Give the name of every address; the admin's own few without one lead to others, or are its 404."""
    for entry in patterns:
        if not isinstance(entry, URLPattern):
            yield from names(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif entry.name or not space:
            yield f"{space}{entry.name or entry.pattern}"


@pytest.mark.parametrize("name", sorted(set(names(urls.urlpatterns))))
def test_an_address_has_a_row(name: str) -> None:
    assert name in TABLE, (
        f"Say in ROWS of tests/test_permissions.py who gets which answer at “{name}”: one word for each of {ROLES}."
    )


class World(NamedTuple):
    """People, one for each role, and one row of everything."""

    people: list[Any]
    rows: dict[str, Any]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Make the world once; each test has it as it was, since its own transaction lies within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def make_world() -> World:
    other, writer, moderator, editor, publisher = (
        make_person(role) for role in ("Author", "Author", "Moderator", "Editor", "Publisher")
    )
    author = Author.of(writer)
    Author.of(other)
    series, subscriber = (
        Series.objects.create(title="Series", slug="series"),
        make_subscriber(new_email="x@example.net"),
    )
    post = make_post(authors=[author], series=series, series_position=1)
    comment = make_comment(post)
    issue = Issue.objects.create(post=post, subject="Issue", send_at=post.published_at)
    delivery = Delivery.objects.create(issue=issue, subscriber=subscriber, address=subscriber.email)
    draft, page = make_post(authors=[author], published_at=None), make_page()
    link_to_draft = draft.preview_links.create(created_by=writer)
    tab = "6b3f8a52-0000-4000-8000-000000000001"
    rows = {
        "post": post,
        "draft": draft,
        "revision": draft.history.get(),
        "copy": WorkingCopy.objects.create(user=writer, tab=tab, post=draft, kind="post"),
        "typed": {"kind": "post", "tab": tab, "text": draft.pk, "values": {"title": "Typed"}},
        "link_to_draft": link_to_draft,
        "preview": Signer(Purpose.PREVIEW).token(link_to_draft.pk),
        "year": timezone.localtime(post.published_at).year,
        "month": timezone.localtime(post.published_at).month,
        "page": page,
        "page_revision": page.history.get(),
        "tag": make_tag(),
        "series": series,
        "author": make_author(),
        "image": make_image(uploaded_by=writer),
        "link": NavigationLink.objects.create(label="Link", address="/"),
        "publication": Publication.load(),
        "comment": comment,
        "action": Action.objects.create(verb="approve", user=moderator),
        "block": Block.objects.create(kind="domain", shown="spam.example", digest="0" * 64),
        "filters": Filters.load(),
        "subscriber": subscriber,
        "issue": issue,
        "delivery": delivery,
        "bounce": Bounce.objects.create(delivery=delivery, subscriber=subscriber, kind="hard", source="report"),
        "letter": Issue.draft("Letter", "Text", editor),
        "person": make_person("Author"),
        "group": Group.objects.get(name="Author"),
        "post_type": ContentType.objects.get_for_model(Post),
        "own_comment": Signer(Purpose.OWN_COMMENT).token(comment.pk),
        "commenter_confirm": Signer(Purpose.COMMENTER_CONFIRM).token(f"{comment.commenter_id}.0"),
        "yours": Signer(Purpose.COMMENTER).token(comment.commenter_id),
        "unfollow": Signer(Purpose.UNFOLLOW).token(post.follows.create(commenter=comment.commenter).pk),
        "mailed_link": Maker(moderator).path("approve", comment),
        "never": Signer(Purpose.NEVER).token(bound(subscriber.pk, subscriber.email)),
        "manage": Signer(Purpose.MANAGE).token(bound(subscriber.pk, subscriber.email)),
        "own_data": Signer(Purpose.OWN_DATA).token(bound(subscriber.pk, subscriber.email)),
        "new_address": Signer(Purpose.NEW_ADDRESS).token(bound(subscriber.pk, subscriber.new_email)),
        "unsubscribe": Signer(Purpose.UNSUBSCRIBE).token(subscriber.pk),
    }
    return World([None, other, writer, moderator, editor, publisher], rows)


def word_for(response: Any) -> str:
    target = response.headers.get("Location", "")
    if response.status_code == 302 and target.startswith("/admin/login/"):
        return "login"
    return "index" if response.status_code == 302 and target == "/admin/" else str(response.status_code)


def browser_of(person: Any) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def in_short(words: list[str]) -> str:
    return words[0] if len(set(words)) == 1 else " ".join(words)


@pytest.mark.django_db
@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_the_answer_of_the_table(world: World, name: str) -> None:
    row = TABLE[name]
    address = row.address.format(**world.rows)
    browsers = [browser_of(person) for person in world.people]

    assert in_short([word_for(browser.get(address)) for browser in browsers]) == row.get
    if row.post:
        sent = {"data": world.rows[row.json], "content_type": "application/json"} if row.json else {"data": row.data}
        assert in_short([word_for(browser.post(address, **sent)) for browser in browsers]) == row.post
