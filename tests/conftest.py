import gc
import itertools
import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core import signing
from django.core.cache import cache
from django.db.models import QuerySet
from django.db.models.signals import post_migrate

from blog import limits

QUICK_PASSWORDS = "django.contrib.auth.hashers.MD5PasswordHasher"
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
# The first is Chromium without the part that draws windows, and takes half the time.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the browser tests are skipped and say so; CI has to have it."""
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="CHROMIUM IS MISSING: apt-get install chromium"))


def pytest_collection_finish() -> None:
    """Have the collector look seldom, and not at what lives as long as the tests do. It took a tenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet]}


def permissions_of(group: Group) -> QuerySet[Permission]:
    return group.permissions.select_related("content_type")


def named(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Have the roles' groups outlive the tests with transactions of their own, which end by emptying every table."""
    with django_db_blocker.unblock():
        held = {
            group.name: [named(permission) for permission in permissions_of(group)] for group in Group.objects.all()
        }

    def restore(**_signal: Any) -> None:
        if Group.objects.exists():
            return
        known = {named(permission): permission for permission in Permission.objects.select_related("content_type")}
        for name, permissions in held.items():
            Group.objects.create(name=name).permissions.set(known[permission] for permission in permissions)

    # Sent for each app once the tables are empty, when the apps before have their permissions again.
    *_before, last = [app for app in apps.get_app_configs() if app.models_module]
    post_migrate.connect(restore, sender=last, weak=False)


@pytest.fixture(autouse=True)
def _own_surroundings(settings: Any, tmp_path: Path) -> None:
    """Give every test a media folder and an outbox of its own, an empty cache, and passwords that cost nothing."""
    settings.PASSWORD_HASHERS = [QUICK_PASSWORDS]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC}}
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    cache.clear()
    limits.used_up.clear()


@pytest.fixture(autouse=True)
def _a_second_for_each_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign no two links in the same second, unless a test has a clock of its own.

    A test that takes them for equal fails each time then, not only where a second ends between the two.
    """
    later = itertools.count()

    def now() -> float:
        return time.time() + (0 if time_machine.escape_hatch.is_travelling() else next(later))

    monkeypatch.setattr(signing, "time", SimpleNamespace(time=now))
