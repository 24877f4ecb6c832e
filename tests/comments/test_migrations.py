"""What an upgrade makes of the comments that are there."""

import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.migrating import StepByStep

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = timezone.now() - datetime.timedelta(days=3)


def step_by_step() -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.loader = StepByStep(connection)
    return executor


@pytest.fixture
def before():
    """The models as they were before comments had places; afterwards the database is brought up to date again."""
    executor = step_by_step()
    executor.migrate([("comments", "0001_initial")])
    yield executor.loader.project_state([("comments", "0001_initial"), ("blog", "0005_conversations")]).apps
    executor = step_by_step()
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_comments_get_their_places_their_commenters_and_the_day_they_were_shown(before) -> None:
    post = before.get_model("blog", "Post").objects.create(title="A post", slug="a-post", published_at=WRITTEN)
    old = before.get_model("comments", "Comment").objects
    first = old.create(post=post, name="Ann", email="ann@Example.org", source="One.", status="approved", digest="1")
    answer = old.create(
        post=post, parent=first, name="Ann", email="Ann@example.org", source="Two.", status="approved", digest="2"
    )
    held = old.create(post=post, name="Ben", email="ben@example.org", source="Three.", digest="3", held_for=["policy"])

    executor = step_by_step()
    executor.migrate([("comments", "0004_places")])
    comments = (
        executor.loader.project_state([("comments", "0004_places")]).apps.get_model("comments", "Comment").objects
    )

    first, answer, held = (comments.get(pk=row.pk) for row in (first, answer, held))
    assert (first.depth, first.thread, first.answers) == (0, first.path, 1)
    assert (answer.depth, answer.thread) == (1, first.path)
    assert first.path < answer.path < held.path
    assert (first.commenter, first.commenter.email) == (answer.commenter, "ann@example.org")
    assert (first.published_at, held.published_at) == (first.created_at, None)
    assert held.held_for == [["policy", {}]]
    assert first.followers_told_at is not None
