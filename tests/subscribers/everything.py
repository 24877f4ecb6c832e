"""All that is in the database, for tests of what must not be there, and of what must not have changed."""

from django.db import connection

# Counted in sums, or made by a request of any kind.
ASIDE = {"django_session", "subscribers_mailvisits"}


def everything() -> str:
    """Every row of every table, as text."""
    rows = []
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - ASIDE):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows.append(f"{table}\n{sorted(map(repr, cursor.fetchall()))}")
    return "\n".join(rows)
