"""What an upgrade makes of what was counted before it."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from blog import limits
from blog.limits import EPOCH, Allowance
from blog.networks import keyed_digest

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def before() -> Any:
    """The model of tallies as it was; afterwards the database is brought up to date again."""
    executor = MigrationExecutor(connection)
    executor.migrate([("blog", "0006_listings")])
    yield executor.loader.project_state([("blog", "0006_listings")]).apps.get_model("blog", "Tally")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_what_was_counted_before_an_upgrade_counts_on(before: Any) -> None:
    ann, ben = Allowance("comments", "ann", 10, HOUR), Allowance("comments", "ben", 10, HOUR)
    now = timezone.now()
    for who, began, count in ((ann, now - (now - EPOCH) % HOUR, 7), (ben, now - (now - EPOCH) % HOUR - HOUR, 9)):
        key = keyed_digest(f"{who.what}\n{who.who}")
        before.objects.create(key=key, starts_at=began, count=count)

    MigrationExecutor(connection).migrate([("blog", "0007_tallies_by_number")])

    assert (limits.left(ann), limits.left(ben)) == (3, 10)
    assert limits.forget_old() == 0
