import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from config.sqlite import FIRST_SAFE_VERSION
from operations import checks


def test_the_sqlite_in_use_is_a_safe_one() -> None:
    assert sqlite3.sqlite_version_info >= FIRST_SAFE_VERSION
    assert checks.check_sqlite() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_an_old_sqlite_is_warned_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))

    assert [message.id for message in checks.check_sqlite()] == ["byline.W001"]


def test_mails_that_reach_nobody_are_warned_about_in_production(settings: Any) -> None:
    settings.EMAIL_URL = ""
    assert [message.id for message in checks.check_mail()] == ["byline.W002"]

    settings.EMAIL_URL = "smtp+tls://mail.example.org"
    assert checks.check_mail() == []


def test_a_theme_with_colours_that_mails_cannot_have_is_refused(settings: Any, tmp_path: Path) -> None:
    assert checks.check_theme() == []

    (tmp_path / "theme.css").write_text(":root { --accent: oklch(50% 0.2 20); --line: #abcdef; }")
    settings.THEME_DIR = tmp_path
    assert [(message.id, "accent" in message.msg, "line" in message.msg) for message in checks.check_theme()] == [
        ("byline.E002", True, False)
    ]


@pytest.mark.parametrize(("proxies", "ids"), [(["10.0.0.0/8", "::1"], []), (["not an address"], ["byline.E001"])])
def test_trusted_proxies_are_addresses(settings: Any, proxies: list[str], ids: list[str]) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert [message.id for message in checks.check_trusted_proxies()] == ids
