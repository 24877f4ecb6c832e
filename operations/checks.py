"""What Django's system checks say about this installation."""

import sqlite3
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

from blog import themes
from blog.middleware import trusted_networks

FIRST_SAFE_SQLITE = (3, 51, 3)


@checks.register()
def check_sqlite(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn where two processes that write at once could corrupt the database (https://sqlite.org/wal.html)."""
    if connection.vendor != "sqlite" or sqlite3.sqlite_version_info >= FIRST_SAFE_SQLITE:
        return []
    return [
        checks.Warning(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database that the web server and the worker write at once.",
            hint="Install pysqlite3 from the package index (make run does), or use PostgreSQL by DATABASE_URL.",
            id="byline.W001",
        )
    ]


@checks.register()
def check_theme(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse a theme that mails could not wear: their programs know no custom properties, and so no other notation."""
    theme = themes.active()
    unknown = [name for name in themes.default().colours if name not in theme.colours]
    if not unknown:
        return []
    return [
        checks.Error(
            f"The theme {theme.name} has colours that mails cannot have: {', '.join(unknown)}.",
            hint="Write #rrggbb, or light-dark(#rrggbb, #rrggbb).",
            id="byline.E002",
        )
    ]


@checks.register(deploy=True)
def check_mail(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn where mails stay on this machine."""
    if settings.EMAIL_URL:
        return []
    return [
        checks.Warning(
            "EMAIL_URL is not set: mails are kept in DATA_DIR/outbox and reach nobody.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org.",
            id="byline.W002",
        )
    ]


@checks.register(deploy=True)
def check_provider(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn where a mail provider has no way to tell of bounces."""
    if not settings.MAIL_PROVIDER or settings.WEBHOOK_SECRET:
        return []
    return [
        checks.Warning(
            "WEBHOOK_SECRET is not set: the mail provider cannot tell of bounces and complaints.",
            hint="Set it to name:password and give the provider the address in docs/inbound-mail.md.",
            id="byline.W003",
        )
    ]


@checks.register()
def check_trusted_proxies(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse a TRUSTED_PROXIES that is no list of addresses."""
    try:
        trusted_networks(tuple(settings.TRUSTED_PROXIES))
    except ValueError as error:
        return [
            checks.Error(
                f"TRUSTED_PROXIES: {error}.",
                hint="Give addresses or networks: 127.0.0.1,10.0.0.0/8",
                id="byline.E001",
            )
        ]
    return []
