"""Filling the groups of staff, in migrations: accounts/roles.py says what each role may do."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations


def grant(table: Mapping[str, Iterable[str]]) -> migrations.RunPython:
    """Return a migration's step that lets each group, by name, do these things as well; it takes nothing away.

    A migration writes its table out, as it writes out a model: what it did must not change when accounts/roles.py does.
    It depends on the migrations that brought the models. Raises LookupError for a permission that no model has.
    """

    def apply(apps: Any, schema_editor: Any) -> None:
        database = schema_editor.connection.alias
        make_permissions(apps, database)
        groups = apps.get_model("auth", "Group").objects.using(database)
        permissions = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in apps.get_model("auth", "Permission")
            .objects.using(database)
            .select_related("content_type")
        }
        for name, wanted in table.items():
            group, _created = groups.get_or_create(name=name)
            group.permissions.add(*(permissions[permission] for permission in wanted))

    return migrations.RunPython(apply, migrations.RunPython.noop)


def make_permissions(apps: Any, database: str) -> None:
    """Make the permissions of all models now: Django itself makes them when the last migration has run."""
    for app in apps.get_app_configs():
        # In the middle of migrating no app knows its module of models, without which Django passes it over.
        with_models: Any = SimpleNamespace(label=app.label, models_module=True)
        create_permissions(with_models, apps=apps, using=database, verbosity=0)
