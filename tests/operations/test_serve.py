"""What `serve` asks for before it starts. That it then serves is held by test_processes.py."""

import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_port(settings: Any) -> None:
    settings.PORT = free_port()


def test_serve_asks_for_collectstatic_where_the_static_files_are_missing(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"

    with pytest.raises(CommandError, match=r"manage\.py collectstatic"):
        call_command("serve")


@pytest.mark.parametrize(("listening", "asked"), [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "0.0.0.0")])
def test_serve_names_another_port_where_its_own_is_taken(settings: Any, listening: str, asked: str) -> None:
    with socket.socket() as other:
        other.bind((listening, settings.PORT))
        other.listen()

        with pytest.raises(CommandError, match=f"Port {settings.PORT} is taken.* PORT={settings.PORT + 1} make run"):
            call_command("serve", address=asked)
