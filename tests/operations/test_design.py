"""The page with every component: that none is missing, and that looking at it changes nothing."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from blog import themes
from blog.colours import PAIRS
from blog.models import Post
from comments.models import Comment
from tests.factories import make_image, make_staff

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2] / "templates"
# Partials of readers' pages that are no components: they show nothing by themselves, or stand on one page alone.
NO_COMPONENTS = {
    "_head_card.html": "for machines",
    "_neighbours.html": "for machines",
    "_mail_kept.html": "a sentence of the outbox",
    "_shortcuts.html": "waits for a key, or for its button in the foot",
    "_unavailable.html": "a page of its own",
    "blog/_editor_dialog.html": "the editor's, in the admin",
    "blog/_head_post.html": "for machines",
    "blog/_home_neighbours.html": "for machines",
    "blog/_home_pager.html": "the pager with other addresses",
    "blog/_list_page.html": "the list and the pager, which are there",
    "blog/_offline.html": "waits, hidden, for the copy that is kept",
    "blog/_plot.html": "for the pages of numbers",
    "blog/_preview_notice.html": "a notice",
    "blog/_reading_aids.html": "words that wait for the page's module",
    "blog/_search_outcome.html": "sentences of the search page",
    "blog/_sent_words.html": "fields, which are there",
    "comments/_confirm_note.html": "a notice",
    "comments/_follow_list.html": "one page's",
    "comments/_own_state.html": "sentences of one page",
    "comments/_your_follows.html": "one page's",
    "comments/_your_standing.html": "one page's",
    "subscribers/_choice_field.html": "one page's",
    "subscribers/_choices_form.html": "one page's",
    "subscribers/_ledger.html": "one page's",
    "subscribers/_own_data.html": "one page's",
    "subscribers/_reason_form.html": "one page's",
    "subscribers/_subscribe_page_form.html": "one page's",
    "subscribers/_subscription_state.html": "one page's",
}


def partials() -> set[str]:
    """The partials of readers' pages. Those of moderators and of the newsletter's desk have pages of their own."""
    folders = [ROOT, *(ROOT / name for name in ("blog", "comments", "subscribers", "byline"))]
    found = {str(path.relative_to(ROOT)) for folder in folders for path in folder.glob("*.html")}
    return {name for name in found if re.match(r"(byline/|\w*/?_(?!moderation))", name)}


@pytest.fixture
def answer(client: Client) -> Any:
    make_image()
    client.force_login(make_staff())
    return client.get("/admin/design/")


def test_every_component_is_shown(answer: Any) -> None:
    shown = {template.name for template in answer.templates}

    assert partials() - shown - set(NO_COMPONENTS) == set()


def test_what_is_said_to_be_no_component_is_there_and_not_shown(answer: Any) -> None:
    shown = {template.name for template in answer.templates}

    assert set(NO_COMPONENTS) - partials() == set()
    assert set(NO_COMPONENTS) & shown == set()


def test_every_colour_and_every_pair_is_shown(answer: Any) -> None:
    html = answer.content.decode()

    assert all(f'fill="var(--{name})"' in html for name in themes.active().colours)
    assert all(f"{pair.upper} on {pair.lower}" in html for pair in PAIRS)


def test_every_step_of_the_scale_has_its_class(answer: Any) -> None:
    sheet = (settings.BASE_DIR / "static/css/design.css").read_text()

    for name in re.findall(r'<dd class="(size-\w+)">', answer.content.decode()):
        assert re.search(rf"\.{name} \{{[^}}]*var\(--{name}\)", sheet), name


@pytest.mark.parametrize(
    "state",
    [
        *(f"comment-indent-{depth}" for depth in range(4)),
        "comment-gone",
        "comment-new",
        "comment-own",
        "comment-preview",
        "error-summary",
        "field-wrong",
        "notice-caution",
        "badge-quiet",
        "button-plain",
        "pager",
        "tallies",
        "tabs",
        "empty",
        "footnotes",
        "markdown-alert-warning",
        "table-box",
    ],
)
def test_a_state_is_shown(answer: Any, state: str) -> None:
    assert re.search(rf'class="[^"]*\b{state}\b', answer.content.decode())


def test_no_two_elements_share_a_name(answer: Any) -> None:
    names = re.findall(r'\sid="([^"]+)"', answer.content.decode())

    assert [name for name in names if names.count(name) > 1] == []


def test_the_samples_are_stored_nowhere(answer: Any) -> None:
    assert not Post.objects.exists()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("look", themes.SCHEMES)
def test_the_mail_is_shown_in_a_frame_that_can_do_nothing(client: Client, look: str) -> None:
    client.force_login(make_staff())

    shown = client.get(f"/admin/design/mail/{look}/")

    assert "sandbox" in shown["Content-Security-Policy"]
    assert "script-src" not in shown["Content-Security-Policy"]
    assert f'<meta name="color-scheme" content="{look}">' in shown.content.decode()
    assert client.get("/admin/design/mail/pink/").status_code == 404
