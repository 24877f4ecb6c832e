import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from blog.models import Author, Post, Tag
from subscribers import newsletter
from subscribers.models import Issue
from tests.factories import make_author, make_post

pytestmark = pytest.mark.django_db

ARTICLE = Path(__file__).parent / "fixtures" / "sourdough.txt"
SLUG = "four-things-nobody-tells-you-about-sourdough"
KEPT = "it stays as it is"

Command = Callable[..., str]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    return Path(shutil.copy(ARTICLE, tmp_path))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command and return what it said."""

    def run(*arguments: object) -> str:
        call_command("import_posts", *map(str, arguments))
        return capsys.readouterr().out

    return run


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_an_article_becomes_a_public_post(client: Client, said: Command, article: Path) -> None:
    output = said(article)

    page = BeautifulSoup(client.get(f"/posts/{SLUG}/").content, "html.parser").article
    assert output == f"sourdough.txt: created /posts/{SLUG}/\n1 created.\n"
    assert page is not None
    assert page.h1 is not None
    assert page.h1.text == "Four Things Nobody Tells You About Sourdough"
    assert page.select_one(".byline-author a").text == "Marta Lindqvist"
    assert page.select_one(".byline-author p span").text == "Flour, water, patience."
    assert len(page.find_all("h2")) == 4
    assert [len(found.find_all("li")) for found in page.select(".text ul")] == [3, 2, 4]


def test_a_second_import_says_unchanged_and_changes_nothing(said: Command, article: Path) -> None:
    said(article)
    before = Post.objects.values().get()

    output = said(article)

    assert output == f"sourdough.txt: unchanged /posts/{SLUG}/\n1 unchanged.\n"
    assert Post.objects.values().get() == before
    assert Author.objects.count() == 1


def test_a_file_that_changed_updates_its_post(said: Command, article: Path) -> None:
    said(article)
    published_at = Post.objects.get().published_at
    write(article, article.read_text(encoding="utf-8").replace("nine days", "ten days"))

    output = said(article)

    post = Post.objects.get()
    assert output == f"sourdough.txt: updated /posts/{SLUG}/\n1 updated.\n"
    assert "ten days young" in post.rendered_html
    assert post.published_at == published_at


def test_a_post_whose_text_was_edited_here_is_kept(said: Command, article: Path) -> None:
    said(article)
    post = Post.objects.get()
    post.source = "Edited here."
    post.save()
    write(article, article.read_text(encoding="utf-8").replace("nine days", "ten days"))

    output = said(article)

    post.refresh_from_db()
    assert post.source == "Edited here."
    assert f"kept /posts/{SLUG}/" in output
    assert KEPT in output


def test_a_post_that_was_written_here_is_kept(said: Command, article: Path) -> None:
    post = make_post(slug=SLUG, source="Written here.")

    output = said(article)

    post.refresh_from_db()
    assert post.source == "Written here."
    assert KEPT in output
    assert output.endswith("1 kept.\n")


def test_a_new_address_given_here_does_not_make_a_second_post(said: Command, article: Path) -> None:
    said(article)
    Post.objects.update(slug="moved")

    assert said(article) == "sourdough.txt: unchanged /posts/moved/\n1 unchanged.\n"


def test_imported_posts_are_never_mailed(said: Command, article: Path) -> None:
    said(article)
    written_here = make_post()

    issues = newsletter.announce_posts()

    assert [issue.post for issue in issues] == [written_here]
    assert Issue.objects.count() == 1


def test_front_matter_fills_the_post(said: Command, tmp_path: Path) -> None:
    front = "title: Rye\nsubtitle: In short\nslug: rye\nauthors: [Kim Doe, Ann Other]\ntags: [Bread]\ndate: 2024-02-29"

    said(write(tmp_path / "rye.md", f"---\n{front}\n---\nText."))

    post = Post.objects.get(slug="rye")
    assert (post.title, post.subtitle, post.source) == ("Rye", "In short", "Text.\n")
    assert post.published_at == datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)
    assert [byline.author.name for byline in post.bylines.all()] == ["Kim Doe", "Ann Other"]
    assert {tag.name for tag in post.tags.all()} == {"Bread"}


def test_a_draft_stays_one_and_a_post_without_a_date_is_published_now(said: Command, tmp_path: Path) -> None:
    said(write(tmp_path / "draft.md", "---\ntitle: Draft\ndraft: true\n---\nText."))
    said(write(tmp_path / "post.md", "---\ntitle: Post\n---\nText."))

    assert Post.objects.get(slug="draft").published_at is None
    assert Post.objects.get(slug="post").published_at == pytest.approx(
        timezone.now(), abs=datetime.timedelta(minutes=1)
    )


def test_names_that_are_here_are_used_again(said: Command, tmp_path: Path) -> None:
    kim = make_author("Kim Doe", slug="kim-doe", tagline="Mine")
    said(write(tmp_path / "one.md", "---\ntitle: One\nauthor: Kim Doe\ntags: Bread\n---\n"))

    said(write(tmp_path / "two.md", "---\ntitle: Two\nauthor: Kim Doe\ntags: bread\n---\n"))

    assert list(Author.objects.values_list("pk", "tagline")) == [(kim.pk, "Mine")]
    assert Tag.objects.get().posts.count() == 2


def test_a_name_given_twice_signs_once(said: Command, tmp_path: Path) -> None:
    said(write(tmp_path / "one.md", "---\ntitle: One\nauthors: [Kim Doe, kim doe]\ntags: [a, A]\n---\n"))

    post = Post.objects.get()
    assert (post.authors.count(), post.tags.count()) == (1, 1)


def test_titles_in_any_script_get_an_address(said: Command, tmp_path: Path, client: Client) -> None:
    said(write(tmp_path / "one.md", "# Хлеб и соль\n\nText."))

    assert client.get("/posts/хлеб-и-соль/").status_code == 200


def test_hostile_files_are_shown_as_text(said: Command, tmp_path: Path, client: Client) -> None:
    name = "</title><script>alert(1)</script>"
    said(write(tmp_path / "one.txt", f"{name} one\n\n{name}\n{name}\n{name}\n\nText {name}"))
    said(write(tmp_path / "two.md", f'---\ntitle: "{name} two"\nsubtitle: "{name}"\ntags: ["{name}"]\n---\n{name}'))
    said(write(tmp_path / "three.html", "<h1>Three</h1><p onclick=alert(1)><a href='javascript:alert(1)'>x</a>"))

    for post in Post.objects.all():
        page = client.get(post.get_absolute_url()).text
        assert "<script>" not in page
        assert "onclick" not in page
        assert 'href="javascript:' not in page


def test_a_dry_run_prints_the_markdown_and_stores_nothing(said: Command, article: Path) -> None:
    output = said(article, "--dry-run")

    assert output.startswith(
        "# Four Things Nobody Tells You About Sourdough\n\nBy Marta Lindqvist (Flour, water, patience.)\n\nEverybody’s"
    )
    assert "## Fact #4: Patience Has a Timetable\n\nPlan backwards" in output
    assert "- **Poke It:** A dent" in output
    assert output.endswith("1 files read, nothing stored.\n")
    assert not Post.objects.exists()
    assert not Author.objects.exists()


def test_a_folder_stands_for_the_files_in_it(said: Command, article: Path) -> None:
    write(article.parent / "post.md", "# Post")
    (article.parent / "notes.pdf").write_bytes(b"%PDF")
    (article.parent / "folder").mkdir()

    output = said(article.parent)

    assert output.splitlines() == [
        "post.md: created /posts/post/",
        f"sourdough.txt: created /posts/{SLUG}/",
        "2 created.",
    ]


def test_what_cannot_be_read_is_named_and_the_rest_goes_in(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    bad = {
        "binary.md": b"\x89PNG\r\n\x1a\n\0",
        "date.md": b"---\ntitle: T\ndate: soon\n---\n",
        "front.md": b"---\ntitle: [T\n---\n",
        "latin-1.txt": "Café".encode("latin-1"),
        "large.txt": b"Title\n" * 500_000,
        "long.txt": b"T" * 301,
        "marks.txt": b"***\n\nText.",
        "missing.md": None,
        "nul.txt": b"Title\n\n\0",
        "picture.png": b"",
    }
    files = [article.parent / name for name in bad]
    for file, content in zip(files, bad.values(), strict=True):
        if content is not None:
            file.write_bytes(content)

    with pytest.raises(CommandError, match=r"^1 created, 10 of 11 files could not be read\.$"):
        call_command("import_posts", *map(str, files), str(article))

    complaints = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in complaints] == [str(file) for file in files]
    assert Post.objects.get().slug == SLUG


def test_a_text_over_the_limit_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "long.txt", "Title\n\n" + "word " * 50_000)

    with pytest.raises(CommandError, match="1 of 1 files could not be read"):
        call_command("import_posts", str(file))

    assert not Post.objects.exists()


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing imported"):
        call_command("import_posts", str(tmp_path))
