"""The newest comments, of the site and under one post, as Atom. Every address in them comes from SITE_URL."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from blog.address import absolute
from blog.addresses import post_known_at
from blog.feed_formats import FullTextAtom
from blog.feeds import Subject, SubjectFeed, entry_name, titled
from blog.markup import absolute_comment_html, web_address
from blog.models import Post
from comments.models import Comment

LENGTH = 30  # entries
THREADS = "http://purl.org/syndication/thread/1.0"


class ConversationAtom(FullTextAtom):
    """Atom whose entries say what they answer: the post, or another comment (RFC 4685)."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:thr": THREADS}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("thr:in-reply-to", attrs={**item["answers"], "type": "text/html"})


class CommentsFeed(SubjectFeed):
    """The newest comments under the listed posts of the publication."""

    feed_type = ConversationAtom
    item_description: Any = None  # an entry with its whole text needs no summary (RFC 4287, section 4.1.2)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        # Asked of each comment, and not the other way round, so that an index gives the newest without a sort.
        is_listed = Exists(Post.objects.listed().filter(pk=OuterRef("post")))
        comments = Comment.objects.approved().filter(is_listed)
        return Subject(titled(_("Comments")), "", reverse("home"), reverse("comments_feed"), comments)

    def items(self, subject: Subject) -> list[Comment]:
        comments = subject.entries.select_related("post", "parent").order_by("-published_at", "-pk")
        return list(comments.only(*COMMENT_FIELDS)[:LENGTH])

    def item_title(self, comment: Comment) -> str:
        return _("%(name)s on %(title)s") % {"name": comment.name, "title": comment.post.title}

    def item_link(self, comment: Comment) -> str:
        return absolute(comment.get_absolute_url())

    def item_guid(self, comment: Comment) -> str:
        return entry_name("comments", comment)

    def item_pubdate(self, comment: Comment) -> datetime.datetime | None:
        return comment.published_at

    def item_updateddate(self, comment: Comment) -> datetime.datetime | None:
        return max(filter(None, [comment.published_at, comment.edited_at]), default=None)

    def item_extra_kwargs(self, comment: Comment) -> dict[str, Any]:
        parent = comment.parent
        if parent is not None and parent.status == Comment.Status.APPROVED:
            answers = {"ref": entry_name("comments", parent), "href": absolute(parent.get_absolute_url())}
        else:
            answers = {"ref": entry_name("posts", comment.post), "href": absolute(comment.post.get_absolute_url())}
        return {
            "authors": [{"name": comment.name, "url": web_address(comment.website)}],
            "content": absolute_comment_html(comment.rendered_html, settings.SITE_URL),
            "language": "",
            "answers": answers,
        }


class PostCommentsFeed(CommentsFeed):
    """The newest comments under one post, at the address it has or had."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        post = post_known_at(kwargs["slug"])
        if post is None or not post.is_published:
            raise Http404
        path = reverse("post_comments_feed", args=[post.slug])
        title = _("Comments on %(title)s") % {"title": post.title}
        return Subject(title, "", post.get_absolute_url(), path, Comment.objects.approved().filter(post=post))


COMMENT_FIELDS = [
    "name",
    "website",
    "rendered_html",
    "created_at",
    "published_at",
    "edited_at",
    "post__title",
    "post__slug",
    "post__created_at",
    "parent__status",
    "parent__created_at",
]
