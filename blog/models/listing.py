from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog.models.author import Author
from blog.models.post import Post
from blog.models.tag import Tag


class ListingQuerySet(models.QuerySet["Listing"]):
    def until_now(self) -> Self:
        """Nothing of what is still to come; newest first."""
        return self.filter(published_at__lte=timezone.now()).order_by("-published_at", "-post_id")

    def ids(self) -> models.QuerySet["Listing", Any]:
        """The posts' keys, newest first: an index alone knows them."""
        return self.until_now().values_list("post_id", flat=True)


class Listing(models.Model):
    """That a listed post stands under a tag, or under an author, and since when.

    A tag's page wants the newest of its posts. Tags are in one table and dates in another, so that no index has both:
    here they are side by side. Triggers in the database keep it (migrations/_listing.py says how, decision 38 why), so
    nothing here writes it. A row for a day to come is there already, and counts when the day has.
    """

    post = models.ForeignKey(Post, on_delete=models.DO_NOTHING, related_name="listings")
    tag = models.ForeignKey(Tag, null=True, on_delete=models.DO_NOTHING, related_name="listings", db_index=False)
    author = models.ForeignKey(Author, null=True, on_delete=models.DO_NOTHING, related_name="listings", db_index=False)
    published_at = models.DateTimeField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["tag", "-published_at", "-post"], name="listing_of_tag"),
            models.Index(fields=["author", "-published_at", "-post"], name="listing_of_author"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(tag=None, author__isnull=False) | Q(author=None, tag__isnull=False),
                name="listing_is_of_a_tag_or_an_author",
            )
        ]

    def __str__(self) -> str:
        return f"post {self.post_id}"
