"""Tasks and cache on Redis, behind the same code: a real server, a real worker process."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.test_processes import PATIENCE, ROOT, wait_for
from tests.ports import free_port

REDIS = shutil.which("redis-server")

pytestmark = pytest.mark.skipif(
    REDIS is None and not os.environ.get("CI"), reason="REDIS IS MISSING: apt-get install redis-server"
)

ENQUEUE = """
from subscribers.tasks import send_notices
from django.core.cache import cache
cache.set("seen by", "another process")
send_notices.enqueue()
"""
COUNT_FINISHED = """
import django_rq
from django.core.cache import cache
print(cache.get("seen by"), "finished", django_rq.get_queue("default").finished_job_registry.count)
"""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site that is empty, with its tables."""
    folder = tmp_path_factory.mktemp("migrated")
    manage({"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(folder)}, "migrate", "-v0")
    return folder


@pytest.fixture
def environment(migrated: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a site whose tasks and cache are on a Redis of its own."""
    shutil.copytree(migrated, tmp_path / "var")
    assert REDIS
    port = free_port()
    command = [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        yield {
            "PATH": os.environ["PATH"],
            "ENV_FILE": "",
            "DATA_DIR": str(tmp_path / "var"),
            "TASKS_URL": f"redis://127.0.0.1:{port}/0",
            "CACHE_URL": f"redis://127.0.0.1:{port}/1",
        }
        server.terminate()


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_worker_runs_tasks_from_redis(environment: dict[str, str]) -> None:
    manage(environment, "shell", "-v0", "-c", ENQUEUE)

    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment)
    try:
        expected = "another process finished 1"
        wait_for(lambda: expected in manage(environment, "shell", "-v0", "-c", COUNT_FINISHED))
    finally:
        worker.terminate()
        assert worker.wait(PATIENCE) == 0


ASK = """
import json, logging
logging.disable(logging.CRITICAL)
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
from django.test import Client
from subscribers.models import Notice
from tests.factories import PASSWORD, make_post, make_staff
make_staff("ann"); make_post(slug="post")
client = Client(SERVER_NAME="localhost")
answers = [
    client.get("/posts/post/").status_code,
    client.post("/subscribe/", {"email": "reader@example.org"}).status_code,
    client.post("/posts/post/comments/", {"name": "Bob", "email": "bob@example.org", "body": "Well said."}).status_code,
    client.post("/admin/password/", {"email": "ann@example.org"}).status_code,
    client.post("/admin/login/", {"username": "ann", "password": PASSWORD}).status_code,
    Notice.objects.count(),
]
print(json.dumps(answers))
"""


def test_without_its_redis_a_site_does_all_that_it_did(environment: dict[str, str]) -> None:
    nowhere = free_port()
    environment["TASKS_URL"] = f"redis://127.0.0.1:{nowhere}/0"
    environment["CACHE_URL"] = f"redis://127.0.0.1:{nowhere}/1"

    answers = manage(environment, "shell", "-v0", "-c", ASK)

    assert json.loads(answers.splitlines()[-1]) == [200, 303, 303, 303, 302, 1]
