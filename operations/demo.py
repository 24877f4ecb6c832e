"""A publication worth looking at, for a database that is still empty, and the way to be rid of it again."""

import datetime
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from blog import images
from blog.models import Author, Image, Page, Post, Publication, Series, Source, Tag
from comments import commenters
from comments.models import Comment, Commenter
from operations.demo_art import draw
from subscribers.models import Subscriber

CONTENT = Path(__file__).parent / "demo_content"
LEADING_POST = "five-things-about-micro-needling"
POSTS = [
    LEADING_POST,
    "a-barrier-made-of-bricks",
    "sunscreen-without-the-arguments",
    "how-to-read-an-ingredients-list",
]
AUTHOR = "the-desk-of-second-skin"
DESK = "desk@example.org"
PAGE = "about"
SUBSCRIBERS = {
    "ada@example.org": Subscriber.Status.ACTIVE,
    "ben@example.org": Subscriber.Status.ACTIVE,
    "chloe@example.org": Subscriber.Status.ACTIVE,
    "dmitri@example.org": Subscriber.Status.PENDING,
    "eve@example.org": Subscriber.Status.UNSUBSCRIBED,
}


def load() -> int:
    """Write the demo; return how many posts it has."""
    with transaction.atomic():
        Publication(
            name="Second Skin",
            description="Notes on skin, read slowly",
            postal_address="Second Skin (a demo), 1 Example Street, 00000 Nowhere",
            is_demo=True,
        ).save()
        desk = Author.objects.create(
            name="The desk of Second Skin",
            slug=AUTHOR,
            tagline="Reads the studies so that you can read something else.",
            bio="A small desk that writes about skin: what is known, what is sold, and how to tell one from the other.",
        )
        for slug in POSTS:
            write_post(slug, desk)
        write_conversation(Post.objects.get(slug=LEADING_POST))
        about = frontmatter.load(str(CONTENT / "about.md"))
        Page.objects.create(title=str(about["title"]), slug=PAGE, source=about.content)
        write_subscribers()
    return len(POSTS)


def write_post(slug: str, author: Author) -> None:
    """Write one article. It counts as imported, so that nobody is mailed about it."""
    article = frontmatter.load(str(CONTENT / f"{slug}.md"))
    meta: dict[str, Any] = article.metadata
    now = timezone.now()
    published_at = (now - datetime.timedelta(days=meta["days_ago"])).replace(hour=meta["hour"], minute=0, second=0)
    post = Post.objects.create(
        title=meta["title"],
        subtitle=meta["subtitle"],
        slug=slug,
        source=article.content,
        cover=write_cover(meta),
        published_at=min(published_at, now),
        imported_at=now,
        series=write_series(meta),
        series_position=meta.get("series_position", 0),
    )
    post.sign([author])
    Source.objects.bulk_create(
        Source(post=post, text=text, position=position) for position, text in enumerate(meta.get("sources", []))
    )
    post.tags.set([Tag.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0] for name in meta["tags"]])


def write_series(meta: dict[str, Any]) -> Series | None:
    title = meta.get("series")
    return Series.objects.get_or_create(slug=slugify(title), defaults={"title": title})[0] if title else None


def write_cover(meta: dict[str, Any]) -> Image:
    return Image.objects.create(
        file=images.reencode(draw(meta["cover"])), alt=meta["alt"], caption=meta.get("caption", "")
    )


def write_conversation(post: Post) -> None:
    """Write the comments under a post. They count as told, so that nobody is mailed about them."""
    written: dict[str, Comment] = {}
    now = timezone.now()
    for entry in conversation():
        created_at = now - datetime.timedelta(hours=entry["hours_ago"])
        status = entry.get("status", Comment.Status.APPROVED)
        written[entry["id"]] = Comment.objects.create(
            post=post,
            parent=written.get(entry.get("answers", "")),
            name=entry["name"],
            email=entry["email"],
            source=entry["body"].strip(),
            created_at=created_at,
            published_at=created_at if status == Comment.Status.APPROVED else None,
            pinned_at=now if entry.get("pinned") else None,
            status=status,
            held_for=entry.get("held_for", []),
            score=entry.get("score"),
            commenter=commenters.find_or_add(entry["email"]),
            moderators_told_at=now,
            followers_told_at=now,
        )
    post.comments.all().count_answers()


def conversation() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((CONTENT / "conversation.yaml").read_text())
    return entries


def hand_over(user: User) -> None:
    """Make somebody the demo's desk: its author, and the writer of its answers."""
    Author.objects.filter(slug=AUTHOR).update(user=user)
    answers = Comment.objects.filter(post__slug=LEADING_POST, email=DESK)
    answers.update(user=user, commenter=None)


def write_subscribers() -> None:
    now = timezone.now()
    for email, status in SUBSCRIBERS.items():
        pending = status == Subscriber.Status.PENDING
        Subscriber.objects.create(
            email=email,
            status=status,
            asked_at=now,
            times_asked=1 if pending else 0,
            confirmed_at=None if pending else now,
            left_at=now if status == Subscriber.Status.UNSUBSCRIBED else None,
        )


def empty() -> int:
    """Take out what `load` wrote, and leave what was written since; return how many posts went."""
    with transaction.atomic():
        posts = Post.objects.filter(slug__in=POSTS)
        covers = list(posts.exclude(cover=None).values_list("cover", flat=True))
        count = posts.count()
        posts.delete()
        Image.objects.filter(pk__in=covers).delete()
        Author.objects.filter(slug=AUTHOR, posts=None).delete()
        Tag.objects.filter(posts=None).delete()
        Series.objects.filter(posts=None).delete()
        Page.objects.filter(slug=PAGE).delete()
        Subscriber.objects.filter(email__in=SUBSCRIBERS).delete()
        Commenter.objects.filter(email__in={entry["email"] for entry in conversation()}, comments=None).delete()
        if Publication.load().is_demo:
            Publication().save()
    return count
