"""The listings: which listed post stands under which tag and author since when, and the triggers that keep that true.

For migrations only. As with the search index (_search.py), SQLite drops the triggers of a table that Django remakes and
refuses to remake one that another's triggers name: a migration that changes Post, Byline or what joins posts and tags
begins with `RunPython(lift, lay)` and ends with `RunPython(lay, lift)`, and tests/blog/test_listings.py fails if it was
forgotten. Frozen like every migration: other listings get another module.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The tables that join posts to what they are listed under, and the column that both have for that.
JOINS = {"blog_post_tags": "tag_id", "blog_byline": "author_id"}


def list_posts(join: str, condition: str) -> str:
    return f"""INSERT INTO blog_listing (post_id, published_at, {JOINS[join]})
        SELECT blog_post.id, published_at, {JOINS[join]} FROM blog_post JOIN {join} ON post_id = blog_post.id
        WHERE visibility = 'listed' AND published_at IS NOT NULL AND {condition};"""


FILL = [list_posts(join, "1 = 1") for join in JOINS]
FORGET_POST = "DELETE FROM blog_listing WHERE post_id = OLD.id;"
LIST_POST = " ".join(list_posts(join, "blog_post.id = NEW.id") for join in JOINS)


def forget_join(join: str) -> str:
    return f"DELETE FROM blog_listing WHERE post_id = OLD.post_id AND {JOINS[join]} = OLD.{JOINS[join]};"


def list_join(join: str) -> str:
    return list_posts(join, f"{join}.id = NEW.id")


def sqlite_trigger(name: str, event: str, statements: str) -> str:
    return f"CREATE TRIGGER blog_listing_{name} AFTER {event} BEGIN {statements} END"


def sqlite_join_triggers(join: str) -> list[str]:
    columns = f"UPDATE OF post_id, {JOINS[join]}"
    return [
        sqlite_trigger(f"{join}_put", f"INSERT ON {join}", list_join(join)),
        sqlite_trigger(f"{join}_taken", f"DELETE ON {join}", forget_join(join)),
        sqlite_trigger(f"{join}_moved", f"{columns} ON {join}", forget_join(join) + list_join(join)),
    ]


CHANGED = "OF published_at, visibility ON blog_post"
OLD_AND_NEW = "(OLD.published_at, OLD.visibility) {} (NEW.published_at, NEW.visibility)"

SQLITE_LAY = [
    *FILL,
    sqlite_trigger("post_added", "INSERT ON blog_post", LIST_POST),
    sqlite_trigger(
        "post_changed", f"UPDATE {CHANGED} WHEN {OLD_AND_NEW.format('IS NOT')}", FORGET_POST + LIST_POST
    ),
    sqlite_trigger("post_deleted", "DELETE ON blog_post", FORGET_POST),
    *(statement for join in JOINS for statement in sqlite_join_triggers(join)),
]

SQLITE_LIFT = [
    *(f"DROP TRIGGER IF EXISTS blog_listing_post_{what}" for what in ("added", "changed", "deleted")),
    *(f"DROP TRIGGER IF EXISTS blog_listing_{join}_{what}" for join in JOINS for what in ("put", "taken", "moved")),
    "DELETE FROM blog_listing",
]


def postgresql_function(name: str, statements: str) -> str:
    return f"""CREATE FUNCTION blog_listing_{name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        {statements}
        RETURN NULL;
    END
    $$"""


def postgresql_trigger(name: str, event: str) -> str:
    return f"CREATE TRIGGER blog_listing_{name} AFTER {event} EXECUTE FUNCTION blog_listing_{name}()"


# Whoever tags a post waits for whoever changes where it stands, and the other way round: neither works from what the
# other is about to make untrue.
LOCK = "PERFORM 1 FROM blog_post WHERE id = {}.post_id FOR SHARE;"


def postgresql_join_triggers(join: str) -> list[str]:
    forget, put = LOCK.format("OLD") + forget_join(join), LOCK.format("NEW") + list_join(join)
    columns = f"UPDATE OF post_id, {JOINS[join]}"
    return [
        postgresql_function(f"{join}_put", put),
        postgresql_function(f"{join}_taken", forget),
        postgresql_function(f"{join}_moved", forget + put),
        postgresql_trigger(f"{join}_put", f"INSERT ON {join} FOR EACH ROW"),
        postgresql_trigger(f"{join}_taken", f"DELETE ON {join} FOR EACH ROW"),
        postgresql_trigger(f"{join}_moved", f"{columns} ON {join} FOR EACH ROW"),
    ]


POSTGRESQL_LAY = [
    *FILL,
    postgresql_function("post_added", LIST_POST),
    postgresql_function("post_changed", FORGET_POST + LIST_POST),
    postgresql_function("post_deleted", FORGET_POST),
    postgresql_trigger("post_added", "INSERT ON blog_post FOR EACH ROW"),
    postgresql_trigger(
        "post_changed", f"UPDATE {CHANGED} FOR EACH ROW WHEN ({OLD_AND_NEW.format('IS DISTINCT FROM')})"
    ),
    postgresql_trigger("post_deleted", "DELETE ON blog_post FOR EACH ROW"),
    *(statement for join in JOINS for statement in postgresql_join_triggers(join)),
]

POSTGRESQL_LIFT = [
    "DROP FUNCTION blog_listing_post_added, blog_listing_post_changed, blog_listing_post_deleted CASCADE",
    *(f"DROP FUNCTION blog_listing_{join}_{what} CASCADE" for join in JOINS for what in ("put", "taken", "moved")),
    "DELETE FROM blog_listing",
]

LAY = {"sqlite": SQLITE_LAY, "postgresql": POSTGRESQL_LAY}
LIFT = {"sqlite": SQLITE_LIFT, "postgresql": POSTGRESQL_LIFT}


def lay(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """List every post there is, and make the triggers."""
    run(LAY, schema_editor)


def lift(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take away listings and triggers."""
    run(LIFT, schema_editor)


def run(statements: dict[str, list[str]], schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
