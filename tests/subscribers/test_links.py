import pytest
from django.http import Http404

from blog.address import absolute_reverse, with_token
from subscribers import links
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db


def token_in(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def test_links_begin_with_the_sites_address(settings) -> None:
    settings.SITE_URL = "https://example.org"
    subscriber = make_subscriber()

    assert links.confirmation(subscriber).startswith("https://example.org/subscriptions/confirm/")
    assert links.unsubscribe(links.unsubscribe_signer(), subscriber.pk).startswith(
        "https://example.org/subscriptions/unsubscribe/"
    )


def test_an_address_with_a_token_is_what_django_makes_of_it() -> None:
    token = links.unsubscribe_signer().token(5)

    assert with_token("unsubscribe", token) == absolute_reverse("unsubscribe", token)


def test_a_link_shows_no_address() -> None:
    subscriber = make_subscriber("kim@example.org")

    for link in (links.confirmation(subscriber), links.unsubscribe(links.unsubscribe_signer(), subscriber.pk)):
        assert "kim" not in link
        assert "@" not in link


def test_a_link_finds_its_subscriber() -> None:
    make_subscriber()
    subscriber = make_subscriber(status="pending")

    assert links.confirming(token_in(links.confirmation(subscriber))) == (subscriber, True)
    assert links.leaving(token_in(links.unsubscribe(links.unsubscribe_signer(), subscriber.pk))) == subscriber


def test_a_signer_makes_many_links_with_one_look_at_the_key(django_assert_num_queries) -> None:
    readers = [make_subscriber() for _ in range(3)]
    links.unsubscribe_signer()  # makes the key

    with django_assert_num_queries(1):
        signer = links.unsubscribe_signer()
        for reader in readers:
            links.unsubscribe(signer, reader.pk)


def test_a_purposes_token_is_no_other_purposes() -> None:
    subscriber = make_subscriber()

    with pytest.raises(Http404):
        links.leaving(token_in(links.confirmation(subscriber)))
    with pytest.raises(Http404):
        links.confirming(token_in(links.unsubscribe(links.unsubscribe_signer(), subscriber.pk)))
