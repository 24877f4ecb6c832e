"""A million subscribers in and out again: how long it takes, and that memory stays flat.

    python -m bench.list [lines]

Writes a Mailchimp export of made-up people, brings it into an empty site twice, and takes it out again. Prints the time
and the peak memory of each command, for a tenth of the lines and for all of them.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.site import TemporarySite

LINES = 1_000_000
HEADER = (
    "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,"
    "LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
SEED = 5


def write_list(path: Path, lines: int) -> None:
    """Write so many members, the same ones every time: of 100, two were there before and one never confirmed."""
    chance = random.Random(SEED)
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        print(HEADER, file=file)
        for number in range(lines):
            kind = number % 100
            who = number - 50 if kind > 97 else number
            day = f"20{chance.randrange(12, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
            confirmed = "" if kind == 7 else f"{day} 10:05:00"
            network = f"198.51.{chance.randrange(256)}.{chance.randrange(256)}"
            print(
                f'reader{who}@example.org,Reader,2,"{day} 10:00:00",{network},"{confirmed}",{network},'
                f'"{day} 10:05:00",{number},{number:010x},,"""news"",""early"""',
                file=file,
            )


def measure(site: TemporarySite, name: str, *arguments: str) -> None:
    """Run a command and print its closing line, its time and the most memory it held."""
    before = time.perf_counter()
    ran = subprocess.Popen(site.command(*arguments), **site.options(), stdout=subprocess.PIPE)
    said, _nothing = ran.communicate()
    seconds = time.perf_counter() - before
    if ran.returncode:
        raise SystemExit(said)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{name}: {seconds:.0f} s, most memory of any command so far {megabytes:.0f} MB. {said.splitlines()[-1]}")


def run(lines: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site, path = TemporarySite(Path(folder)), Path(folder) / "subscribed.csv"
        write_list(path, lines)
        print(f"{lines:,} lines, {path.stat().st_size / 1e6:.0f} MB")
        site.run("migrate", "--verbosity", "0")
        measure(site, "dry run", "import_subscribers", str(path), "--dry-run")
        measure(site, "import", "import_subscribers", str(path))
        measure(site, "import again", "import_subscribers", str(path))
        measure(site, "export", "export_subscribers", str(Path(folder) / "out.csv"))


if __name__ == "__main__":
    most = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    run(most // 10)
    run(most)
