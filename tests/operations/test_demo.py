import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from blog.models import Author, Image, Page, Post, Publication, Tag
from comments.models import Comment
from operations import demo
from subscribers import newsletter
from subscribers.models import Issue, Subscriber
from tests.factories import make_comment, make_post, make_subscriber

pytestmark = pytest.mark.django_db


def test_the_demo_brings_articles_a_conversation_and_a_list() -> None:
    demo.load()

    leading = Post.objects.listed().first()
    assert leading is not None
    assert Post.objects.listed().count() == 4
    assert all(post.cover and post.cover.alt for post in Post.objects.select_related("cover"))
    assert leading.comments.approved().count() == 6
    assert Comment.objects.waiting().count() == 1
    assert Subscriber.objects.filter(status=Subscriber.Status.ACTIVE).count() == 3


def test_the_leading_article_names_its_source_and_has_the_five_parts() -> None:
    demo.load()

    post = Post.objects.get(slug=demo.LEADING_POST)

    assert post.rendered_html.count("<h2") == 5
    first = post.sources.first()
    assert first
    assert "Kyle Davis, Five Important Facts You Should Know About Micro Needle Therapy" in first.text


def test_the_demo_mails_nobody() -> None:
    demo.load()

    newsletter.run_once()

    assert not Issue.objects.exists()


def test_every_page_of_the_demo_says_that_it_is_one_and_how_to_empty_it(client: Client) -> None:
    demo.load()

    for path in ["/", "/pages/about/", f"/posts/{demo.LEADING_POST}/"]:
        page = client.get(path).text
        assert "This is a demo" in page
        assert "demo --empty" in page


def test_emptying_takes_out_the_demo_and_leaves_what_was_written_since(client: Client) -> None:
    call_command("demo", verbosity=0)
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
    assert not Publication.load().is_demo
    assert "This is a demo" not in client.get("/").text


def test_the_demo_is_for_an_empty_publication() -> None:
    make_post()

    with pytest.raises(CommandError, match="There are posts already"):
        call_command("demo")
