"""What the tests of writing a comment share."""

from django.http import HttpResponse
from django.test import Client

from blog.models import Post

WORDS = {"name": "Ann Other", "email": "ann@example.org", "website": "https://example.org/", "body": "Well *said*."}


def send(client: Client, post: Post, headers: dict[str, str] | None = None, /, **values: object) -> HttpResponse:
    """Send the form under a post; what `values` leaves out is filled in."""
    return client.post(f"/posts/{post.slug}/comments/", {**WORDS, **values}, headers=headers)
