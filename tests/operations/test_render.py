import pytest
from django.core.management import call_command

from blog.markup import RENDERER_VERSION
from blog.models import Post
from comments.models import Comment
from tests.factories import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db


def test_render_renews_what_an_older_renderer_made(capsys: pytest.CaptureFixture[str]) -> None:
    post = make_post(source="*Anew*")
    comment = make_comment(post, source="*Too*")
    make_page()
    Post.objects.update(rendered_html="old", renderer_version=RENDERER_VERSION - 1)
    Comment.objects.update(rendered_html="old", renderer_version=RENDERER_VERSION - 1)

    call_command("render")

    post.refresh_from_db()
    comment.refresh_from_db()
    assert post.rendered_html == "<p><em>Anew</em></p>\n"
    assert comment.rendered_html == "<p><em>Too</em></p>\n"
    assert capsys.readouterr().out == "Rendered 1 posts, 0 pages, 1 comments.\n"


def test_render_all_renews_everything(capsys: pytest.CaptureFixture[str]) -> None:
    make_comment(make_post())

    call_command("render", "--all")

    assert capsys.readouterr().out == "Rendered 1 posts, 0 pages, 1 comments.\n"
