"""The tables of a run, as Markdown: ratios first, then what the machine was."""

import math
import os
import platform
import shlex
import statistics
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from bench import growth
from bench.site import ROOT

Row = dict[str, Any]
Found = dict[str, Any]

BYTES, VIEW, INSERT = "WSGI, the post's bytes", "Django, constant", "Django, one insert"
WRITE = {INSERT, "comment", "subscription"}
HEADS = "| | requests/s | p50 ms | p99 ms | CPU ms | queries | × same bytes | × Django | split |"
MOST_MEMORY = 90  # MB of a worker, idle
MOST_GROWTH = 1.5
MOST_QUERIES, MOST_CPU = 10, 25  # of a post's page that is made anew; CPU in ms


class Budget(NamedTuple):
    """At least so many times as many requests as a yardstick."""

    what: str
    row: str
    yardstick: str
    least: float


BUDGETS = [
    Budget("post, warm, × WSGI returning the same bytes", "post", BYTES, 0.5),
    Budget("post, warm, × a Django view returning a constant", "post", VIEW, 1.0),
    Budget("comment, × a Django view making one insert", "comment", INSERT, 0.3),
]


def write(runs: list[Found], grown: list[Found], facts: dict[str, str]) -> str:
    """Return the report of one run: the first database in full, the others' figures beside it."""
    lines = [f"# {' and '.join(run['database'] for run in runs or grown)}, {facts['date']}", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items() if name != "date"]
    if runs:
        lines += ["", "## Requests", "", *request_table(runs), "", *notes(runs)]
        lines += ["", "## Memory", "", *memory_table(runs)]
        lines += ["", "## Budgets", "", *budget_table(runs)]
    for found in grown:
        lines += ["", f"## Growth on {found['database']}", "", *growth.table(found), "", *growth_verdict(found)]
    return "\n".join(lines) + "\n"


def request_table(runs: list[Found]) -> list[str]:
    first, *others = runs
    beside = "".join(f" {other['database']}: requests/s | × same bytes | × Django |" for other in others)
    lines = [HEADS + beside, "|---|" + "---:|" * 7 + "---|" + "---:|" * 3 * len(others)]
    for name, row in first["rows"].items():
        queries = "" if row["queries"] is None else row["queries"]
        cells = [name + failures(row), rate(row), *times(row), queries, *ratios(first, name), split(row)]
        for other in others:
            cells += [rate(other["rows"][name]), *ratios(other, name)] if name in other["rows"] else ["", "", ""]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def median(row: Row, what: str) -> float:
    return float(statistics.median(sample[what] for sample in row["samples"]))


def rate(row: Row) -> str:
    return f"{median(row, 'rate'):,.0f}"


def times(row: Row) -> list[str]:
    return [f"{median(row, 'p50'):.1f}", f"{median(row, 'p99'):.1f}", f"{median(row, 'cpu'):.3f}"]


def ratio(run: Found, name: str, yardstick: str) -> float:
    """Compare each round with its neighbour, as what disturbs the machine disturbs both; the median counts."""
    pairs = zip(run["rows"][name]["samples"], run["rows"][yardstick]["samples"], strict=True)
    return statistics.median(one["rate"] / other["rate"] if other["rate"] else math.inf for one, other in pairs)


def ratios(run: Found, name: str) -> list[str]:
    if name in WRITE:
        return ["", f"{ratio(run, name, INSERT):.2f}"]
    return [f"{ratio(run, name, BYTES):.2f}", f"{ratio(run, name, VIEW):.2f}"]


def split(row: Row) -> str:
    """Each worker's share of the processor time, the busiest first: of the round that was shared out worst."""
    worst = max((sample["split"] for sample in row["samples"]), default=[])
    return " / ".join(f"{share:.0%}" for share in worst)


def failures(row: Row) -> str:
    failed = sum(sample["failed"] for sample in row["samples"])
    return f" (**{failed:,} failed**)" if failed else ""


