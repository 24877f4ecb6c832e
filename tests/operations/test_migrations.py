"""One migration an app stands for those before it (docs/decisions/0041): nobody may notice which ones were run."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState

from tests.migrating import StepByStep

Key = tuple[str, str]


def replacing() -> dict[Key, list[Key]]:
    """The migrations of ours that stand for others, and for which."""
    disk = MigrationLoader(None).disk_migrations
    return {key: migration.replaces for key, migration in disk.items() if migration.replaces}


def forget(*migrations: Key) -> None:
    for app, name in migrations:
        MigrationRecorder.Migration.objects.filter(app=app, name=name).delete()


def plan() -> list[Key]:
    executor = MigrationExecutor(connection)
    return [(step.app_label, step.name) for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def in_order(model: ModelState) -> ModelState:
    """The same, with the indexes and constraints in an order that says nothing of when they came."""
    for kind in ("indexes", "constraints"):
        model.options[kind] = sorted(model.options.get(kind, []), key=lambda one: str(one.name))
    return model


def models_after(loader: MigrationLoader) -> dict[Key, Any]:
    return {key: in_order(model) for key, model in loader.project_state().models.items()}


def test_the_short_way_and_the_long_way_end_with_the_same_models() -> None:
    short, long = models_after(MigrationLoader(None)), models_after(StepByStep(None))

    assert replacing(), "no migration replaces others any more: this file has nothing to test"
    assert short.keys() == long.keys()
    assert not [key for key in short if short[key] != long[key]]


@pytest.mark.django_db
def test_who_went_the_long_way_has_nothing_left_to_do() -> None:
    forget(*replacing())

    assert plan() == []
    call_command("migrate", verbosity=0)
    assert set(replacing()) <= set(MigrationRecorder(connection).applied_migrations())


@pytest.mark.django_db
@pytest.mark.parametrize("app", sorted({app for app, _name in replacing()}))
def test_who_stopped_on_the_long_way_goes_on_from_there(app: str) -> None:
    *before, last = next(replaced for (label, _name), replaced in replacing().items() if label == app)
    since = [key for key in MigrationLoader(None).disk_migrations if key[0] == app and key not in before]
    forget(*replacing(), *since)

    assert last in plan()
    assert not set(plan()) & set(replacing())
