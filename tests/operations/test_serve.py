"""What `serve` asks for before it starts. That it then serves is held by test_processes.py."""

import re
import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from operations import serving
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_port(settings: Any) -> None:
    settings.PORT = free_port()


def test_another_theme_is_served_once_it_is_set_and_nothing_else_is_done(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "serve", lambda address: None)
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATICFILES_FINDERS = ["blog.themes.ThemeFinder"]
    themes = sorted(sheet.parent for sheet in (settings.BASE_DIR / "themes").glob("*/theme.css"))

    for theme in [*themes, *themes]:
        settings.THEME_DIR = theme
        call_command("serve")

        for sheet in ("byline.css", "admin.css"):
            assert (
                re.search(r"--accent: .*;", (theme / "theme.css").read_text())[0]
                in (settings.STATIC_ROOT / "theme" / sheet).read_text()
            )


@pytest.mark.parametrize(("listening", "asked"), [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "0.0.0.0")])
def test_serve_names_another_port_where_its_own_is_taken(settings: Any, listening: str, asked: str) -> None:
    with socket.socket() as other:
        other.bind((listening, settings.PORT))
        other.listen()

        with pytest.raises(CommandError, match=f"Port {settings.PORT} is taken.* PORT={settings.PORT + 1} make run"):
            call_command("serve", address=asked)
