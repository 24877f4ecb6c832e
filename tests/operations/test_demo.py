from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image as Pillow

from blog.models import Author, Image, Page, Post, Publication, Tag
from comments import moderator_mails, reasons
from comments.models import Comment, Commenter, ConversationMail
from operations import demo
from subscribers import newsletter
from subscribers.models import Issue, Subscriber
from tests.factories import make_comment, make_post, make_staff, make_subscriber

pytestmark = pytest.mark.django_db


def test_the_demo_brings_articles_a_conversation_and_a_list() -> None:
    demo.load()

    leading = Post.objects.listed().first()
    assert leading is not None
    assert Post.objects.listed().count() == 4
    assert all(post.cover and post.cover.alt for post in Post.objects.select_related("cover"))
    assert leading.comments.approved().count() == 7
    assert Comment.objects.waiting().count() == 4
    assert Comment.objects.filter(status=Comment.Status.SPAM).count() == 1
    assert leading.comments.exclude(pinned_at=None).count() == 1
    assert Subscriber.objects.filter(status=Subscriber.Status.ACTIVE).count() == 3


@pytest.fixture
def demo_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with pictures that take no time to draw."""
    monkeypatch.setattr(demo, "draw", draw_small)
    demo.load()


def draw_small(name: str) -> BytesIO:
    file = BytesIO()
    Pillow.new("RGB", (16, 10), "maroon").save(file, "PNG")
    file.seek(0)
    return file


def test_the_leading_article_names_its_source_and_has_the_five_parts(demo_site: None) -> None:
    post = Post.objects.get(slug=demo.LEADING_POST)

    assert post.rendered_html.count("<h2") == 5
    first = post.sources.first()
    assert first
    assert "Kyle Davis, Five Important Facts You Should Know About Micro Needle Therapy" in first.text


def test_the_demo_mails_nobody(demo_site: None) -> None:
    make_staff()
    newsletter.run_once()
    moderator_mails.run_once()

    assert not Issue.objects.exists()
    assert not ConversationMail.objects.exists()


def test_every_reason_for_which_the_demo_holds_a_comment_has_its_sentence(demo_site: None) -> None:
    held = [reason for comment in Comment.objects.exclude(status="approved") for reason in comment.held_for]

    assert len({name for name, _given in held}) >= 4
    assert not {name for name, _given in held} - set(reasons.SENTENCES)
    assert all(reasons.sentences([reason]) != [reason[0]] for reason in held)


def test_the_first_account_is_the_desk_that_answers(demo_site: None) -> None:
    staff = make_staff()

    demo.hand_over(staff)

    desk = Author.objects.get(slug=demo.AUTHOR)
    assert desk.user == staff
    assert Comment.objects.filter(user=staff, commenter=None).count() == 2


def test_the_answers_of_each_thread_are_counted(demo_site: None) -> None:
    first = Comment.objects.filter(depth=0, answers__gt=0).order_by("created_at")
    assert list(first.values_list("name", "answers")) == [("Inès Okafor", 2), ("Marguerite van den Berg-Oyelaran", 1)]


def test_every_page_of_the_demo_says_that_it_is_one_and_how_to_empty_it(client: Client, demo_site: None) -> None:
    for path in ["/", "/pages/about/", f"/posts/{demo.LEADING_POST}/"]:
        page = client.get(path).text
        assert "This is a demo" in page
        assert "demo --empty" in page


def test_emptying_takes_out_the_demo_and_leaves_what_was_written_since(client: Client, demo_site: None) -> None:
    own = make_post(title="My own")
    make_comment(own, source="To my own.")
    make_subscriber("mine@example.org")

    call_command("demo", "--empty", verbosity=0)

    assert list(Post.objects.all()) == [own]
    assert Comment.objects.get().post == own
    assert Subscriber.objects.get().email == "mine@example.org"
    assert not Image.objects.exists()
    assert not Page.objects.exists()
    assert not Tag.objects.exists()
    assert not Author.objects.exists()
    assert [commenter.comments.count() for commenter in Commenter.objects.all()] == [1]  # of the comment to my own
    assert not Publication.load().is_demo
    assert "This is a demo" not in client.get("/").text


def test_the_demo_is_for_an_empty_publication() -> None:
    make_post()

    with pytest.raises(CommandError, match="There are posts already"):
        call_command("demo")
