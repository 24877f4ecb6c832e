import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management.base import OutputWrapper
from django.test import override_settings

from blog.models import Post
from operations import preparing
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_static_root(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]


def test_an_empty_database_gets_the_demo_and_one_account(capsys: pytest.CaptureFixture[str]) -> None:
    preparing.prepare(OutputWrapper(sys.stdout))

    said = capsys.readouterr().out
    password = said.split("with the password ")[1].split()[0]
    user = authenticate(username="admin", password=password)
    assert user is not None
    assert user.is_superuser
    assert Post.objects.listed().exists()


def test_a_database_in_use_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    make_staff()

    preparing.prepare(OutputWrapper(sys.stdout))

    assert "password" not in capsys.readouterr().out
    assert not Post.objects.exists()


def test_static_files_are_collected_only_when_they_have_changed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")

    with override_settings(STATICFILES_DIRS=[source]):
        assert preparing.collect_static()
        assert not preparing.collect_static()
        (source / "b.css").write_text("b {}")
        assert preparing.collect_static()

    assert (tmp_path / "static" / "b.css").exists()
