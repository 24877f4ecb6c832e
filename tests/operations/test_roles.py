from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection

from accounts.roles import ROLES, Role
from operations.grants import grant

pytestmark = pytest.mark.django_db


def permissions_of(name: str) -> set[str]:
    held = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in held}


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_migrating_gives_each_role_what_the_table_says(role: Role) -> None:
    missing, surplus = role.permissions - permissions_of(role.name), permissions_of(role.name) - role.permissions

    assert not missing, f"Write a migration in operations/ that grants {sorted(missing)} to the group {role.name}."
    assert not surplus, f"accounts/roles.py does not list {sorted(surplus)} for {role.name}; a migration grants it."


def apply(table: dict[str, list[str]]) -> None:
    grant(table).code(apps, SimpleNamespace(connection=connection))


def test_granting_twice_is_harmless_and_takes_nothing_away() -> None:
    before = permissions_of("Author")

    apply({"Author": ["blog.view_page"]})
    apply({"Author": ["blog.view_page"]})

    assert permissions_of("Author") == before | {"blog.view_page"}
    assert Group.objects.filter(name="Author").count() == 1


def test_granting_makes_a_permission_that_is_not_there_yet() -> None:
    Group.objects.get(name="Editor").permissions.get(codename="view_page").delete()

    apply({"Editor": ["blog.view_page"]})

    assert "blog.view_page" in permissions_of("Editor")


def test_granting_what_no_model_has_stops_the_migration() -> None:
    with pytest.raises(LookupError):
        apply({"Author": ["blog.fly"]})