def notes(runs: list[Found]) -> list[str]:
    said = []
    for run in runs:
        readers = [
            f"{name}: {median(row, 'reader_p50'):.1f} ms"
            for name, row in run["rows"].items()
            if row["samples"][0]["reader_p50"] is not None
        ]
        said.append(f"{run['database']}: a page read meanwhile took, p50: {', '.join(readers)}.")
    return [f"The post's page has {runs[0]['page_bytes']:,} bytes as browsers ask for it.", *said]


def memory_table(runs: list[Found]) -> list[str]:
    lines = ["| MB | PSS idle | RSS idle | PSS after | RSS after |", "|---|---:|---:|---:|---:|"]
    for run in runs:
        for name, idle in run["idle"].items():
            numbers = " | ".join(f"{number:.0f}" for number in [*idle, *run["after"][name]])
            lines.append(f"| {run['database']}: {name} | {numbers} |")
    return lines


def budget_table(runs: list[Found]) -> list[str]:
    lines = ["| Budget | | " + " | ".join(run["database"] for run in runs) + " |", "|---|---:|" + "---:|" * len(runs)]
    for budget in BUDGETS:
        held = [kept(value := ratio(run, budget.row, budget.yardstick), value >= budget.least) for run in runs]
        lines.append(f"| {budget.what} | ≥ {budget.least} | {' | '.join(held)} |")
    most: list[tuple[str, float, list[float]]] = [
        ("post, cold: queries", MOST_QUERIES, [run["rows"]["post, cold"]["queries"] for run in runs]),
        ("post, cold: ms of CPU", MOST_CPU, [median(run["rows"]["post, cold"], "cpu") for run in runs]),
        ("web worker, idle: MB (PSS)", MOST_MEMORY, [run["idle"]["web worker"][0] for run in runs]),
        ("queue worker, idle: MB (PSS)", MOST_MEMORY, [run["idle"]["queue worker"][0] for run in runs]),
    ]
    for what, limit, values in most:
        lines.append(f"| {what} | ≤ {limit} | {' | '.join(kept(value, value <= limit) for value in values)} |")
    return lines


def kept(value: float, holds: bool) -> str:
    shown = f"{value:.2f}" if isinstance(value, float) else str(value)
    return shown if holds else f"**{shown}, missed**"


def growth_verdict(found: Found) -> list[str]:
    """Say which pages grew more than they may, and which of those show more than they did.

    What is done to a thousand comments at once is no page, and has no budget.
    """
    first, last = found["pages"][0], found["pages"][-1]
    grew = {name: growth.growth_of(first[name], last[name]) for name in last if name in first}
    compared = [name for name in grew if last[name]["bytes"] is not None]
    over = {name: grew[name] for name in compared if grew[name] > MOST_GROWTH}
    longer = {name for name in over if growth.longer_by(first[name], last[name]) > MOST_GROWTH}
    lines = [f"{len(compared) - len(over)} of {len(compared)} pages grew no more than {MOST_GROWTH} ×."]
    for what, names in (
        ("Missed", over.keys() - longer),
        (f"Missed, on a page more than {MOST_GROWTH} × as long", longer),
    ):
        ordered = sorted(names, key=lambda name: -over[name])
        lines += ["", f"{what}: {', '.join(f'{name} {over[name]:.2f}' for name in ordered)}."] if ordered else []
    others = [f"{name} {by:.2f}" for name, by in grew.items() if name not in compared]
    return [*lines, "", f"No pages, and under no budget: {', '.join(others)}."] if others else lines


def machine_facts(command: list[str], date: str) -> dict[str, str]:
    """What the numbers depend on. The load says what else the machine was doing when the run began."""
    said = ["git", "describe", "--always", "--dirty"]
    packages = ("django", "granian", "whitenoise", "psycopg")
    return {
        "date": date,
        "command": shlex.join(command),
        "commit": subprocess.run(said, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        or "unknown",
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": memory_size(),
        "kernel": f"{platform.system()} {platform.release()}",
        "load when it began": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "versions": f"Python {platform.python_version()}, "
        + ", ".join(f"{package} {version(package)}" for package in packages),
    }


def processor() -> str:
    names = [line.split(":")[1].strip() for line in read("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory_size() -> str:
    return f"{int(read('/proc/meminfo')[0].split()[1]) / 1024 / 1024:.1f} GB"


def read(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
