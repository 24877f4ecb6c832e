"""The ways by which mails leave, read from their settings."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.mail import SMTP, dkim_key, mail_route, merged, providers


def test_a_mail_server_with_a_name_and_a_password_of_any_signs() -> None:
    route = mail_route("smtp+tls://kim%40example.org:pa%3Ass%2Fword@mail.example.org")

    assert route.backend == SMTP
    assert route.options == {
        "host": "mail.example.org",
        "port": 587,
        "username": "kim@example.org",
        "password": "pa:ss/word",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 60,
    }


@pytest.mark.parametrize("name", ["postmark", "mailgun", "amazon_ses", "brevo", "test"])
def test_a_provider_by_its_name(name: str) -> None:
    route = mail_route(f"anymail+{name}://?SOME_TOKEN=a%26b%3D&OTHER=")

    assert route.backend == f"anymail.backends.{name}.EmailBackend"
    assert route.anymail == {"SOME_TOKEN": "a&b=", "OTHER": ""}
    assert name in providers()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("anymail+nobody://?KEY=x", "Use one of amazon_ses, brevo"),
        ("anymail+base://", "names the provider 'base'"),
        ("anymail+../../x://", "names the provider"),
        ("anymail+://", "names the provider ''"),
        ("anymail+postmark://?postmark_server_token=x", "in capitals"),
        ("gopher://a.example", "EMAIL_FALLBACK_URL starts with 'gopher'"),
        ("smtp://a.example:x", "EMAIL_FALLBACK_URL has a port"),
    ],
)
def test_what_is_no_way_is_refused_with_what_is(url: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        mail_route(url, "EMAIL_FALLBACK_URL")

    assert said in str(refused.value)


def test_without_its_package_a_provider_is_refused_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match="uv sync --extra anymail"):
        mail_route("anymail+postmark://")


def test_two_ways_share_anymails_settings_unless_they_disagree() -> None:
    one, other = (mail_route(f"anymail+{name}://?{name.upper()}_KEY=x&BOTH=1") for name in ("postmark", "brevo"))
    assert merged(one, None, other) == {"POSTMARK_KEY": "x", "BREVO_KEY": "x", "BOTH": "1"}

    with pytest.raises(ImproperlyConfigured, match="different values for BOTH"):
        merged(one, mail_route("anymail+brevo://?BOTH=2"))


ED25519 = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
-----END PRIVATE KEY-----
"""


@pytest.mark.parametrize("content", ["", "words", ED25519, ED25519[:60], "-----BEGIN RSA PRIVATE KEY-----\n"])
def test_what_is_no_rsa_key_is_refused_with_how_to_make_one(tmp_path: Path, content: str) -> None:
    file = tmp_path / "dkim.pem"
    file.write_text(content)

    with pytest.raises(ImproperlyConfigured, match="openssl genrsa"):
        dkim_key(str(file), "post")


def test_a_key_that_cannot_be_read_or_has_no_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        dkim_key(str(tmp_path / "nowhere.pem"), "post")
    with pytest.raises(ImproperlyConfigured, match="DKIM_SELECTOR"):
        dkim_key("dkim.pem", "")
    assert dkim_key("", "") == ""
