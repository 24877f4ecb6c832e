"""What the settings see during tests: nothing of a developer's own .env, and a data folder that goes away.

A pytest plugin (pyproject.toml), because it has to be imported before Django's settings are.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

data_dir = tempfile.mkdtemp(prefix="byline-tests-")
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)

Path(data_dir, "static").mkdir()  # where WhiteNoise looks; the tests take static files from their sources

SET = {"ENV_FILE", "DATA_DIR", "SITE_URL", "DATABASE_URL"}
os.environ["ENV_FILE"] = ""
os.environ["DATA_DIR"] = data_dir
os.environ["SITE_URL"] = "http://localhost:8000"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread that also asks the database
# Everything else is as it is by default, whatever a developer's shell says; only the database is for whoever runs this.
example = Path(__file__).parent.parent / ".env.example"
for name in set(re.findall(r"^#([A-Z_]+)=", example.read_text(), re.MULTILINE)) - SET:
    os.environ.pop(name, None)
