"""The house rules that a machine can hold."""

import ast
import re
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
APPS = ["config", "operations", "comments", "subscribers", "blog", "accounts"]
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))

MOST_LINES = {"module": 400, "view": 25, "template": 80}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_point_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("logging.config.dictConfig", lambda _config: None)  # it would silence every logger there is

    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_fits_its_budget(path: Path) -> None:
    assert len(path.read_text().splitlines()) < MOST_LINES["module"]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_fits_its_budget(path: Path) -> None:
    assert len(path.read_text().splitlines()) < MOST_LINES["template"]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_view_fits_on_a_screen(path: Path) -> None:
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    views = [node for node in functions if "request" in {argument.arg for argument in node.args.args[:2]}]

    assert [node.name for node in views if (node.end_lineno or 0) - node.lineno >= MOST_LINES["view"]] == []


def test_mark_safe_has_one_place_at_most() -> None:
    assert sum(path.read_text().count("mark_safe(") for path in MODULES) <= 1


def test_only_sanitised_html_is_shown_as_it_is() -> None:
    shown = {match for path in TEMPLATES for match in re.findall(r"([\w.]+)\|safe", path.read_text())}

    assert shown
    assert all(variable.endswith("_html") for variable in shown)


def test_times_for_machines_are_written_by_one_filter() -> None:
    """Django's own `date:"c"` has six digits of a second, which HTML does not allow in `<time datetime>`."""
    assert [name(path) for path in TEMPLATES if re.search(r"date:[\"']c[\"']", path.read_text())] == []


def test_autoescaping_is_off_in_plain_text_only() -> None:
    off = [path.suffix for path in TEMPLATES if "autoescape off" in path.read_text()]

    assert set(off) == {".txt"}


def test_nobody_builds_an_address_from_a_request() -> None:
    assert [name(path) for path in MODULES if "build_absolute_uri" in path.read_text()] == []


def test_there_are_no_signal_receivers() -> None:
    assert [name(path) for path in MODULES if re.search(r"@receiver|post_save|(?<!\.)pre_save", path.read_text())] == []


def test_nothing_comes_from_another_host() -> None:
    foreign = re.compile(r"""(src|href)=["']https?://|url\(["']?https?://""")
    files = [*TEMPLATES, *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]

    assert [name(path) for path in files if foreign.search(path.read_text())] == []


def test_the_pages_module_imports_nothing() -> None:
    assert not re.search(r"^\s*import\b", (ROOT / "static/js/byline.js").read_text(), re.MULTILINE)
