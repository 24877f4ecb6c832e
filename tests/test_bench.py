"""`make bench` reads what wrk says, and writes what it found. What it finds is nobody's test."""

import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as program
from bench import bare, load, report
from bench.processes import Server, cpu_seconds, memory

WRK_SAID = """Running 2s test @ http://127.0.0.1:8000/posts/a-post/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.49ms  598.41us   8.87ms   87.50%
    Req/Sec    21.52k     1.03k   22.84k    90.99%
  Latency Distribution
     50%  812.00us
     75%    1.64ms
     90%    2.02ms
     99%    1.02s
  4000 requests in 2.00s, 40.52MB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 4
Requests/sec:  2000.50
Transfer/sec:     20.26MB
"""


def sample(rate: float, **values: Any) -> dict[str, Any]:
    defaults = {"p50": 1.0, "p99": 2.5, "cpu": 0.05, "split": [0.6, 0.4], "failed": 0, "reader_p50": None}
    return {"rate": rate, **defaults, **values}


def run(database: str = "SQLite", **rates: list[float]) -> dict[str, Any]:
    """What three rounds found."""
    found = {
        report.BYTES: [40_000, 30_000, 50_000],
        report.VIEW: [10_000, 10_000, 10_000],
        "post": [22_000, 18_000, 24_000],
        "post, cold": [50, 50, 50],
        **rates,
    }
    written = {report.INSERT: [2000, 1000, 2000], "comment": [500, 400, 500], "subscription": [600, 600, 600]}
    rows = {name: {"queries": None, "samples": [sample(rate) for rate in rounds]} for name, rounds in found.items()}
    for name, rounds in written.items():
        rows[name] = {"queries": 49, "samples": [sample(rate, reader_p50=3.0) for rate in rounds]}
    rows["post, cold"]["queries"] = 9
    idle = {"web worker": [50.0, 80.0], "queue worker": [95.0, 110.0]}
    return {"database": database, "rows": rows, "idle": idle, "after": idle, "page_bytes": 9000}


