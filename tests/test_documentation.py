"""What an operator can set, run or visit is written down."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = sorted(
    set(re.findall(r"env\.(?:str|bool|int|list)\(\s*\"(\w+)\"", (ROOT / "config/settings.py").read_text()))
)
OUR_APPS = {"operations", "comments", "subscribers", "blog", "accounts"}
COMMANDS = sorted(command for command, app in get_commands().items() if app in OUR_APPS)
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)


def all_docs() -> str:
    files = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    return "\n".join(file.read_text() for file in files)


def test_settings_were_found() -> None:
    assert {"SITE_URL", "DATABASE_URL", "NEWSLETTER_DELAY"} <= set(SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in (ROOT / "docs/settings.md").read_text()
    assert re.search(rf"^#{setting}=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def test_no_setting_is_documented_that_is_not_there() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)

    assert sorted(documented) == SETTINGS


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_documented(command: str) -> None:
    assert f"`{command}" in all_docs() or f"manage.py {command}" in all_docs()


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_is_documented(target: str) -> None:
    assert f"make {target}" in all_docs()


@pytest.mark.parametrize(
    "address",
    sorted(
        re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(entry.pattern))
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLPattern) and str(entry.pattern)
    ),
)
def test_an_address_is_documented(address: str) -> None:
    assert f"`/{address}`" in (ROOT / "docs/addresses.md").read_text()


@pytest.mark.parametrize(
    "file", sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]), ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(file: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|/)([^)#]+)", file.read_text())

    assert [target for target in targets if not (file.parent / target).exists()] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))

    assert numbers == list(range(1, len(numbers) + 1))
