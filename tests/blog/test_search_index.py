"""The index follows the posts, whoever writes them: the database itself keeps it."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from blog import search, search_index
from blog.importing.posts import import_file
from blog.models import Post, SearchEntry, Tag
from tests.factories import make_author, make_post, make_staff, make_tag

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [hit.post.title for hit in search.find(text)[:10]]


def test_the_triggers_are_there_after_the_last_migration() -> None:
    """A migration that changes Post or Tag remakes its table on SQLite: see blog/migrations/_search.py."""
    tables = {
        "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'blog_search%'",
        "postgresql": ("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'blog_search%'"),
    }
    with connection.cursor() as cursor:
        cursor.execute(tables[connection.vendor])
        assert {table for (table,) in cursor.fetchall()} == {"blog_post", "blog_post_tags", "blog_tag"}


def test_a_saved_post_is_found_by_its_new_words_only() -> None:
    post = make_post(title="Old title", subtitle="Old line", source="Old text")
    post.title, post.subtitle, post.source = "New title", "New line", "Newest text"
    post.save()

    assert found("old") == []
    assert found("new title") == found("new line") == found("newest") == ["New title"]


def test_a_change_of_many_posts_at_once_is_followed() -> None:
    make_post(title="One")
    make_post(title="Two")

    Post.objects.update(plain_text="sunscreen")

    assert sorted(found("sunscreen")) == ["One", "Two"]


def test_posts_made_at_once_are_found() -> None:
    old = make_post(title="Old")

    Post.objects.bulk_create(
        Post(title=f"Made {n}", slug=f"made-{n}", plain_text="sunscreen", published_at=old.published_at)
        for n in range(3)
    )

    assert sorted(found("sunscreen")) == ["Made 0", "Made 1", "Made 2"]


def test_tags_that_are_put_and_taken_are_followed() -> None:
    post = make_post(title="It")
    skin, sun = make_tag("Skin"), make_tag("Sun")

    post.tags.add(skin, sun)
    assert found("skin sun") == ["It"]
    post.tags.set([sun])
    assert (found("skin"), found("sun")) == ([], ["It"])
    post.tags.clear()
    assert found("sun") == []


def test_a_renamed_tag_is_followed() -> None:
    tag = make_tag("Skin")
    make_post(title="It", tags=[tag, make_tag("Other")])
    make_post(title="Untagged")

    tag.name = "Sun"
    tag.save()

    assert (found("skin"), found("sun other")) == ([], ["It"])
    Tag.objects.filter(pk=tag.pk).update(name="Rain")
    assert (found("sun"), found("rain")) == ([], ["It"])


def test_a_deleted_tag_is_followed() -> None:
    tag = make_tag("Skin")
    make_post(title="It", tags=[tag])

    tag.delete()

    assert found("skin") == []
    assert found("it") == ["It"]


def test_a_deleted_post_leaves_nothing_behind() -> None:
    tag = make_tag("Skin")
    make_post(tags=[tag]).delete()
    make_post(tags=[tag])
    Post.objects.all().delete()

    assert not SearchEntry.objects.exists()


def test_an_older_revision_that_is_restored_is_followed() -> None:
    post = make_post(title="Before")
    post.title = "After"
    post.save()

    post.history.earliest().instance.save()

    assert (found("before"), found("after")) == (["Before"], [])


def test_an_import_is_followed(tmp_path: Path) -> None:
    file = tmp_path / "post.md"
    file.write_text("---\ntitle: Imported\ntags: [Sun]\n---\nAbout skin.")
    import_file(file)
    assert found("skin sun") == ["Imported"]

    file.write_text("---\ntitle: Imported\ntags: [Rain]\n---\nAbout hair.")
    import_file(file)
    assert found("skin") == found("sun") == []
    assert found("hair rain") == ["Imported"]


def test_what_is_saved_in_the_admin_is_followed(client: Client) -> None:
    client.force_login(make_staff())
    author, tag = make_author(), make_tag("Sun")
    management = {
        f"{prefix}-{name}": value
        for prefix in ("bylines", "sources", "corrections")
        for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
    }
    form = {
        "title": "Written",
        "source": "About *skin*",
        "slug": "written",
        "visibility": "listed",
        "tags": [tag.pk],
        "series_position": "0",
        "published_at_0": "2024-01-01",
        "published_at_1": "00:00:00",
        **management,
        "bylines-TOTAL_FORMS": "1",
        "bylines-0-author": author.pk,
        "bylines-0-position": "0",
    }

    response = client.post("/admin/blog/post/add/", form)

    assert response.status_code == 302
    assert found("skin sun") == ["Written"]


def test_a_text_of_rare_words_without_end_can_be_saved() -> None:
    """PostgreSQL's index takes a megabyte; this is more. The beginning is found, and nothing is an error."""
    letters = [chr(0x10400 + n) for n in range(40)]  # four bytes each
    words = (a + b + c + d for a in letters for b in letters for c in letters for d in letters)
    text = "sunscreen " + " ".join(next(words) for _ in range(39_000))

    make_post(title="It", source=text)

    assert found("sunscreen") == ["It"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_two_who_tag_a_post_at_once_are_both_followed() -> None:
    post = make_post(title="It")
    skin, sun = make_tag("Skin"), make_tag("Sun")

    def put_other() -> None:
        post.tags.add(sun)  # waits for the index's row
        connection.close()

    other = threading.Thread(target=put_other)
    with transaction.atomic():
        post.tags.add(skin)
        other.start()
        other.join(timeout=0.5)
    other.join()

    assert found("skin sun") == ["It"]


def parts() -> int:
    """In how many parts FTS5 has written the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(DISTINCT segid) FROM blog_search_idx")
        (number,) = cursor.fetchone()
    return int(number)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL tidies its indexes itself")
def test_the_parts_of_the_index_are_merged_and_everything_is_found_as_before() -> None:
    for number in range(6):
        make_post(title=f"Sunscreen {number}", source=f"Number {number} is about skin. " * 200)
    assert parts() > 1
    before = found("sunscreen skin")

    search_index.tidy()

    assert parts() == 1
    assert found("sunscreen skin") == before
    assert len(before) == 6


@pytest.mark.django_db(transaction=True)
def test_an_index_that_nothing_has_changed_is_left_alone(django_assert_max_num_queries: Any) -> None:
    make_post(title="Sunscreen")
    search_index.tidy()

    with django_assert_max_num_queries(2):
        search_index.tidy()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL tidies its indexes itself")
def test_merging_stops_when_the_worker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(search_index, "merge", lambda pages: not asked.append(pages))  # as if it never ended

    search_index.tidy(lambda: len(asked) > 3)

    assert asked == [-search_index.PAGES, *[search_index.PAGES] * 3]
