"""Values that the settings derive from the environment: read once, loud when wrong."""

import importlib.util
import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """django-environ's reader, which says in a sentence what it cannot read."""

    def get_value(self, var: str, cast: Any = None, **options: Any) -> Any:
        given = self.ENVIRON.get(var, "")
        if cast is bool and given and given.lower() not in {*self.BOOLEAN_TRUE_STRINGS, *FALSE}:
            raise ImproperlyConfigured(f"{var} is {given!r}. Write on or off.")
        try:
            return super().get_value(var, cast=cast, **options)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} is {given!r}. Write a whole number.") from error


FALSE = {"off", "false", "no", "n", "0", "f"}


def at_least(least: int, name: str, number: int) -> int:
    """Return the number. Raises ImproperlyConfigured if it is smaller than `least`."""
    if number < least:
        raise ImproperlyConfigured(f"{name} is {number}. Write {least} or more.")
    return number


def time_zone(name: str) -> str:
    """Return the name of a time zone. Raises ImproperlyConfigured for one that nobody knows."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ImproperlyConfigured(f"TIME_ZONE is {name!r}. Write a name such as Europe/Zurich.") from error
    return name


def theme_folder(name: str, places: list[Path]) -> Path:
    """Return the folder of the theme with this name, from the first of `places` that has one.

    Raises ImproperlyConfigured, naming those that there are, where none has: a folder is a theme if it holds theme.css.
    """
    found = {
        sheet.parent.name: sheet.parent for place in reversed(places) for sheet in sorted(place.glob("*/theme.css"))
    }
    if name not in found:
        raise ImproperlyConfigured(
            f"THEME is {name!r}. Write one of {', '.join(sorted(found))}, or put your own into {places[0] / 'NAME'}."
        )
    return found[name]


def database_url(url: str) -> str:
    """Return DATABASE_URL. Raises ImproperlyConfigured unless it names one of the two databases."""
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {url.partition(':')[0]!r}. "
            "Use sqlite:////absolute/path.sqlite3 or postgres://user:password@host/name."
        )
    return url


def kept_secret(path: Path) -> str:
    """Return the secret in the file at `path`, making it (mode 600) when there is none.

    Two processes that start together agree: the file appears whole, under its final name, exactly once.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # the other process was first; its secret holds
        finally:
            draft.unlink()
    return path.read_text().strip()


ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/?")


def site_address(url: str) -> SplitResult:
    """Check SITE_URL and return its parts.

    Raises ImproperlyConfigured unless it is an http(s) origin: scheme and host, a port if need be, no path.
    """
    if not ORIGIN.fullmatch(url):
        raise ImproperlyConfigured(
            f"SITE_URL is {url!r}. Give the address readers use, in small letters and with no path: https://example.org"
        )
    return urlsplit(url)


def is_local(hostname: str) -> bool:
    """Say whether a host name means this machine only."""
    if hostname == "localhost" or hostname.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(hostname).is_loopback
    except ValueError:
        return False


def refuse_unsafe(*, debug: bool, site: SplitResult, secret_key: str) -> None:
    """Raise ImproperlyConfigured for a combination that would put readers or staff at risk."""
    local = is_local(site.hostname or "")
    if debug and not local:
        raise ImproperlyConfigured(
            f"DEBUG is on while SITE_URL ({site.geturl()}) is a public address: error pages would show secrets. "
            "Remove DEBUG from the environment or .env."
        )
    if site.scheme == "http" and not local:
        raise ImproperlyConfigured(
            f"SITE_URL is {site.geturl()}: sign-in cookies would travel in the open. Use https://."
        )
    if len(secret_key) < 50 or len(set(secret_key)) < 5:
        raise ImproperlyConfigured(
            "SECRET_KEY is too short to sign anything with. Leave it unset (one is made and kept in DATA_DIR) "
            "or give at least 50 random characters."
        )


def mail_domain(hostname: str) -> str:
    """Return the domain for mail addresses and identifiers: the site's own, `localhost` on this machine."""
    return "localhost" if is_local(hostname) else hostname


# 64 octets are all there is (RFC 5321); a +, a letter, a number of up to 19 digits, a - and a mark of 26 take 48.
LONGEST_INBOUND_NAME = 16
INBOUND = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_INBOUND_NAME - 1}}}@[a-z0-9.-]+")


