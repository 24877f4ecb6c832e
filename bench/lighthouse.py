"""What Lighthouse says of the front page and of a post: `make lighthouse`. Exits with 1 if a score is below 100.

Serves the demo as in production, on a port and from a data folder of its own, and asks Lighthouse several times for a
phone and for a desktop: a score of performance depends on what else the machine does, so the median counts. Needs
node 18 or newer with npx, and Chromium; npx fetches Lighthouse from npm at the first run.
"""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

LIGHTHOUSE = "lighthouse@12.2.3"
RUNS = 5
TRIES = 3  # of one run: now and then Chromium's trace lacks its beginning, and Lighthouse asks to be run again
PATIENCE = 300  # seconds until the site has to answer
PATHS = ("/", "/posts/five-things-about-micro-needling/")
PRESETS = {"phone": [], "desktop": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def demo_site() -> Iterator[str]:
    """Serve the demo with DEBUG off; yield its address."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = {**os.environ, "ENV_FILE": "", "DEBUG": "off", "DATA_DIR": folder, "PORT": str(port)}
        command = [sys.executable, "manage.py", "serve", "--prepare"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(f"http://127.0.0.1:{port}/healthz", server)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.send_signal(signal.SIGINT)


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The site did not start.")


def scores(address: str, options: list[str], report: Path) -> dict[str, int]:
    """Return what one run of Lighthouse gives, of 100."""
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    command = ["npx", "--yes", LIGHTHOUSE, address, *options, "--quiet", flags, "--output=json"]
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    for tries_left in reversed(range(TRIES)):
        done = subprocess.run([*command, f"--output-path={report}"], env=environment, check=not tries_left)
        if done.returncode == 0:
            break
    given = json.loads(report.read_text())["categories"]
    return {name: round(100 * given[name]["score"]) for name in CATEGORIES}


def main() -> None:
    if not (CHROMIUM and shutil.which("npx")):
        sys.exit("Lighthouse needs npx and Chromium: apt-get install npm chromium")
    worst = 100
    print(f"{LIGHTHOUSE}, median of {RUNS} runs")
    with demo_site() as site, tempfile.TemporaryDirectory() as folder:
        for path in PATHS:
            for preset, options in PRESETS.items():
                runs = [scores(site + path, options, Path(folder, "report.json")) for _ in range(RUNS)]
                medians = {name: round(statistics.median(run[name] for run in runs)) for name in CATEGORIES}
                worst = min(worst, *medians.values())
                print(f"{path:44} {preset:8}", *(f"{name} {score}" for name, score in medians.items()), sep="  ")
    sys.exit(worst < 100)


if __name__ == "__main__":
    main()
