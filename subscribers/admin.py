from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from blog.admin.post_list import PostList
from blog.models import Post
from subscribers.models import Bounce, Delivery, Issue
from subscribers.subscriber_admin import SubscriberAdmin

__all__ = ["BounceAdmin", "DeliveryAdmin", "SubscriberAdmin"]

MAIL_IN_WORDS = {
    Issue.State.DRAFT: _("mail being written"),
    Issue.State.WAITING: _("mail waits"),
    Issue.State.SENDING: _("being mailed"),
    Issue.State.PAUSED: _("mail paused"),
    Issue.State.SENT: _("mailed"),
    Issue.State.STOPPED: _("mail stopped"),
}


@admin.display(description=_("mail"))
def mailed(post: Post) -> str:
    """Say in a word or two what became of the post's mail. The post's own page says it in a sentence."""
    issue: Issue | None = getattr(post, "issue", None)
    if issue is not None:
        return str(MAIL_IN_WORDS[Issue.State(issue.state)])
    wanted = post.email_subscribers and post.imported_at is None and post.visibility == Post.Visibility.LISTED
    return str(_("not mailed yet") if wanted else _("no mail"))


PostList.add_column(mailed, related="issue")


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    """The account of what happened, for who digs; an issue's own page is at /admin/newsletter/."""

    list_display = ["address", "issue", "state", "attempts", "sent_at", "error"]
    list_filter = ["state", "issue"]
    search_fields = ["address"]
    list_select_related = ["issue"]
    show_full_result_count = False
    readonly_fields = [
        "issue",
        "subscriber",
        "address",
        "state",
        "attempts",
        "next_try_at",
        "sent_at",
        "error",
        "answer",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False


@admin.register(Bounce)
class BounceAdmin(admin.ModelAdmin[Bounce]):
    """What came back: to be read."""

    list_display = ["at", "address", "kind", "status", "words", "source", "issue"]
    list_display_links = ["at"]
    list_filter = ["kind", "source", "at"]
    search_fields = ["delivery__address"]
    list_select_related = ["delivery__issue"]
    readonly_fields = ["at", "delivery", "address", "issue", "kind", "status", "words", "source", "subscriber"]
    fields = [*readonly_fields]

    @admin.display(description=_("address"))
    def address(self, bounce: Bounce) -> str:
        return bounce.delivery.address

    @admin.display(description=_("issue"))
    def issue(self, bounce: Bounce) -> str:
        return bounce.delivery.issue.subject

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Bounce | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bounce | None = None) -> bool:
        return False
