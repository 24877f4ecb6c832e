"""A site in a temporary folder, for benchmarks and soak tests."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class TemporarySite:
    """Runs manage.py on a data folder of its own, with nothing of a developer's settings."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(folder), **settings}

    def run(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed. Raises CalledProcessError if it failed."""
        return subprocess.run(self.command(*arguments), **self.options(), capture_output=True, check=True).stdout

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command and return its process."""
        return subprocess.Popen(self.command(*arguments), **self.options(), stdout=subprocess.DEVNULL)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def options(self) -> dict:
        return {"cwd": ROOT, "env": self.environment, "text": True}
