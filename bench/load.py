"""Requests, as many as a server takes, by wrk; and a few at a fixed pace, by a client of our own."""

import gzip
import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import brotli

from bench.processes import Server

WRK_IS_MISSING = "wrk is missing, which `make bench` loads servers with. Install it: apt-get install wrk"
SCRIPT = Path(__file__).with_name("requests.lua")
CONNECTIONS = 32
READS_PER_SECOND = 20
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept": "text/html,*/*;q=0.8"}


class Sample(NamedTuple):
    """What one run found. Times in milliseconds; `split` is each web worker's share of the processor time."""

    rate: float
    p50: float
    p99: float
    cpu: float
    split: list[float]
    failed: int
    reader_p50: float | None = None


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def text(self) -> bytes:
        """Return what was compressed: two answers with the same text may have been packed in different ways."""
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.header("Content-Encoding"), bytes)
        return unpack(self.body)


def fetch(
    port: int, path: str, headers: Mapping[str, str] | None = None, connection: http.client.HTTPConnection | None = None
) -> Answer:
    """Fetch one page, over a connection that is there if one is given."""
    line = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers=dict(headers or {}))
    response = line.getresponse()
    answer = Answer(response.status, response.getheaders(), response.read())
    if connection is None:
        line.close()
    return answer


def press(
    server: Server, path: str, seconds: int, headers: Mapping[str, str] | None = None, script: tuple[str, ...] = ()
) -> Sample:
    """Send as many requests as a server takes, and say what that cost it."""
    wrk = shutil.which("wrk")
    assert wrk
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    command += (["-s", str(SCRIPT)] if script else []) + [f"http://127.0.0.1:{server.port}{path}"]
    command += ["--", *script] if script else []
    before = server.used()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = server.used()
    server.wait_until_calm()
    return sample_of(said, {pid: after[pid] - used for pid, used in before.items()}, server.web_workers)


def sample_of(said: str, used: Mapping[int, float], workers: list[int]) -> Sample:
    """Read what wrk printed."""
    requests = int(found(r"(\d+) requests in", said))
    failed = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", said)))
    failed += int(found(r"Non-2xx or 3xx responses: (\d+)", said, "0"))
    failed += requests == 0  # nothing came back in all that time
    of_workers = [used[pid] for pid in workers]
    return Sample(
        rate=float(found(r"Requests/sec:\s+([\d.]+)", said)),
        p50=milliseconds(found(r"(?m)^\s+50%\s+(\S+)", said)),
        p99=milliseconds(found(r"(?m)^\s+99%\s+(\S+)", said)),
        cpu=sum(used.values()) * 1e3 / max(requests, 1),
        split=shares(of_workers),
        failed=failed,
    )


def found(pattern: str, said: str, otherwise: str | None = None) -> str:
    match = re.search(pattern, said)
    if match is None and otherwise is None:
        raise ValueError(f"wrk did not say {pattern!r}: {said}")
    return match[1] if match else str(otherwise)


def milliseconds(said: str) -> float:
    return float(found(r"^([\d.]+)[a-z]+$", said)) * UNITS[found(r"([a-z]+)$", said)]


def shares(parts: list[float]) -> list[float]:
    total = sum(parts)
    return sorted((part / total for part in parts), reverse=True) if total else []


@contextmanager
def repeating(seconds: float, act: Callable[[], object]) -> Iterator[list[float]]:
    """Do something at a fixed pace, in a thread, while the block lasts; give how many milliseconds each time took."""
    stopping, took = threading.Event(), list[float]()

    def repeat() -> None:
        due = time.perf_counter()
        while not stopping.wait(max(0, due - time.perf_counter())):
            began = time.perf_counter()
            act()
            took.append((time.perf_counter() - began) * 1e3)
            due = max(due + seconds, began)

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield took
    finally:
        stopping.set()
        thread.join()


def press_among_readers(server: Server, read: str, path: str, seconds: int, script: tuple[str, ...]) -> Sample:
    """Send as many forms as a server takes while somebody reads a page 20 times a second."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with repeating(1 / READS_PER_SECOND, lambda: fetch(server.port, read, BROWSER, line)) as took:
        sample = press(server, path, seconds, script=script)
    line.close()
    return sample._replace(reader_p50=statistics.median(took))


def read_after_each_write(server: Server, path: str, times: int, write: Callable[[int], object]) -> Sample:
    """Write, then read, one after the other, and time the reading alone. Every answer has to be another one."""
    line, took, stale, last = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30), list[float](), 0, b""
    before = server.used()
    for number in range(times):
        write(number)
        began = time.perf_counter()
        answer = fetch(server.port, path, BROWSER, line)
        took.append((time.perf_counter() - began) * 1e3)
        stale += answer.status != 200 or answer.text() == last
        last = answer.text()
    line.close()
    used = {pid: seconds - before[pid] for pid, seconds in server.used().items()}
    return Sample(
        rate=1e3 * times / sum(took),
        p50=statistics.median(took),
        p99=statistics.quantiles(took, n=100)[-1],
        cpu=sum(used.values()) * 1e3 / times,
        split=shares([used[pid] for pid in server.web_workers]),
        failed=stale,
    )
