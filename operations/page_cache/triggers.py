"""Triggers with which the database renews the page stamp whenever somebody writes what a reader may see.

They see every write, whoever makes it: a view, the worker, an admin action, `QuerySet.update()`, a database console.
`manage.py migrate` takes them away before it begins and lays them when it has ended, since SQLite drops a table's
triggers when Django remakes it, and PostgreSQL alters no table on which triggers are waiting. The row with the stamp
goes and comes with them: where it is missing, nothing is kept (docs/decisions/0034).
"""

from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

# Of these tables readers' pages are made. A test reads what the pages ask and fails when one is missing here.
WATCHED = (
    "accounts_user",
    "blog_author",
    "blog_byline",
    "blog_correction",
    "blog_formerslug",
    "blog_image",
    "blog_listing",
    "blog_navigationlink",
    "blog_page",
    "blog_post",
    "blog_post_tags",
    "blog_publication",
    "blog_series",
    "blog_source",
    "blog_tag",
    "comments_comment",
)
# What has never been public is on no page: a comment that waits, and spam, leave every page as it is.
ONLY_WHERE = {"comments_comment": "{row}.published_at IS NOT NULL"}

STAMP = "operations_pagestamp"
PREFIX = "page_stamp"
ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}

# A plain UPDATE: within an INSERT OR IGNORE, a trigger's own INSERT would be ignored as well.
SQLITE_TRIGGER = """CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN
    UPDATE operations_pagestamp SET stamp = lower(hex(randomblob(16)));
END"""
SQLITE_STAMP = """INSERT INTO operations_pagestamp (id, stamp) SELECT 1, lower(hex(randomblob(16)))
WHERE NOT EXISTS (SELECT 1 FROM operations_pagestamp)"""

# Deferred, so that the one row is locked while a transaction commits and no longer: nobody waits for it who holds
# a lock that another needs. Once in a transaction is enough.
POSTGRESQL_FUNCTION = """CREATE OR REPLACE FUNCTION operations_renew_page_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE operations_pagestamp SET stamp = gen_random_uuid() WHERE xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$"""
POSTGRESQL_TRIGGER = """CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {when} EXECUTE FUNCTION operations_renew_page_stamp()"""
POSTGRESQL_TRUNCATE = """CREATE TRIGGER {name} AFTER TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION operations_renew_page_stamp()"""
POSTGRESQL_STAMP = """INSERT INTO operations_pagestamp (id, stamp) SELECT 1, gen_random_uuid()
WHERE NOT EXISTS (SELECT 1 FROM operations_pagestamp)"""

LAID = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    "postgresql": """SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE tgname LIKE %s AND pg_table_is_visible(pg_class.oid)""",
}


def statements(vendor: str) -> dict[str, str]:
    """Return the SQL that lays each trigger, by its name."""
    template = SQLITE_TRIGGER if vendor == "sqlite" else POSTGRESQL_TRIGGER
    laid = {}
    for table in WATCHED:
        for event, rows in ROWS.items():
            name = f"{PREFIX}_{table}_{event.lower()}"
            where = ONLY_WHERE.get(table)
            when = f"WHEN ({' OR '.join(where.format(row=row) for row in rows)})" if where else ""
            laid[name] = template.format(name=name, event=event, table=table, when=when)
        if vendor == "postgresql":
            name = f"{PREFIX}_{table}_truncate"
            laid[name] = POSTGRESQL_TRUNCATE.format(name=name, table=table)
    return laid


def lay(connection: BaseDatabaseWrapper) -> None:
    """Have the database renew the stamp from now on, unless it does, or has not got every table."""
    wanted = statements(connection.vendor)
    tables = set(connection.introspection.table_names())
    if not tables >= {*WATCHED, STAMP}:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        present = laid(connection)
        if connection.vendor == "postgresql" and not present:
            cursor.execute(POSTGRESQL_FUNCTION)
        for name in wanted.keys() - present:
            cursor.execute(wanted[name])
        cursor.execute(SQLITE_STAMP if connection.vendor == "sqlite" else POSTGRESQL_STAMP)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, and with them the stamp, without which no page is kept."""
    if STAMP not in connection.introspection.table_names():
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("DELETE FROM operations_pagestamp")
        for name in laid(connection):
            table = name.removeprefix(f"{PREFIX}_").rpartition("_")[0]
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def laid(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the triggers that are there."""
    with connection.cursor() as cursor:
        cursor.execute(LAID[connection.vendor], [f"{PREFIX}_%"])
        return {name for (name,) in cursor.fetchall()}


def follow_migrations() -> None:
    """Lift the triggers before `manage.py migrate` changes a table, and lay them when it has ended."""
    operations = apps.get_app_config("operations")
    pre_migrate.connect(lift_before, sender=operations)
    post_migrate.connect(lay_after, sender=operations)


def lift_before(using: str = DEFAULT_DB_ALIAS, plan: list[Any] | None = None, **_signal: Any) -> None:
    if plan:
        lift(connections[using])


def lay_after(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    lay(connections[using])
