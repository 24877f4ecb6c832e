import secrets
import stat
import string
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import (
    akismet_key,
    default_smtp_port,
    inbound_address,
    kept_secret,
    mail_domain,
    mail_provider,
    mailbox_url,
    refuse_unsafe,
    site_address,
    task_backend,
    webhook_secret,
)

GOOD_KEY = string.ascii_letters


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://example.org", "example.org", None),
        ("https://blog.example.org:8443", "blog.example.org", 8443),
        ("http://127.0.0.1:8000", "127.0.0.1", 8000),
        ("http://[::1]:8000", "::1", 8000),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", None),
    ],
)
def test_a_site_address_has_a_scheme_and_a_host(url: str, host: str, port: int | None) -> None:
    parts = site_address(url)

    assert (parts.hostname, parts.port) == (host, port)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org",
        "ftp://example.org",
        "https://",
        "https://example.org/blog",
        "https://example.org?q=1",
        "https://example.org#top",
        "https://kim:secret@example.org",
        "https://example.org:port",
        "https://[::1",
        "https://exam ple.org",
        "https://example.org\nhttps://evil.example",
        "https://example.org\n",
        "https://Example.org",
    ],
)
def test_what_is_no_site_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SITE_URL is .* https://example\.org$"):
        site_address(url)


@pytest.mark.parametrize(
    ("debug", "url", "key", "said"),
    [
        (False, "https://example.org", GOOD_KEY, None),
        (False, "http://127.0.0.1:8000", GOOD_KEY, None),
        (True, "http://127.0.0.1:8000", GOOD_KEY, None),
        (True, "http://[::1]:8000", GOOD_KEY, None),
        (True, "http://localhost", GOOD_KEY, None),
        (True, "http://byline.localhost", GOOD_KEY, None),
        (True, "https://example.org", GOOD_KEY, "Remove DEBUG"),
        (True, "http://192.168.1.5", GOOD_KEY, "Remove DEBUG"),
        (True, "https://localhost.example.org", GOOD_KEY, "Remove DEBUG"),
        (False, "http://example.org", GOOD_KEY, "Use https://"),
        (False, "http://192.168.1.5", GOOD_KEY, "Use https://"),
        (False, "http://0.0.0.0:8000", GOOD_KEY, "Use https://"),
        (False, "https://example.org", GOOD_KEY[:49], "at least 50 random characters"),
        (False, "https://example.org", "abcd" * 20, "at least 50 random characters"),
        (True, "http://127.0.0.1:8000", "short", "at least 50 random characters"),
    ],
)
def test_what_would_put_somebody_at_risk_is_refused(debug: bool, url: str, key: str, said: str | None) -> None:
    if said is None:
        refuse_unsafe(debug=debug, site=site_address(url), secret_key=key)
    else:
        with pytest.raises(ImproperlyConfigured, match=said):
            refuse_unsafe(debug=debug, site=site_address(url), secret_key=key)


def test_a_refusal_does_not_repeat_the_key() -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_unsafe(debug=False, site=site_address("https://example.org"), secret_key="hunter2")

    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.org", "example.org"),
        ("127.0.0.1", "localhost"),
        ("::1", "localhost"),
        ("byline.localhost", "localhost"),
    ],
)
def test_the_domain_of_mails(host: str, domain: str) -> None:
    assert mail_domain(host) == domain


def test_a_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"

    secret = kept_secret(path)

    assert kept_secret(path) == secret
    assert len(secret) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_secret(tmp_path / "another") != secret


def test_two_processes_that_make_a_secret_at_once_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret_key"

    def while_the_other_is_first(_length: int) -> str:
        path.write_text("the other's")
        return "mine"

    monkeypatch.setattr(secrets, "token_urlsafe", while_the_other_is_first)

    assert kept_secret(path) == "the other's"
    assert path.read_text() == "the other's"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.example.org", 25),
        ("smtp+tls://kim:secret@mail.example.org", 587),
        ("smtp+ssl://mail.example.org", 465),
    ],
)
def test_the_usual_port_of_a_mail_server(url: str, port: int) -> None:
    assert default_smtp_port(url) == port


