from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from blog.admin.post_list import PostList
from blog.models import Post
from subscribers.models import Delivery, Issue, Subscriber

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


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin[Subscriber]):
    """Nobody is put on the list by hand: an address asks, and its owner confirms."""

    list_display = ["email", "status", "created_at", "confirmed_at", "left_at"]
    list_filter = ["status", "created_at"]
    search_fields = ["email"]
    readonly_fields = [
        "email",
        "status",
        "cadence",
        "paused_until",
        "plain_text",
        "created_at",
        "asked_at",
        "times_asked",
        "confirmed_at",
        "left_at",
    ]
    fields = [*readonly_fields]
    actions = ["suppress"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Never mail the chosen addresses again"), permissions=["change"])
    def suppress(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        done = sum(subscriber.suppress() for subscriber in queryset)
        self.message_user(request, _("%d addresses will not be mailed again.") % done, messages.SUCCESS)


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
