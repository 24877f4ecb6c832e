import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from blog.address import absolute
from blog.models.author import Author
from blog.models.conversation import CommentsHeld
from blog.models.series import Series
from blog.models.tag import Tag
from blog.models.text import Text

if TYPE_CHECKING:
    from accounts.models import User

WORDS_PER_MINUTE = 230
MIN_HEADINGS = 3  # of which a table of contents is worth its place
REVISION_GRACE = datetime.timedelta(days=1)  # a typing error found in the evening makes no new edition

# A language tag such as `en`, `de-CH` or `zh-Hant` (RFC 5646, without its rarer parts).
validate_language = RegexValidator(
    r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Give a language tag such as en, de-CH or zh-Hant.")
)


RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}

# What saves of a post change beside what its author wrote: no part of a revision.
UNRECORDED_FIELDS = [
    "created_at",
    "updated_at",
    "social_image",
    "social_digest",
    "imported_at",
    "import_key",
    "import_digest",
    "import_text_digest",
]


class PostQuerySet(models.QuerySet["Post"]):
    """The only places that say what the public may see."""

    def published(self, at: datetime.datetime | None = None) -> Self:
        """Posts that have a page of their own now, or at a moment: everything in the open but what was withdrawn."""
        return self.filter(published_at__lte=at or timezone.now()).exclude(visibility=Post.Visibility.WITHDRAWN)

    def listed(self, at: datetime.datetime | None = None) -> Self:
        """Published posts that the site points at: lists, feeds, sitemap, search, mail. Newest first."""
        return self.published(at).filter(visibility=Post.Visibility.LISTED).newest_first()

    def ids(self) -> models.QuerySet["Post", Any]:
        """Only the posts' keys, which an index knows."""
        return self.values_list("pk", flat=True)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def visible_to(self, user: "User") -> Self:
        """What a member of staff may open: with the right to change posts all, else the public ones and their own."""
        if user.has_perm("blog.change_post"):
            return self
        return self.filter(Q(pk__in=self.signed_by(user).values("pk")) | Q(pk__in=self.published().values("pk")))

    def changeable_by(self, user: "User") -> Self:
        """What a member of staff may change; agrees with `Post.may_be_changed_by()`."""
        if user.has_perm("blog.change_post"):
            return self
        return self.signed_by(user) if user.has_perm("blog.write_own_post") else self.none()

    def signed_by(self, user: "User") -> Self:
        return self.filter(pk__in=Byline.objects.filter(author__user_id=user.pk).values("post"))

    def for_lists(self) -> Self:
        """What a line in a list shows, in two queries however many there are; leaves the long columns behind."""
        long = ("source", "rendered_html", "plain_text", "headings")
        return self.defer(*long).select_related("cover").with_authors()

    def for_titles(self) -> Self:
        """Only what a line with date and title needs; one query."""
        return self.only("title", "slug", "published_at")

    def in_series_order(self) -> Self:
        """As the posts of a series are read."""
        return self.order_by("series_position", "published_at", "pk")

    def for_page(self) -> Self:
        """What the post's own page shows beside its text, in a fixed number of queries."""
        return self.select_related("cover", "series").with_authors().prefetch_related("tags", "sources", "corrections")

    def with_authors(self) -> Self:
        """Fetch the names under the posts, in their order, in one query for all of them."""
        return self.prefetch_related(models.Prefetch("bylines", Byline.objects.select_related("author__portrait")))


