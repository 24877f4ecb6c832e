"""The search index: a table beside the posts, and the triggers that make it follow them whoever writes.

For migrations only. SQLite drops a table's triggers when Django remakes it, which most changes of a model do, and
refuses to remake a table that another's triggers name. So a migration that changes Post, Tag or what joins them begins
with `RunPython(lift, lay)` and ends with `RunPython(lay, lift)`; tests/blog/test_search_index.py fails if it was
forgotten. (The listings have triggers of the same kind, and functions of the same names: _listing.py.) Frozen like
every migration: another index gets another module.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TAGS = """(
    SELECT coalesce({join}, '') FROM blog_tag JOIN blog_post_tags ON blog_post_tags.tag_id = blog_tag.id
    WHERE blog_post_tags.post_id = {post}
)"""

SQLITE_TAGS = TAGS.replace("{join}", "group_concat(blog_tag.name, ' ')")

SQLITE_LAY = [
    """CREATE VIRTUAL TABLE blog_search
    USING fts5(title, subtitle, text, tags, tokenize = 'porter unicode61 remove_diacritics 2')""",
    f"""INSERT INTO blog_search (rowid, title, subtitle, text, tags)
    SELECT id, title, subtitle, plain_text, {SQLITE_TAGS.format(post="blog_post.id")} FROM blog_post""",
    """CREATE TRIGGER blog_search_post_added AFTER INSERT ON blog_post BEGIN
        INSERT INTO blog_search (rowid, title, subtitle, text, tags)
        VALUES (NEW.id, NEW.title, NEW.subtitle, NEW.plain_text, '');
    END""",
    """CREATE TRIGGER blog_search_post_changed AFTER UPDATE OF title, subtitle, plain_text ON blog_post
    WHEN (OLD.title, OLD.subtitle, OLD.plain_text) IS NOT (NEW.title, NEW.subtitle, NEW.plain_text) BEGIN
        UPDATE blog_search SET title = NEW.title, subtitle = NEW.subtitle, text = NEW.plain_text WHERE rowid = NEW.id;
    END""",
    """CREATE TRIGGER blog_search_post_deleted AFTER DELETE ON blog_post BEGIN
        DELETE FROM blog_search WHERE rowid = OLD.id;
    END""",
    f"""CREATE TRIGGER blog_search_tag_put AFTER INSERT ON blog_post_tags BEGIN
        UPDATE blog_search SET tags = {SQLITE_TAGS.format(post="NEW.post_id")} WHERE rowid = NEW.post_id;
    END""",
    f"""CREATE TRIGGER blog_search_tag_taken AFTER DELETE ON blog_post_tags BEGIN
        UPDATE blog_search SET tags = {SQLITE_TAGS.format(post="OLD.post_id")} WHERE rowid = OLD.post_id;
    END""",
    f"""CREATE TRIGGER blog_search_tag_renamed AFTER UPDATE OF name ON blog_tag WHEN OLD.name IS NOT NEW.name BEGIN
        UPDATE blog_search SET tags = {SQLITE_TAGS.format(post="blog_search.rowid")}
        WHERE rowid IN (SELECT post_id FROM blog_post_tags WHERE tag_id = NEW.id);
    END""",
]

SQLITE_LIFT = [
    "DROP TRIGGER IF EXISTS blog_search_post_added",
    "DROP TRIGGER IF EXISTS blog_search_post_changed",
    "DROP TRIGGER IF EXISTS blog_search_post_deleted",
    "DROP TRIGGER IF EXISTS blog_search_tag_put",
    "DROP TRIGGER IF EXISTS blog_search_tag_taken",
    "DROP TRIGGER IF EXISTS blog_search_tag_renamed",
    "DROP TABLE blog_search",
]

POSTGRESQL_TAGS = TAGS.format(join="string_agg(blog_tag.name, ' ')", post="blog_post.id")

# Words are what lies between ASCII punctuation and typographic marks, as in SQLite's tokenizer: PostgreSQL's own parser
# would keep “and/or” as the name of a file and “example.org” as that of a host. No stop words: “the who” is a question.
POSTGRESQL_LAY = [
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE TEXT SEARCH DICTIONARY byline_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION byline (COPY = english)",
    "ALTER TEXT SEARCH CONFIGURATION byline ALTER MAPPING REPLACE english_stem WITH byline_stem",
    """ALTER TEXT SEARCH CONFIGURATION byline
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, byline_stem""",
    r"""CREATE FUNCTION blog_search_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT regexp_replace(
            CASE WHEN $1 IS NFC NORMALIZED THEN $1 ELSE normalize($1, NFC) END,
            '[-!"#$%&''()*+,./:;<=>?@\\[\]^_`{|}~“”„‘’‚«»‹›–—…·•]+', ' ', 'g'
        )
    $$""",
    # A tsvector holds a megabyte. A text of rarer words than that is found by its first 50,000 characters.
    """CREATE FUNCTION blog_search_vector(title text, labels text, body text) RETURNS tsvector
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        RETURN setweight(to_tsvector('byline', blog_search_words(title)), 'A')
            || setweight(to_tsvector('byline', blog_search_words(labels)), 'B')
            || to_tsvector('byline', blog_search_words(body));
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN setweight(to_tsvector('byline', blog_search_words(title)), 'A')
            || setweight(to_tsvector('byline', blog_search_words(left(labels, 5000))), 'B')
            || to_tsvector('byline', blog_search_words(left(body, 50000)));
    END
    $$""",
    "CREATE TABLE blog_search (rowid bigint PRIMARY KEY, blog_search tsvector NOT NULL)",
    # The first statement waits for whoever is changing one of these posts or its tags, so that the second, which sees
    # what was committed until then, forgets nothing of theirs.
    f"""CREATE FUNCTION blog_search_refresh(posts bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM rowid FROM blog_search WHERE rowid = ANY (posts) ORDER BY rowid FOR UPDATE;
        INSERT INTO blog_search (rowid, blog_search)
        SELECT id, blog_search_vector(title, concat_ws(' ', subtitle, {POSTGRESQL_TAGS}), plain_text)
        FROM blog_post WHERE id = ANY (posts)
        ON CONFLICT (rowid) DO UPDATE SET blog_search = excluded.blog_search;
    END
    $$""",
    "SELECT blog_search_refresh(ARRAY(SELECT id FROM blog_post))",
    "CREATE INDEX blog_search_words ON blog_search USING gin (blog_search)",
    """CREATE FUNCTION blog_search_post_written() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM blog_search_refresh(ARRAY[NEW.id]);
        RETURN NULL;
    END
    $$""",
    """CREATE FUNCTION blog_search_post_deleted() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        DELETE FROM blog_search WHERE rowid = OLD.id;
        RETURN NULL;
    END
    $$""",
    """CREATE FUNCTION blog_search_posts_truncated() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        DELETE FROM blog_search;
        RETURN NULL;
    END
    $$""",
    """CREATE FUNCTION blog_search_posts_tagged() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM blog_search_refresh(ARRAY(SELECT DISTINCT post_id FROM changed));
        RETURN NULL;
    END
    $$""",
    """CREATE FUNCTION blog_search_tag_renamed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM blog_search_refresh(ARRAY(SELECT post_id FROM blog_post_tags WHERE tag_id = NEW.id));
        RETURN NULL;
    END
    $$""",
    """CREATE TRIGGER blog_search_post_added AFTER INSERT ON blog_post
    FOR EACH ROW EXECUTE FUNCTION blog_search_post_written()""",
    """CREATE TRIGGER blog_search_post_changed AFTER UPDATE OF title, subtitle, plain_text ON blog_post FOR EACH ROW
    WHEN ((OLD.title, OLD.subtitle, OLD.plain_text) IS DISTINCT FROM (NEW.title, NEW.subtitle, NEW.plain_text))
    EXECUTE FUNCTION blog_search_post_written()""",
    """CREATE TRIGGER blog_search_post_deleted AFTER DELETE ON blog_post
    FOR EACH ROW EXECUTE FUNCTION blog_search_post_deleted()""",
    """CREATE TRIGGER blog_search_posts_truncated AFTER TRUNCATE ON blog_post
    FOR EACH STATEMENT EXECUTE FUNCTION blog_search_posts_truncated()""",
    # Once for all the tags that a statement puts or takes.
    """CREATE TRIGGER blog_search_tags_put AFTER INSERT ON blog_post_tags REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION blog_search_posts_tagged()""",
    """CREATE TRIGGER blog_search_tags_taken AFTER DELETE ON blog_post_tags REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION blog_search_posts_tagged()""",
    """CREATE TRIGGER blog_search_tag_renamed AFTER UPDATE OF name ON blog_tag FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION blog_search_tag_renamed()""",
]

# The extension stays: it may have been there before.
POSTGRESQL_LIFT = [
    "DROP FUNCTION blog_search_post_written, blog_search_post_deleted, blog_search_posts_truncated CASCADE",
    "DROP FUNCTION blog_search_posts_tagged, blog_search_tag_renamed CASCADE",
    "DROP FUNCTION blog_search_refresh, blog_search_vector, blog_search_words",
    "DROP TABLE blog_search",
    "DROP TEXT SEARCH CONFIGURATION byline",
    "DROP TEXT SEARCH DICTIONARY byline_stem",
]

LAY = {"sqlite": SQLITE_LAY, "postgresql": POSTGRESQL_LAY}
LIFT = {"sqlite": SQLITE_LIFT, "postgresql": POSTGRESQL_LIFT}


def lay(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index of every post there is, and the triggers."""
    run(LAY, schema_editor)


def lift(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take away index and triggers."""
    run(LIFT, schema_editor)


def run(statements: dict[str, list[str]], schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
