"""The list of posts in the admin: /admin/blog/post/, and what it does to many at once."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from blog.admin import post_actions
from blog.models import Author, Post, Series
from blog.standing import CONDITIONS, Standing
from subscribers.models import Issue
from tests.factories import make_author, make_person, make_post, make_tag

pytestmark = pytest.mark.django_db

LIST = "/admin/blog/post/"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor(client: Client) -> Any:
    editor = make_person("Editor")
    client.force_login(editor)
    return editor


def act(client: Client, action: str, posts: list[Post], **values: object) -> Any:
    """Choose posts and an action in the list; with `confirmed`, answer what it asks too."""
    return client.post(LIST, {"action": action, "_selected_action": [post.pk for post in posts], **values}, follow=True)


@pytest.mark.parametrize("visibility", Post.Visibility.values)
@pytest.mark.parametrize("published", [None, -HOUR, HOUR], ids=["never", "before", "later"])
def test_a_post_stands_in_exactly_one_way(visibility: str, published: datetime.timedelta | None) -> None:
    if visibility == "withdrawn" and published is None:
        return  # a constraint forbids it
    now = timezone.now()
    make_post(visibility=visibility, published_at=published and now + published)

    assert [bool(Post.objects.filter(condition(now))) for condition in CONDITIONS.values()].count(True) == 1


@pytest.mark.parametrize("standing", Standing.values)
def test_the_list_is_narrowed_down_by_state(client: Client, editor: Any, standing: str) -> None:
    make_post(title="a draft one", published_at=None)
    make_post(title="a scheduled one", published_at=timezone.now() + HOUR)
    make_post(title="a published one")
    make_post(title="an unlisted one", visibility="unlisted")
    make_post(title="a withdrawn one", visibility="withdrawn")

    page = client.get(LIST, {"state": standing}).text

    assert [word for word in Standing.values if f"{word} one" in page] == [standing]


@pytest.mark.parametrize("query", ["?state=nonsense", "?state=%00", "?q=%00", "?tags__id__exact=1"])
def test_a_filter_that_means_nothing_breaks_nothing(client: Client, editor: Any, query: str) -> None:
    make_post()

    assert client.get(LIST + query).status_code == 200


def test_the_list_is_narrowed_down_by_author_tag_and_series(client: Client, editor: Any) -> None:
    author, tag, series = make_author(), make_tag(), Series.objects.create(title="S", slug="s")
    make_post(title="The one", authors=[author, make_author()], tags=[tag, make_tag()], series=series)
    make_post(title="Another", authors=[make_author()])

    for query in (f"authors__id__exact={author.pk}", f"tags__id__exact={tag.pk}", f"series__id__exact={series.pk}"):
        page = client.get(f"{LIST}?{query}").text
        assert page.count(">The one</a>") == 1
        assert "Another" not in page


def test_a_line_says_who_signed_where_it_stands_and_whether_it_was_mailed(client: Client, editor: Any) -> None:
    post = make_post(authors=[make_author("Ann"), make_author("Ben")], published_at=timezone.now() + HOUR)
    Issue.objects.create(post=post, subject="x", send_at=timezone.now(), state=Issue.State.SENT)

    page = client.get(LIST).text

    assert "Ann, Ben" in page
    assert ">scheduled</td>" in page
    assert ">mailed</td>" in page


@pytest.mark.parametrize("posts", [1, 30])
def test_the_list_costs_the_same_queries_for_any_number_of_posts(
    client: Client, editor: Any, django_assert_num_queries: Any, posts: int
) -> None:
    author, tag = make_author(), make_tag()
    for _ in range(posts):
        make_post(authors=[author], tags=[tag])
    client.get("/")  # makes the publication's row

    # session, person, rights of group and person; three filters; two counts, posts, authors; publication
    with django_assert_num_queries(13):
        client.get(LIST)


def test_publishing_asks_first_and_says_how_many(client: Client, editor: Any) -> None:
    draft, scheduled, public = make_post(published_at=None), make_post(published_at=timezone.now() + HOUR), make_post()
    posts = [draft, scheduled, public]

    asked = act(client, "publish", posts)
    nothing_yet = Post.objects.published().count()
    done = act(client, "publish", posts, confirmed="yes")

    assert all(post.title in asked.text for post in posts)
    assert nothing_yet == 1
    assert "2 posts were published. 1 stayed as it was." in done.text
    assert Post.objects.published().count() == 3


def test_withdrawing_keeps_the_reason_and_leaves_drafts_alone(client: Client, editor: Any) -> None:
    draft, public = make_post(published_at=None), make_post()

    done = act(client, "withdraw", [draft, public], confirmed="yes", note="It was wrong.")

    public.refresh_from_db()
    draft.refresh_from_db()
    assert "1 post was withdrawn. 1 stayed as it was." in done.text
    assert (public.visibility, public.withdrawn_note) == ("withdrawn", "It was wrong.")
    assert draft.visibility == "listed"


def test_a_tag_is_added_and_taken_off(client: Client, editor: Any) -> None:
    tag = make_tag("Zinc")
    tagged, other = make_post(tags=[tag]), make_post()

    added = act(client, "add_tag", [tagged, other], confirmed="yes", tag=tag.pk)
    both = set(tag.posts.all())
    removed = act(client, "remove_tag", [tagged, other], confirmed="yes", tag=tag.pk)

    assert "1 post got the tag. 1 stayed as it was." in added.text
    assert both == {tagged, other}
    assert "2 posts lost the tag." in removed.text
    assert not tag.posts.exists()


@pytest.mark.parametrize("tag", ["", "999999", "x"])
def test_without_a_tag_it_asks_again(client: Client, editor: Any, tag: str) -> None:
    response = act(client, "add_tag", [make_post()], confirmed="yes", tag=tag)

    assert response.status_code == 422
    assert 'class="errorlist"' in response.text


def test_a_note_that_is_too_long_is_asked_again_and_kept(client: Client, editor: Any) -> None:
    post = make_post()

    response = act(client, "withdraw", [post], confirmed="yes", note="x" * 501)

    post.refresh_from_db()
    assert response.status_code == 422
    assert "x" * 501 in response.text
    assert post.visibility == "listed"


@pytest.mark.parametrize("action", [action.__name__ for action in post_actions.ACTIONS])
def test_an_author_acts_on_their_own_posts_only(client: Client, action: str) -> None:
    ann = make_person("Author")
    client.force_login(ann)
    tag = make_tag()
    mine = make_post(title="Mine", authors=[Author.of(ann)], published_at=None)
    other = make_post(title="Not mine", authors=[make_author()], published_at=None)
    before = Post.objects.filter(pk=other.pk).values().get()

    response = act(client, action, [mine, other], confirmed="yes", tag=tag.pk)

    assert "Not mine" not in response.text
    assert Post.objects.filter(pk=other.pk).values().get() == before
    assert not other.tags.exists()


def test_choosing_only_posts_of_others_changes_nothing(client: Client) -> None:
    client.force_login(make_person("Author"))
    post = make_post()

    act(client, "withdraw", [post], confirmed="yes")

    post.refresh_from_db()
    assert post.visibility == "listed"


def test_too_many_at_once_are_refused_with_a_sentence(client: Client, editor: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(post_actions, "MOST_AT_ONCE", 1)

    response = act(client, "publish", [make_post(published_at=None), make_post(published_at=None)], confirmed="yes")

    assert "Choose at most 1 posts at once" in response.text
    assert not Post.objects.published().exists()


def test_acting_makes_a_revision_of_each_post(client: Client, editor: Any) -> None:
    post = make_post()

    act(client, "withdraw", [post], confirmed="yes")

    assert post.history.first().history_user == editor


def test_who_may_look_at_every_post_still_acts_on_their_own_only(client: Client) -> None:
    ann = make_person("Author")
    ann.user_permissions.add(Permission.objects.get(codename="view_post"))
    client.force_login(ann)
    mine = make_post(authors=[Author.of(ann)], published_at=None)
    other = make_post(title="Not mine", published_at=None)

    page = client.get(LIST).text
    act(client, "publish", [mine, other], confirmed="yes")

    assert "Not mine" in page
    assert list(Post.objects.published()) == [mine]