class Post(Text):
    """An article.

    Two facts say where it stands: since when it is published (empty: a draft; in the future: scheduled), and who
    is pointed to it.
    """

    class Visibility(models.TextChoices):
        LISTED = "listed", _("Listed: on the home page, in feeds and in the newsletter")
        UNLISTED = "unlisted", _("Unlisted: for whoever has the address")
        WITHDRAWN = "withdrawn", _("Withdrawn: was public, is no more")

    title = models.CharField(_("title"), max_length=300)
    subtitle = models.CharField(_("subtitle"), max_length=500, blank=True, help_text=_("One or two sentences."))
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    authors = models.ManyToManyField(Author, through="Byline", related_name="posts", verbose_name=_("authors"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="posts", verbose_name=_("tags"))
    cover = models.ForeignKey(
        "blog.Image",
        verbose_name=_("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    published_at = models.DateTimeField(
        _("published"), null=True, blank=True, help_text=_("Empty: a draft. In the future: scheduled.")
    )
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility, default=Visibility.LISTED)
    withdrawn_note = models.CharField(
        _("why it was withdrawn"),
        max_length=500,
        blank=True,
        help_text=_("Shown at the address of a withdrawn post."),
    )
    series = models.ForeignKey(
        Series, verbose_name=_("series"), null=True, blank=True, on_delete=models.SET_NULL, related_name="posts"
    )
    series_position = models.PositiveSmallIntegerField(_("place in the series"), default=0)
    excerpt = models.CharField(
        _("excerpt"), max_length=500, blank=True, help_text=_("For lists; empty: the subtitle, or how the text opens.")
    )
    search_title = models.CharField(
        _("title for search engines"), max_length=200, blank=True, help_text=_("Empty: the title.")
    )
    search_description = models.CharField(
        _("description for search engines"), max_length=300, blank=True, help_text=_("Empty: the excerpt.")
    )
    canonical_url = models.URLField(
        _("canonical address"),
        max_length=500,
        blank=True,
        help_text=_("Where this text appeared first, if that was elsewhere."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        validators=[validate_language],
        help_text=_("Empty: the site's. Otherwise a tag such as de-CH."),
    )
    reviewed_by = models.CharField(
        _("reviewed by"), max_length=200, blank=True, help_text=_("Who checked the facts: a name and what they are.")
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    allow_comments = models.BooleanField(_("open to comments"), default=True)
    # What this post's conversation does otherwise than the site's (Publication); empty: the same.
    comments_held = models.CharField(
        _("comments that wait for a moderator"), max_length=10, blank=True, choices=CommentsHeld
    )
    comments_close_after = models.PositiveSmallIntegerField(
        _("close the conversation after days"), null=True, blank=True, help_text=_("Empty: as the site does. 0: never.")
    )
    comments_pause = models.PositiveSmallIntegerField(
        _("seconds between two comments"), null=True, blank=True, help_text=_("Empty: as the site does. 0: off.")
    )
    email_subscribers = models.BooleanField(_("mail to subscribers"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Drawn by the worker from title, authors, cover and site name (blog/social.py); the digest says from which, and
    # is empty when the worker has to look again.
    social_image = models.ImageField(upload_to="social", blank=True, editable=False)
    social_digest = models.CharField(max_length=64, blank=True, editable=False)

    # An imported post is never mailed. A second import finds it by the key, sees by the first digest whether the
    # file has changed, and by the second whether the text was changed here.
    imported_at = models.DateTimeField(null=True, editable=False)
    import_key = models.CharField(max_length=200, null=True, editable=False, unique=True)  # noqa: DJ001  NULL is "none"
    import_digest = models.CharField(max_length=64, blank=True, editable=False)
    import_text_digest = models.CharField(max_length=64, blank=True, editable=False)

    STANDING_FIELDS = [
        "slug",
        "published_at",
        "visibility",
        "withdrawn_note",
        "allow_comments",
        "email_subscribers",
    ]

    objects = PostQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[*Text.RENDERED_FIELDS, *UNRECORDED_FIELDS])

    class Meta:
        ordering = [F("published_at").desc(nulls_first=True), "-pk"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        permissions = [("write_own_post", "Can write, publish and change the posts they sign")]
        indexes = [
            models.Index(fields=["visibility", "-published_at", "-id"], name="post_by_date"),
            models.Index(fields=["-published_at"], condition=Q(social_digest=""), name="post_to_draw"),
            # Names all three, or SQLite would rather walk post_by_date from end to end to find a few parts.
            models.Index(fields=["series", "visibility", "published_at"], name="post_of_series"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(visibility="withdrawn") | Q(published_at__isnull=False),
                name="post_withdrawn_was_published",
                violation_error_message=_("Only a post that was published can be withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by="", reviewed_on__isnull=True)
                | Q(~Q(reviewed_by=""), reviewed_on__isnull=False),
                name="post_review_has_name_and_day",
                violation_error_message=_("A review needs both: who did it, and on which day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("post", args=[self.slug])

    def clean(self) -> None:
        """Refuse an address at which another post was public: links to that one lead there."""
        owner = Post.objects.filter(former_slugs__slug=self.slug).exclude(pk=self.pk).first()
        if owner is not None:
            sentence = _("“%(title)s” was at this address before, and links to it still lead there. Choose another.")
            raise ValidationError({"slug": ValidationError(sentence, params={"title": owner.title})})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a changed title or cover has its picture drawn anew, a changed address is left a way to the new one."""
        fields = kwargs.get("update_fields")
        if fields is None or {"title", "cover"} & {*fields}:
            self.social_digest = ""
            if fields is not None:
                kwargs["update_fields"] = {*fields, "social_digest"}
        with transaction.atomic():
            before = self.public_slug() if fields is None or "slug" in fields else None
            super().save(*args, **kwargs)
            if before is not None:
                self.lead_here_from(before)

    def public_slug(self) -> str | None:
        """Return the stored address of a post that is or was public."""
        public = Post.objects.filter(pk=self.pk, published_at__lte=timezone.now())
        return public.values_list("slug", flat=True).first()

    def lead_here_from(self, slug: str) -> None:
        """Keep an address that the post had; one that it took back is former no more."""
        former_slugs = self.former_slugs.model.objects
        if slug != self.slug:
            former_slugs.update_or_create(slug=slug, defaults={"post": self})
            former_slugs.filter(slug=self.slug, post=self).delete()

    @property
    def canonical(self) -> str:
        """The full address where this text belongs: elsewhere if it appeared there first, else its own."""
        return self.canonical_url or absolute(self.get_absolute_url())

    @property
    def changed_at(self) -> datetime.datetime:
        """When readers last got something new: the post itself, a change of it, or its latest correction."""
        corrected = [correction.corrected_at for correction in self.corrections.all()]
        return max([self.updated_at, self.published_at or self.updated_at, *corrected])

    @property
    def standfirst(self) -> str:
        """The lines under a title in lists and cards: the author's own, else how the text opens."""
        return self.excerpt or self.subtitle or self.opening

    @property
    def reading_minutes(self) -> int:
        return max(1, round(self.word_count / WORDS_PER_MINUTE))

    @property
    def has_outline(self) -> bool:
        """Whether the text has enough headings to find one's way by."""
        return len(self.headings) >= MIN_HEADINGS

    @property
    def is_right_to_left(self) -> bool:
        return self.language.partition("-")[0].lower() in RIGHT_TO_LEFT

    @property
    def is_published(self) -> bool:
        """Whether the post has a public page now; agrees with `PostQuerySet.published()`."""
        return (
            self.published_at is not None
            and self.published_at <= timezone.now()
            and self.visibility != self.Visibility.WITHDRAWN
        )

    @property
    def is_listed(self) -> bool:
        """Whether lists, feeds and mail may show it now; agrees with `PostQuerySet.listed()`."""
        return self.is_published and self.visibility == self.Visibility.LISTED

    @property
    def revised_at(self) -> datetime.datetime | None:
        """When a published text was last changed, if that was a day or more after readers first got it here."""
        first_seen = max(filter(None, [self.published_at, self.imported_at]), default=None)
        if first_seen is None or self.updated_at - first_seen < REVISION_GRACE:
            return None
        return self.updated_at

    @property
    def was_public(self) -> bool:
        """Whether readers could ever open it: then it can be withdrawn, but it cannot become a draft again."""
        return self.published_at is not None and self.published_at <= timezone.now()

    def may_be_changed_by(self, user: "User") -> bool:
        """Whoever may change every post, and whoever signs this one and may write their own."""
        return super().may_be_changed_by(user) or (
            user.has_perm("blog.write_own_post") and self.bylines.filter(author__user_id=user.pk).exists()
        )

    @classmethod
    def may_be_added_by(cls, user: "User") -> bool:
        return super().may_be_added_by(user) or user.has_perm("blog.write_own_post")

    def publish(self) -> bool:
        """Make the post public from now on, unless it already is. Return whether this call did it."""
        now = timezone.now()
        return self._stand(Q(published_at=None) | Q(published_at__gt=now), published_at=now)

    def unschedule(self) -> bool:
        """Make a scheduled post a draft again. Return False if it is none, or public by now."""
        return self._stand(Q(published_at__gt=timezone.now()), published_at=None)

    def withdraw(self, note: str = "") -> bool:
        """Take a public post away; its address says that it is gone, and why. Return False if it is not public."""
        public = Q(published_at__lte=timezone.now()) & ~Q(visibility=self.Visibility.WITHDRAWN)
        return self._stand(public, visibility=self.Visibility.WITHDRAWN, withdrawn_note=note)

    def relist(self) -> bool:
        """Put a withdrawn post back where everybody finds it. Return False if it was not withdrawn."""
        withdrawn = Q(visibility=self.Visibility.WITHDRAWN)
        return self._stand(withdrawn, visibility=self.Visibility.LISTED, withdrawn_note="")

    def _stand(self, condition: Q, **values: Any) -> bool:
        """Change where the post stands, as one revision, if the condition still holds. Return whether it did."""
        values["updated_at"] = timezone.now()
        with transaction.atomic():
            done = Post.objects.filter(condition, pk=self.pk).update(**values) == 1
            self.refresh_from_db(fields=["published_at", "visibility", "withdrawn_note", "updated_at"])
            if done:
                self.record()
        return done

    def keep_signed_by(self, author: Author) -> bool:
        """Put a name under the post, after the others, unless it is there. Return whether this call did it."""
        last = self.bylines.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        return Byline.objects.get_or_create(post=self, author=author, defaults={"position": position})[1]

    def sign(self, authors: list[Author]) -> None:
        """Put these names under the post, in this order."""
        self.bylines.all().delete()
        Byline.objects.bulk_create(
            Byline(post=self, author=author, position=position) for position, author in enumerate(authors)
        )
        Post.objects.filter(pk=self.pk).update(social_digest="")


class Byline(models.Model):
    """One author's place in the line under a title."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [models.UniqueConstraint(fields=["post", "author"], name="byline_author_once")]

    def __str__(self) -> str:
        return str(self.author)
