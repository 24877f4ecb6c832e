"""What `make run` needs before it can serve: done the first time, and again only when its inputs have changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.crypto import get_random_string

from accounts.models import User
from blog.models import Post
from operations import demo

UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


def prepare(out: OutputWrapper) -> None:
    """Bring database and static files up to date; fill an empty database with the demo and a first account."""
    if pending_migrations():
        out.write("Preparing the database …")
        call_command("migrate", verbosity=0)
    if collect_static():
        out.write("Collected the static files.")
    if not User.objects.exists() and not Post.objects.exists():
        demo.load()
        out.write("Wrote the demo publication.")
    if not User.objects.exists():
        name, password = create_first_account()
        out.write(
            f"\nSign in at {settings.SITE_URL}/admin/ as {name} with the password {password}\n"
            "It is shown this once; change it there when you have signed in.\n"
        )


def pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> bool:
    """Run collectstatic if a static file is new, gone or changed since the last time; return whether it ran."""
    stamp = settings.STATIC_ROOT.with_name("static.stamp")
    inputs = static_fingerprint()
    if stamp.exists() and stamp.read_text() == inputs and settings.STATIC_ROOT.is_dir():
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(inputs)
    return True


def static_fingerprint() -> str:
    """A digest over the names, sizes and times of every static file."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def create_first_account() -> tuple[str, str]:
    """Make the account that may do everything, and signs its posts as the demo's desk where there is one.

    Return its name and its password, which is stored nowhere else.
    """
    password = "-".join(get_random_string(5, UNMISTAKABLE) for _ in range(4))
    user = User.objects.create_superuser(username="admin", email=settings.DEFAULT_FROM_EMAIL, password=password)
    demo.hand_over(user)
    return "admin", password
