"""The real settings, each time in a process of their own: what they refuse, and what follows from SITE_URL."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json
from config import settings
LAZY = {"MARKDOWNX_URLS_PATH", "MARKDOWNX_UPLOAD_URLS_PATH"}  # addresses, which only a whole site knows
chosen = {name: value for name, value in vars(settings).items() if name.isupper() and name not in LAZY}
print(json.dumps(chosen, default=str))
"""


def load(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(folder / "var"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def values(folder: Path, **environment: str) -> dict[str, Any]:
    loaded = load(folder, **environment)
    assert loaded.returncode == 0, loaded.stderr
    return dict(json.loads(loaded.stdout))


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DEBUG": "on", "SITE_URL": "https://example.org"}, "Remove DEBUG from the environment or .env."),
        ({"SITE_URL": "http://example.org"}, "Use https://."),
        ({"SITE_URL": "example.org"}, "Give the address readers use"),
        ({"SECRET_KEY": "short"}, "Leave it unset"),
        ({"EMAIL_URL": "gopher://mail.example.org"}, "Use smtp+tls:// (STARTTLS), smtp+ssl:// or smtp://."),
        ({"EMAIL_URL": "consolemail://"}, "Use smtp+tls:// (STARTTLS), smtp+ssl:// or smtp://."),
        ({"EMAIL_URL": "smtp://mail.example.org:x"}, "Use smtp+tls://host:587."),
        ({"PORT": "abc"}, "PORT is 'abc'. Write a whole number."),
        ({"DEBUG": "maybe"}, "Write on or off."),
        ({"NEWSLETTER_DELAY": "-4"}, "Write 0 or more."),
        ({"WEB_WORKERS": "0"}, "Write 1 or more."),
        ({"THEME": "purple"}, "Write one of broadside, rose, or put your own into"),
        ({"THEME": "../rose"}, "THEME is '../rose'."),
        ({"TIME_ZONE": "Mars"}, "Write a name such as Europe/Zurich."),
        ({"DATABASE_URL": "mysql://localhost/x"}, "postgres://user:password@host/name"),
        ({"TASKS_URL": "kafka://localhost"}, "Use `database` or redis://host:port/number."),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_wrong_setting_stops_the_start_with_what_to_write(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    refused = load(tmp_path, **environment)

    assert refused.returncode != 0
    last_line = refused.stderr.strip().splitlines()[-1]
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert said in last_line


def test_a_theme_of_ones_own_is_found_in_the_data_folder_and_comes_before_a_shipped_one(tmp_path: Path) -> None:
    for name in ("own", "rose"):
        (tmp_path / "var/themes" / name).mkdir(parents=True)
        (tmp_path / "var/themes" / name / "theme.css").write_text(":root { --paper: #ffffff; }")

    for name in ("own", "rose"):
        settings = values(tmp_path, THEME=name)
        assert settings["THEME_DIR"] == str(tmp_path / "var/themes" / name)
        assert settings["TEMPLATES"][0]["DIRS"][0] == str(tmp_path / "var/themes" / name / "templates")


def test_without_any_setting_it_is_a_site_on_this_machine(tmp_path: Path) -> None:
    settings = values(tmp_path)

    assert settings["SITE_URL"] == "http://127.0.0.1:8000"
    assert settings["DEBUG"] is False
    assert set(settings["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost", "[::1]"}
    assert settings["EMAIL_BACKEND"] == "operations.outbox.OutboxBackend"
    assert settings["DEFAULT_FROM_EMAIL"] == "byline@localhost"
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "var" / "byline.sqlite3")


def test_the_made_key_is_kept(tmp_path: Path) -> None:
    first, second = values(tmp_path)["SECRET_KEY"], values(tmp_path)["SECRET_KEY"]

    assert first == second == (tmp_path / "var" / "secret_key").read_text()
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_hosts_cookies_and_mails_follow_from_the_address(tmp_path: Path) -> None:
    settings = values(tmp_path, SITE_URL="https://blog.example.org/")

    assert settings["SITE_URL"] == "https://blog.example.org"
    assert settings["ALLOWED_HOSTS"] == ["blog.example.org"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://blog.example.org"]
    assert settings["DEFAULT_FROM_EMAIL"] == "byline@blog.example.org"
    secure = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
    assert all(settings[name] for name in secure)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp+tls://kim:secret@mail.example.org", 587, True, False),
        ("smtp+ssl://kim:secret@mail.example.org", 465, False, True),
        ("smtp://mail.example.org", 25, False, False),
        ("smtp+tls://mail.example.org:2525", 2525, True, False),
    ],
)
def test_a_mail_server_is_one_address(tmp_path: Path, url: str, port: int, tls: bool, ssl: bool) -> None:
    settings = values(tmp_path, EMAIL_URL=url)

    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert settings["EMAIL_PORT"] == port
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (tls, ssl)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("PORT=9000\nNEWSLETTER_DELAY=3\n")

    settings = values(tmp_path, ENV_FILE=str(file), PORT="9001")

    assert settings["SITE_URL"] == "http://127.0.0.1:9001"
    assert settings["NEWSLETTER_DELAY"] == 3
