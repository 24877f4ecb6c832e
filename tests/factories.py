"""Rows for tests: plain functions with defaults that a test overrides where it matters."""

import datetime
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Pillow

from accounts.models import User
from blog.models import Author, Byline, Image, Page, Post, Series, Tag
from comments.commenters import find_or_add
from comments.models import Comment
from subscribers.models import Issue, Subscriber

number = count(1)

PASSWORD = "a password for tests"


def make_author(name: str = "", **values: Any) -> Author:
    n = next(number)
    return Author.objects.create(name=name or f"Author {n}", slug=values.pop("slug", f"author-{n}"), **values)


def make_post(authors: list[Author] | None = None, tags: list[Tag] | None = None, **values: Any) -> Post:
    """Make a post, published an hour ago unless `published_at` says otherwise."""
    n = next(number)
    defaults = {
        "title": f"Post {n}",
        "slug": f"post-{n}",
        "source": f"The text of post {n}.",
        "published_at": timezone.now() - datetime.timedelta(hours=1),
    }
    post = Post.objects.create(**{**defaults, **values})
    post.sign(authors or [])
    post.tags.set(tags or [])
    return post


def make_posts(count: int, authors: list[Author] | None = None, tags: list[Tag] | None = None, **values: Any) -> None:
    """Make many listed posts, an hour between each and the one before, in a few queries."""
    now = timezone.now()
    ids = [next(number) for _ in range(count)]
    posts = Post.objects.bulk_create(
        Post(**{"title": f"Post {n}", "slug": f"post-{n}", "published_at": now - datetime.timedelta(hours=n), **values})
        for n in ids
    )
    Byline.objects.bulk_create(Byline(post=post, author=author) for post in posts for author in authors or [])
    through = Post.tags.through
    through.objects.bulk_create(through(post=post, tag=tag) for post in posts for tag in tags or [])


def make_series(title: str = "", **values: Any) -> Series:
    n = next(number)
    return Series.objects.create(title=title or f"Series {n}", slug=values.pop("slug", f"series-{n}"), **values)


def make_tag(name: str = "", **values: Any) -> Tag:
    n = next(number)
    return Tag.objects.create(name=name or f"Tag {n}", slug=values.pop("slug", f"tag-{n}"), **values)


def make_page(**values: Any) -> Page:
    n = next(number)
    return Page.objects.create(**{"title": f"Page {n}", "slug": f"page-{n}", "source": "A page.", **values})


def make_image(**values: Any) -> Image:
    """Make a picture of 8 × 5 pixels."""
    file = BytesIO()
    Pillow.new("RGB", (8, 5), "maroon").save(file, "WEBP")
    return Image.objects.create(file=ContentFile(file.getvalue(), name=f"{next(number)}.webp"), **values)


def make_comment(post: Post, **values: Any) -> Comment:
    """Make a comment that is approved unless `status` says otherwise, from an address of its own."""
    n = next(number)
    defaults = {
        "name": f"Reader {n}",
        "email": f"reader{n}@example.org",
        "source": f"Comment {n}.",
        "status": Comment.Status.APPROVED,
    }
    values = {**defaults, **values}
    if values.get("user") is None and "commenter" not in values:
        values["commenter"] = find_or_add(values["email"])
    return Comment.objects.create(post=post, **values)


def make_subscriber(email: str = "", **values: Any) -> Subscriber:
    """Make a subscriber who has confirmed unless `status` says otherwise."""
    values.setdefault("status", Subscriber.Status.ACTIVE)
    if values["status"] != Subscriber.Status.PENDING:
        values.setdefault("confirmed_at", timezone.now())
    return Subscriber.objects.create(email=email or f"subscriber{next(number)}@example.org", **values)


def make_issue(post: Post, **values: Any) -> Issue:
    """Make the issue of a post, due now unless `send_at` says otherwise."""
    return Issue.objects.create(post=post, **{"subject": post.title, "send_at": timezone.now(), **values})


def make_staff(username: str = "", **values: Any) -> User:
    """Make a member of staff who may do everything unless `is_superuser` says otherwise."""
    name = username or f"staff{next(number)}"
    defaults = {"email": f"{name}@example.org", "is_staff": True, "is_superuser": True}
    return User.objects.create_user(name, password=PASSWORD, **{**defaults, **values})


def make_person(role: str, name: str = "", **values: Any) -> User:
    """Make a member of staff in one of the roles, who has no password: tests sign them in with `force_login`."""
    username = name or f"{role.lower()}{next(number)}"
    user = User.objects.create(username=username, email=f"{username}@example.org", is_staff=True, **values)
    user.groups.add(Group.objects.get(name=role))
    return user
