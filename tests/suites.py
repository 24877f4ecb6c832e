"""What other people test with: fetched when the development environment is made (Makefile, tests/suites.txt)."""

import hashlib
import os
import sys
import tarfile
from pathlib import Path

import pytest

SUITES = Path(sys.prefix) / "suites"


def from_npm(package: str, digest: str) -> Path:
    """Unpack a package of npm's, named with its version (`axe-core-4.14.1`), and return the folder of its files.

    Skips the test where npm was missing; with CI=true that is a failure, as is an archive with another SHA-256.
    """
    archive = SUITES / f"{package}.tgz"
    if not archive.exists() and not os.environ.get("CI"):
        pytest.skip(f"npm was missing when .venv was made, so {package} is not there.")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == digest, f"{archive} is not what it was"
    folder = SUITES / f"{package}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"  # processes unpack side by side
    if not folder.exists():
        with tarfile.open(archive) as source:
            source.extractall(folder, filter="data")
    return folder / "package"
