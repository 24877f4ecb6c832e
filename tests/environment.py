"""What the settings see during tests: nothing of a developer's own .env, and a data folder that goes away.

A pytest plugin (pyproject.toml), because it has to be imported before Django's settings are.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

data_dir = tempfile.mkdtemp(prefix="byline-tests-")
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)

Path(data_dir, "static").mkdir()  # where WhiteNoise looks; the tests take static files from their sources

os.environ["ENV_FILE"] = ""
os.environ["DATA_DIR"] = data_dir
os.environ["SITE_URL"] = "http://localhost:8000"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread that also asks the database
for name in (
    "DEBUG",
    "SECRET_KEY",
    "EMAIL_URL",
    "EMAIL_FALLBACK_URL",
    "DKIM_KEY_FILE",
    "DKIM_SELECTOR",
    "DEFAULT_FROM_EMAIL",
    "REPLY_TO",
    "INBOUND_ADDRESS",
    "MAILBOX_URL",
    "WEBHOOK_SECRET",
    "NEWSLETTER_DELAY",
    "MAIL_CONNECTIONS",
    "MAIL_PER_HOUR",
    "MAIL_PER_DOMAIN_PER_HOUR",
    "TASKS_URL",
    "AKISMET_KEY",
):
    os.environ.pop(name, None)
