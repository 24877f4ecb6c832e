import pytest
from django.test import Client

from comments.admin.filters import FiltersForm
from comments.models import Filters, WordCount
from tests.factories import make_person

pytestmark = pytest.mark.django_db

FORM = {"held_words": "", "spam_words": "", "patterns": "", "most_links": "2", "languages": "", "threshold": "0.95"}


@pytest.fixture
def filters_page(client: Client) -> str:
    client.force_login(make_person("Moderator"))
    return str(client.get("/admin/comments/filters/")["Location"])


def test_the_list_of_one_row_leads_to_it(client: Client, filters_page: str) -> None:
    assert "learned from" in client.get(filters_page).text.lower()


def test_what_is_written_there_is_kept(client: Client, filters_page: str) -> None:
    client.post(filters_page, {**FORM, "held_words": "casino", "patterns": r"\bbuy\s+now\b", "languages": "EN; de-CH"})

    filters = Filters.load()
    assert (filters.held_words, filters.patterns, filters.languages) == ("casino", r"\bbuy\s+now\b", "en, de")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("patterns", "fine\n(unclosed", "Line 2"),
        ("languages", "en, xx9", "xx9"),
        ("threshold", "1.5", "less than or equal to 1"),
        ("most_links", "-1", "greater than or equal to 0"),
    ],
)
def test_what_could_never_work_is_sent_back(
    client: Client, filters_page: str, field: str, value: str, sentence: str
) -> None:
    assert sentence in client.post(filters_page, {**FORM, field: value}).text
    assert getattr(Filters.load(), field) == getattr(Filters(), field)


def test_saving_leaves_what_the_worker_counts_meanwhile_alone(
    client: Client, filters_page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = FiltersForm.clean_patterns

    def learn_meanwhile(form: FiltersForm) -> str:
        Filters.objects.update(learned_ham=7, learned_spam=9)
        return check(form)

    monkeypatch.setattr(FiltersForm, "clean_patterns", learn_meanwhile)
    client.post(filters_page, {**FORM, "held_words": "casino"})

    filters = Filters.load()
    assert (filters.held_words, filters.learned_ham, filters.learned_spam) == ("casino", 7, 9)


RESET = "/admin/comments/filters/reset/"


def test_forgetting_asks_first(client: Client, filters_page: str) -> None:
    WordCount.objects.create(word="pills", spam=3)
    Filters.objects.update(learned_spam=3)
    assert RESET in client.get(filters_page).text

    assert "3 spam ones" in client.get(RESET).text
    assert WordCount.objects.exists()
    page = client.post(RESET, follow=True).text

    assert "has forgotten what it learned from 3 comments" in page
    assert not WordCount.objects.exists()


@pytest.mark.parametrize("role", ["Author", "Editor"])
def test_who_may_not_change_the_filters_cannot_make_them_forget(client: Client, role: str) -> None:
    client.force_login(make_person(role))

    assert client.post(RESET).status_code == 403
    assert client.get("/admin/comments/filters/").status_code == 403


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.post(RESET).status_code == 302