def cells(said: str, name: str) -> list[str]:
    line = next(line for line in said.splitlines() if line.startswith(f"| {name} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_what_wrk_says_is_read() -> None:
    found = load.sample_of(WRK_SAID, {1: 0.1, 2: 0.3, 3: 0.1}, [2, 3])

    assert found.rate == 2000.5
    assert (found.p50, found.p99) == (0.812, 1020)
    assert found.cpu == pytest.approx(0.125), "milliseconds of all processes, for each request"
    assert found.split == pytest.approx([0.75, 0.25])
    assert found.failed == 7


def test_a_word_of_wrk_that_is_missing_is_said() -> None:
    with pytest.raises(ValueError, match="did not say"):
        load.sample_of("", {}, [])


def test_the_table_has_medians_ratios_of_neighbours_and_the_split() -> None:
    said = report.write([run()], [], {"date": "2026-03-01", "processor": "one of its kind"})

    assert "- processor: one of its kind" in said
    row = ["post", "22,000", "1.0", "2.5", "0.050", "", "0.55", "2.20", "60% / 40%"]
    assert cells(said, "post") == row
    assert cells(said, "comment")[5:8] == ["49", "", "0.25"], "a form is compared with an insert"


def test_another_database_stands_beside_the_first() -> None:
    said = report.write([run(), run("PostgreSQL", post=[20_000, 15_000, 25_000])], [], {"date": "2026-03-01"})

    assert said.startswith("# SQLite and PostgreSQL, 2026-03-01")
    assert cells(said, "post")[-3:] == ["20,000", "0.50", "2.00"]


def test_a_budget_that_is_missed_stands_out() -> None:
    said = report.write([run()], [], {"date": "2026-03-01"})

    assert cells(said, "post, warm, × WSGI returning the same bytes") == [
        "post, warm, × WSGI returning the same bytes",
        "≥ 0.5",
        "0.55",
    ]
    assert cells(said, "comment, × a Django view making one insert")[-1] == "**0.25, missed**"
    assert cells(said, "queue worker, idle: MB (PSS)")[-1] == "**95.00, missed**"


def test_what_failed_is_not_hidden() -> None:
    found = run()
    found["rows"]["post"]["samples"][1]["failed"] = 12

    assert "| post (**12 failed**) |" in report.write([found], [], {"date": "2026-03-01"})


def page(times: list[float], size: int) -> dict[str, Any]:
    return {"times": times, "queries": 5, "bytes": size}


def test_growth_is_told_from_the_quietest_moments() -> None:
    pages = [{"home": page([2.0, 3.0], 4000)}, {"home": page([4.0, 2.2, 3.0], 4040)}]
    found = {"sizes": [1000, 100_000], "database": "SQLite", "pages": pages}

    said = report.write([], [found], {"date": "2026-03-01"})

    assert cells(said, "home") == ["home", "2.5", "3.0", "1.10", "1.01", "5"]
    assert "1 of 1 pages grew no more than 1.5 ×." in said
    assert "Missed" not in said


def test_a_page_that_grew_by_what_it_shows_is_told_from_one_that_did_not() -> None:
    small = {"home": page([2.0], 4000), "search": page([2.0], 4000), "a month": page([2.0], 1000)}
    large = {"home": page([2.0], 4000), "search": page([4.0], 5000), "a month": page([5.0], 3000)}
    found = {"sizes": [1000, 100_000], "database": "SQLite", "pages": [small, large]}

    said = report.write([], [found], {"date": "2026-03-01"})

    assert "1 of 3 pages grew no more than 1.5 ×." in said
    assert "Missed: search 2.00." in said
    assert "Missed, on a page more than 1.5 × as long: a month 2.50." in said


def test_what_is_no_page_is_told_and_has_no_budget() -> None:
    many = {"queries": None, "bytes": None}
    small = {"home": page([2.0], 4000), "approving 1,000": {"times": [50.0], **many}}
    large = {"home": page([2.0], 4000), "approving 1,000": {"times": [90.0], **many}}
    found = {"sizes": [1000, 100_000], "database": "SQLite", "pages": [small, large]}

    said = report.write([], [found], {"date": "2026-03-01"})

    assert "1 of 1 pages grew no more than 1.5 ×." in said
    assert "No pages, and under no budget: approving 1,000 1.80." in said


def test_the_facts_name_machine_versions_and_command() -> None:
    facts = report.machine_facts(["python", "-m", "bench", "--quick"], "2026-03-01")

    assert facts["command"] == "python -m bench --quick"
    assert {"processor", "memory", "kernel", "commit", "versions"} <= set(facts)


def test_without_wrk_it_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("sys.argv", ["bench"])

    with pytest.raises(SystemExit, match="apt-get install wrk"):
        program.main()


def test_the_bare_function_returns_the_bytes_and_headers_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = [("Content-Encoding", "br"), ("Date", "today"), ("Content-Length", "2"), ("ETag", '"x"')]
    bare.keep_page(tmp_path, b"compressed", headers)
    monkeypatch.setenv("BENCH_PAGE", str(tmp_path))
    sent: list[Any] = []

    body = bare.page_application()({}, lambda status, headers: sent.extend([status, headers]))

    assert list(body) == [b"compressed"]
    assert sent == ["200 OK", [("Content-Encoding", "br"), ("ETag", '"x"'), ("Content-Length", "10")]]


def test_a_process_says_what_it_used() -> None:
    assert cpu_seconds(os.getpid()) > 0
    assert 0 < memory(os.getpid()).pss <= memory(os.getpid()).rss
    assert cpu_seconds(2**22 + 1) == 0, "one that is gone"


def test_a_page_that_did_not_change_with_what_was_written_counts_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = iter([b"one", b"two", b"two"])
    monkeypatch.setattr(load, "fetch", lambda *_arguments: load.Answer(200, [], next(pages)))
    server = Server(os.getpid(), 0)

    found = load.read_after_each_write(server, "/", 3, write=lambda _number: None)

    assert found.failed == 1


def test_answers_are_compared_by_what_was_compressed() -> None:
    packed = gzip.compress(b"a text", mtime=1), gzip.compress(b"a text", mtime=2)
    one, other = (load.Answer(200, [("content-encoding", "gzip")], body) for body in packed)

    assert one.body != other.body
    assert one.text() == other.text() == b"a text"