def inbound_address(address: str) -> str:
    """Return INBOUND_ADDRESS, or nothing. Raises ImproperlyConfigured for one that nothing can be put behind."""
    if address and not INBOUND.fullmatch(address):
        raise ImproperlyConfigured(
            f"INBOUND_ADDRESS is {address!r}. Give an address in small letters without a +, with at most "
            f"{LONGEST_INBOUND_NAME} characters before the @: list@example.org"
        )
    return address


def mailbox_url(url: str, inbound: str) -> str:
    """Return MAILBOX_URL, or nothing.

    Raises ImproperlyConfigured for what is no mailbox, for a password that would travel in the open, and where no
    INBOUND_ADDRESS says which mails are looked for.
    """
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018  reading it is the check
    except ValueError as error:
        raise ImproperlyConfigured("MAILBOX_URL has a port that is not a number.") from error
    if parts.scheme == "imap" and not is_local(host):
        raise ImproperlyConfigured("MAILBOX_URL would send its password in the open. Use imaps://.")
    folder = parts.scheme == "maildir" and not host and parts.path.startswith("/")
    if not folder and not (parts.scheme in {"imap", "imaps"} and host and parts.username):
        raise ImproperlyConfigured(
            f"MAILBOX_URL starts with {parts.scheme!r}. Use imaps://user:password@host/INBOX or maildir:///folder."
        )
    if not inbound:
        raise ImproperlyConfigured("MAILBOX_URL needs INBOUND_ADDRESS, the address whose mail lies in that mailbox.")
    return url


def mail_provider(email_url: str) -> str:
    """Return the provider in an EMAIL_URL that starts with anymail+, by anymail's name for it; nothing for others."""
    scheme, _colon, _rest = email_url.partition(":")
    return scheme.removeprefix("anymail+") if scheme.startswith("anymail+") else ""


def webhook_secret(secret: str) -> str:
    """Return WEBHOOK_SECRET, or nothing. Raises ImproperlyConfigured for one that could be guessed, or not be given."""
    if secret and (len(secret) < 20 or secret.count(":") != 1 or not re.fullmatch(r"[\w.~:-]+", secret, re.ASCII)):
        raise ImproperlyConfigured(
            "WEBHOOK_SECRET has to look like name:password, with at least 20 letters and digits that nobody can guess."
        )
    return secret


DEFAULT_SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def default_smtp_port(email_url: str, name: str = "EMAIL_URL") -> int:
    """Return the port that EMAIL_URL means when it names none (RFC 6409, RFC 8314).

    Raises ImproperlyConfigured for a scheme that is not one of the three. `name` is the setting's.
    """
    scheme = urlsplit(email_url).scheme
    if scheme not in DEFAULT_SMTP_PORTS:
        raise ImproperlyConfigured(
            f"{name} starts with {scheme!r}. Use smtp+tls:// (STARTTLS), smtp+ssl:// or smtp://."
        )
    try:
        urlsplit(email_url).port  # noqa: B018  reading it is the check
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is not a number. Use smtp+tls://host:587.") from error
    return DEFAULT_SMTP_PORTS[scheme]


def task_backend(tasks_url: str) -> dict[str, object]:
    """Return the entry of Django's TASKS setting for TASKS_URL: `database`, or a Redis address.

    Raises ImproperlyConfigured for anything else, and where Redis is asked for but its package is missing.
    """
    if tasks_url == "database":
        return {"BACKEND": "django_tasks_db.DatabaseBackend"}
    if tasks_url.startswith(("redis://", "rediss://", "unix://")):
        try:
            import django_tasks_rq  # noqa: F401  only to see that it is there
        except ImportError as error:
            raise ImproperlyConfigured(
                "TASKS_URL asks for Redis; install its packages with `uv sync --extra redis`."
            ) from error
        return {"BACKEND": "django_tasks_rq.RQBackend", "QUEUES": ["default"]}
    raise ImproperlyConfigured(f"TASKS_URL is {tasks_url!r}. Use `database` or redis://host:port/number.")


def akismet_key(key: str) -> str:
    """Return AKISMET_KEY, empty for none.

    Raises ImproperlyConfigured for what cannot be a key, and where the package that asks Akismet is missing.
    """
    if not key:
        return ""
    if not re.fullmatch("[0-9A-Za-z]+", key):
        raise ImproperlyConfigured(
            "AKISMET_KEY is not a key: write its letters and digits and nothing else, or remove it to ask nobody."
        )
    if importlib.util.find_spec("akismet") is None:
        raise ImproperlyConfigured("AKISMET_KEY asks for Akismet; install its package with `uv sync --extra akismet`.")
    return key
