"""By which ways mails leave, and with whose signature: EMAIL_URL, EMAIL_FALLBACK_URL, DKIM_KEY_FILE."""

import importlib.util
import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import default_smtp_port

SMTP = "django.core.mail.backends.smtp.EmailBackend"
PATIENCE = 60  # seconds to wait for a mail server's answer, the one to the text aside
PROVIDER = re.compile(r"anymail\+(?P<name>[a-z_]+)")
SHORTEST_KEY = 1024  # bits (RFC 8301 section 3.2)
NO_BACKENDS = {"base", "base_requests", "console"}  # modules beside the providers'


class MailRoute(NamedTuple):
    """One way: a backend of Django's with its options, and what goes into ANYMAIL for it."""

    backend: str
    options: dict[str, Any]
    anymail: dict[str, str]


def mail_route(url: str, name: str = "EMAIL_URL") -> MailRoute:
    """Return the way that an address describes: a mail server, or `anymail+<provider>://?SETTING=value`.

    Raises ImproperlyConfigured, with what to write, for anything else and where django-anymail is missing. `name` is
    the setting's.
    """
    if url.startswith("anymail+"):
        return provider(url, name)
    usual_port = default_smtp_port(url, name)
    parts = urlsplit(url)
    options = {
        "host": parts.hostname or "localhost",
        "port": parts.port or usual_port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtp+ssl",
        "timeout": PATIENCE,
    }
    return MailRoute(SMTP, options, {})


def provider(url: str, name: str) -> MailRoute:
    """Return the way through a provider's own interface, by django-anymail."""
    if importlib.util.find_spec("anymail") is None:
        raise ImproperlyConfigured(
            f"{name} asks for a provider's interface; install its package with `uv sync --extra anymail`."
        )
    parts = urlsplit(url)
    found = PROVIDER.fullmatch(url.partition(":")[0])
    if found is None or found["name"] not in providers():
        raise ImproperlyConfigured(
            f"{name} names the provider {url.partition(':')[0].removeprefix('anymail+')!r}. "
            f"Use one of {', '.join(providers())}."
        )
    values = dict(parse_qsl(parts.query, keep_blank_values=True))
    if wrong := [key for key in values if not re.fullmatch("[A-Z][A-Z0-9_]*", key)]:
        raise ImproperlyConfigured(
            f"{name} gives {wrong[0]!r}. Write the names of anymail's settings in capitals: ?POSTMARK_SERVER_TOKEN=…"
        )
    return MailRoute(f"anymail.backends.{found['name']}.EmailBackend", {}, values)


def providers() -> list[str]:
    """Return the names of the providers that the installed django-anymail knows."""
    spec = importlib.util.find_spec("anymail.backends")
    folders = list(spec.submodule_search_locations or []) if spec else []
    names = {path.stem for folder in folders for path in Path(folder).glob("[a-z]*.py")}
    return sorted(names - NO_BACKENDS)


def merged(*routes: MailRoute | None) -> dict[str, str]:
    """Return ANYMAIL for all routes. Raises ImproperlyConfigured where two want different values for one setting."""
    values: dict[str, str] = {}
    for route in routes:
        for key, value in route.anymail.items() if route else ():
            if values.setdefault(key, value) != value:
                raise ImproperlyConfigured(
                    f"EMAIL_URL and EMAIL_FALLBACK_URL give different values for {key}; anymail knows only one."
                )
    return values


def dkim_key(file: str, selector: str) -> str:
    """Return the private key in the file DKIM_KEY_FILE names, as PEM; nothing where none is named.

    Raises ImproperlyConfigured for a file that cannot be read, for what is no RSA key, and without DKIM_SELECTOR.
    """
    if not file:
        return ""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", selector):
        raise ImproperlyConfigured(
            f"DKIM_SELECTOR is {selector!r}. With DKIM_KEY_FILE, give the name under which the public key stands in "
            "the DNS: the part before ._domainkey."
        )
    try:
        pem = Path(file).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"DKIM_KEY_FILE cannot be read: {error}") from error
    if not is_rsa(pem):
        raise ImproperlyConfigured(
            "DKIM_KEY_FILE holds no RSA private key in PEM. Make one: openssl genrsa -out dkim.pem 2048"
        )
    return pem


def is_rsa(pem: str) -> bool:
    """Say whether this is a private RSA key, in PKCS #1 or #8, that mails can be signed with.

    An Ed25519 key (RFC 8463) is none: the big receivers do not look at such signatures.
    """
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key  # 4 MB of memory: only for those who sign

    try:
        return bool(parse_pem_private_key(pem.encode())["modulus"].bit_length() >= SHORTEST_KEY)
    except (UnparsableKeyError, KeyError, IndexError, ValueError, TypeError):
        return False
