"""Give the comments that are there their place in their threads, their commenter, and the facts that follow."""

import datetime
import hashlib

from django.db import migrations
from django.db.models import Count

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
DIGITS = "0123456789abcdefghijklmnopqrstuv"
SEGMENT, DEEPEST = 17, 8


def digits(number, length):
    text = ""
    for _place in range(length):
        number, digit = divmod(number, 32)
        text = DIGITS[digit] + text
    return text


def segment(comment):
    """Eleven digits for the moment, six for the number, so that two of one moment differ."""
    return digits((comment.created_at - EPOCH) // datetime.timedelta(microseconds=1), 11) + digits(comment.pk, 6)


def place(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    commenters = commenters_by_address(apps, Comment)
    comments = list(Comment.objects.order_by("created_at", "pk"))
    answers = {}
    for comment in comments:
        answers.setdefault(comment.parent_id, []).append(comment)
    paths, pending = {None: ""}, [None]
    while pending:
        parent = pending.pop()
        for comment in answers.get(parent, []):
            paths[comment.pk] = comment.path = paths[parent][: SEGMENT * DEEPEST] + segment(comment)
            comment.thread, comment.depth = comment.path[:SEGMENT], len(comment.path) // SEGMENT - 1
            fill(comment, commenters)
            pending.append(comment.pk)
    fields = ["path", "thread", "depth", "published_at", "followers_told_at", "moderators_told_at", "held_for"]
    Comment.objects.bulk_update(comments, [*fields, "text_digest", "commenter"], batch_size=500)
    below = Comment.objects.filter(status="approved", depth__gt=0).order_by().values("thread")
    for row in below.annotate(number=Count("*")):
        Comment.objects.filter(depth=0, thread=row["thread"]).update(answers=row["number"])


def commenters_by_address(apps, Comment):
    Commenter = apps.get_model("comments", "Commenter")
    known = {}
    for email in Comment.objects.filter(user=None).order_by("created_at").values_list("email", flat=True):
        local, _at, domain = email.strip().rpartition("@")
        address = f"{local}@{domain.lower()}"
        if address.lower() not in known:
            known[address.lower()] = Commenter.objects.create(email=address)
    return known


def fill(comment, commenters):
    if comment.status == "approved":
        comment.published_at = comment.decided_at or comment.created_at
        comment.followers_told_at = comment.published_at
    comment.moderators_told_at = comment.created_at
    comment.held_for = [[reason, {}] if isinstance(reason, str) else reason for reason in comment.held_for]
    text = " ".join(comment.source.lower().split())
    comment.text_digest = hashlib.sha256(text.encode()).hexdigest() if text else ""
    if comment.user_id is None:
        comment.commenter = commenters[comment.email.strip().lower()]


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_conversation")]

    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
