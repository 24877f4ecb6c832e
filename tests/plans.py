"""How SQLite goes about a query. PostgreSQL reads a few rows without any index, and so says nothing in a test."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def plans_of(act: Callable[[], object], beginning: str = "") -> str:
    """Do something, and return the plan of each query that it made and whose text begins so, a step a line."""
    with CaptureQueriesContext(connection) as queries:
        act()
    asked = [query["sql"] for query in queries if query["sql"].startswith(beginning or ("SELECT", "UPDATE", "DELETE"))]
    steps = []
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}")
            steps += [row[-1] for row in cursor.fetchall()]
    return "\n".join(steps)