@pytest.mark.parametrize("url", ["mail.example.org", "https://mail.example.org", "consolemail://", "smtps://x"])
def test_what_is_no_mail_server_is_refused_with_what_is(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"Use smtp\+tls://"):
        default_smtp_port(url)


def test_tasks_are_queued_in_the_database() -> None:
    assert task_backend("database") == {"BACKEND": "django_tasks_db.DatabaseBackend"}


@pytest.mark.parametrize("url", ["", "Database", "http://localhost:6379", "redis"])
def test_where_tasks_cannot_be_queued_is_refused_with_where_they_can(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"Use `database` or redis://"):
        task_backend(url)


@pytest.mark.parametrize("url", ["redis://localhost:6379/0", "rediss://localhost:6379/0", "unix:///run/redis.sock"])
def test_redis_needs_its_packages_and_says_which(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "django_tasks_rq", None)  # as if it was not installed

    with pytest.raises(ImproperlyConfigured, match="uv sync --extra redis"):
        task_backend(url)


def test_akismet_is_asked_by_a_key() -> None:
    assert akismet_key("") == ""
    assert akismet_key("abc123DEF456") == "abc123DEF456"


@pytest.mark.parametrize("key", ["abc 123", "https://akismet.com", "'abc123'", "abc123\n", "<key>"])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="letters and digits") as refused:
        akismet_key(key)

    assert key not in str(refused.value)


def test_akismet_needs_its_package_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "akismet", None)  # as if it was not installed

    with pytest.raises(ImproperlyConfigured, match="uv sync --extra akismet"):
        akismet_key("abc123def456")


@pytest.mark.parametrize("address", ["", "list@example.org", "my-list.2@mail.example.org"])
def test_an_inbound_address_is_one_that_something_can_be_put_behind(address: str) -> None:
    assert inbound_address(address) == address


@pytest.mark.parametrize(
    "address", ["list", "List@example.org", "list+x@example.org", f"{'l' * 17}@example.org", "a@b\n", "Kim <a@b.org>"]
)
def test_another_inbound_address_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"INBOUND_ADDRESS .* list@example\.org$"):
        inbound_address(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "maildir:///var/mail/list",
        "imaps://list:secret@mail.example.org",
        "imaps://list%40example.org:s%2Fcret@mail.example.org:1993/INBOX",
        "imap://list:secret@localhost:1143/INBOX",
    ],
)
def test_a_mailbox_is_a_folder_or_on_a_mail_server(url: str) -> None:
    assert mailbox_url(url, "list@example.org") == url


@pytest.mark.parametrize(
    ("url", "inbound", "why"),
    [
        ("imap://list:secret@mail.example.org", "list@example.org", "in the open"),
        ("pop3://list:secret@mail.example.org", "list@example.org", "Use imaps://"),
        ("imaps://mail.example.org", "list@example.org", "Use imaps://"),
        ("imaps://list:secret@mail.example.org:port", "list@example.org", "not a number"),
        ("maildir://var/mail", "list@example.org", "Use imaps://"),
        ("/var/mail", "list@example.org", "Use imaps://"),
        ("maildir:///var/mail", "", "needs INBOUND_ADDRESS"),
    ],
)
def test_another_mailbox_is_refused_without_repeating_its_password(url: str, inbound: str, why: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=why) as refused:
        mailbox_url(url, inbound)

    assert "secret" not in str(refused.value)


def test_the_mail_provider_is_named_by_the_mail_address() -> None:
    assert mail_provider("anymail+postmark://:key@") == "postmark"
    assert mail_provider("anymail+amazon_ses://") == "amazon_ses"
    assert mail_provider("smtp+tls://mail.example.org") == mail_provider("") == ""


@pytest.mark.parametrize(
    "secret", ["short:one", "without-a-colon-in-it-at-all", "a:b:0123456789abcdef", "a:ä" + "x" * 20]
)
def test_a_secret_that_could_be_guessed_is_refused_without_repeating_it(secret: str) -> None:
    assert webhook_secret("") == ""
    assert webhook_secret("provider:0123456789abcdef") == "provider:0123456789abcdef"
    with pytest.raises(ImproperlyConfigured, match="20 letters") as refused:
        webhook_secret(secret)

    assert secret not in str(refused.value)
