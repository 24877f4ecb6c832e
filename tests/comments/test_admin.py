from unittest.mock import patch

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.forms import ModelForm
from django.test import Client

from accounts.models import User
from comments.forms import CorrectionForm
from comments.models import Action, Comment
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"


@pytest.fixture
def staff(client: Client) -> None:
    client.force_login(make_staff())


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(), name="Ann", email="ann@example.org", source="Well *said*.", status="waiting")


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("words", ["Ann", "ann@example.org", "well said"])
def test_a_comment_is_found_by_name_address_and_text(client: Client, words: str) -> None:
    found = make_comment(make_post(), name="Ann", email="ann@example.org", source="Well said.")
    other = make_comment(make_post(), name="Kim")

    page = client.get(LIST, {"q": words}).text

    assert f"{LIST}{found.pk}/change/" in page
    assert f"{LIST}{other.pk}/change/" not in page


def make_corrector(*permissions: str) -> User:
    """Make a member of staff with these permissions on comments."""
    corrector = make_staff(is_superuser=False)
    corrector.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return corrector


def test_who_may_look_sees_everything_and_changes_nothing(client: Client, comment: Comment) -> None:
    client.force_login(make_corrector("view_comment"))
    before = Comment.objects.values().get()
    address = f"{LIST}{comment.pk}/change/"

    page = client.get(address).text
    refused = client.post(address, {"name": "Kim", "website": "", "source": "Changed."})

    for words in ("Ann", "ann@example.org", "Well *said*.", "waiting"):
        assert words in page
    assert "<textarea" not in page
    assert refused.status_code == 403
    assert Comment.objects.values().get() == before


def test_who_may_change_corrects_name_website_and_text_alone(client: Client, comment: Comment) -> None:
    corrector = make_corrector("view_comment", "change_comment")
    client.force_login(corrector)
    before = Comment.objects.values().get()

    client.post(
        f"{LIST}{comment.pk}/change/",
        {
            "name": "Ann\u202e Other",
            "website": "example.org",
            "source": "Better <b>said</b>.\r\nReally.",
            "status": "approved",
            "email": "kim@example.org",
            "held_for": "[]",
            "rendered_html": "<script>",
        },
    )

    after = Comment.objects.values().get()
    assert {name for name in after if after[name] != before[name]} == {
        "name",
        "website",
        "source",
        "rendered_html",
        "text_digest",
        "last_action_id",
    }
    assert (after["name"], after["website"]) == ("Ann Other", "https://example.org")
    assert after["source"] == "Better <b>said</b>.\nReally."
    assert after["rendered_html"] == "<p>Better &lt;b&gt;said&lt;/b&gt;.<br>\nReally.</p>\n"
    action = Action.objects.get()
    assert (action.verb, action.via, action.user) == ("edit", "admin", corrector)
    assert list(action.decisions.values_list("comment_number", "before", "after")) == [
        (comment.pk, "waiting", "waiting")
    ]


@pytest.mark.usefixtures("staff")
def test_a_correction_leaves_a_decision_that_came_meanwhile_alone(client: Client, comment: Comment) -> None:
    with patch.object(CorrectionForm, "_post_clean", autospec=True) as clean:
        clean.side_effect = lambda form: (comment.approve(make_staff()), clean_as_before(form))
        clean_as_before = ModelForm._post_clean
        client.post(f"{LIST}{comment.pk}/change/", {"name": "Kim", "website": "", "source": comment.source})

    stored = Comment.objects.get()
    assert (stored.name, stored.status) == ("Kim", "approved")


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("website", "javascript:alert(1)"), ("source", "a" * 5_001), ("source", " ")]
)
def test_a_correction_has_the_rules_of_the_form_for_readers(
    client: Client, comment: Comment, field: str, value: str
) -> None:
    words = {"name": "Ann", "website": "", "source": "Well.", field: value}

    response = client.post(f"{LIST}{comment.pk}/change/", words)

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert not Action.objects.exists()


@pytest.mark.usefixtures("staff")
def test_saving_without_a_change_is_no_edit(client: Client, comment: Comment) -> None:
    client.post(f"{LIST}{comment.pk}/change/", {"name": "Ann", "website": "", "source": "Well *said*."})

    assert not Action.objects.exists()


@pytest.mark.usefixtures("staff")
def test_the_admins_own_log_holds_no_word_of_a_comment(client: Client, comment: Comment) -> None:
    client.post(f"{LIST}{comment.pk}/change/", {"name": "Secret", "website": "", "source": "Secret."})
    client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"})

    logged = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert LogEntry.objects.count() == 2
    for word in ("Ann", "ann@", "Secret", "Well"):
        assert word not in logged


@pytest.mark.usefixtures("staff")
def test_what_its_author_took_back_is_not_corrected(client: Client, comment: Comment) -> None:
    comment.withdraw()

    address = f"{LIST}{comment.pk}/change/"
    assert "<textarea" not in client.get(address).text
    assert client.post(address, {"name": "Ann", "website": "", "source": "Back."}).status_code == 403


@pytest.mark.usefixtures("staff")
def test_nobody_writes_a_comment_in_the_admin(client: Client) -> None:
    assert client.get(f"{LIST}add/").status_code == 403


@pytest.mark.usefixtures("staff")
def test_what_has_to_go_for_good_can_be_deleted(client: Client) -> None:
    comment = make_comment(make_post())
    answer = make_comment(comment.post, parent=comment)

    client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"})

    assert list(Comment.objects.all()) == [answer]


@pytest.mark.usefixtures("staff")
def test_deleting_answers_is_counted(client: Client) -> None:
    first = make_comment(make_post())
    answers = [make_comment(first.post, parent=first) for _ in range(3)]
    Comment.objects.all().count_answers()

    client.post(f"{LIST}{answers[0].pk}/delete/", {"post": "yes"})
    client.post(LIST, {"action": "delete_selected", "_selected_action": [answers[1].pk], "post": "yes"})

    first.refresh_from_db()
    assert first.answers == 1


@pytest.mark.parametrize(("permission", "status"), [("change_comment", 403), ("delete_comment", 200)])
def test_who_may_delete(client: Client, comment: Comment, permission: str, status: int) -> None:
    client.force_login(make_corrector("view_comment", permission))

    assert client.get(f"{LIST}{comment.pk}/delete/").status_code == status
    assert ("delete_selected" in client.get(LIST).text) == (status == 200)


def test_who_may_only_moderate_does_not_get_the_list(client: Client) -> None:
    moderator = make_staff(is_superuser=False)
    moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    client.force_login(moderator)

    assert client.get(LIST).status_code == 403


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("comments", [5, 30])
def test_the_list_costs_the_same_queries_for_any_number_of_comments(
    client: Client, django_assert_max_num_queries, comments: int
) -> None:
    for _ in range(comments):
        make_comment(make_post(), user=make_staff())

    # session, user, the list and its counts, and what Django asks for the dates to browse by
    with django_assert_max_num_queries(13):
        client.get(LIST)
