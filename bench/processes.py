"""What processes used, from /proc (proc(5)): processor time and memory."""

import os
import time
from pathlib import Path
from typing import NamedTuple

CALM = 0.05  # of a core
TICKS = os.sysconf("SC_CLK_TCK")


class Memory(NamedTuple):
    """In MB. `pss` shares out what several processes have in common, `rss` counts it for each of them."""

    pss: float
    rss: float


def fields(pid: int) -> list[str]:
    """Return the fields of a process's stat behind its name, of which the first is the third; none if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def cpu_seconds(pid: int) -> float:
    """Return the processor time, in user and kernel mode, that a process has used, all of its threads together."""
    found = fields(pid)
    return (int(found[11]) + int(found[12])) / TICKS if found else 0


def children(pid: int) -> list[int]:
    pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return sorted(child for child in pids if (found := fields(child)) and int(found[1]) == pid)


def command(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return Memory(kilobytes["Pss"] / 1024, kilobytes["Rss"] / 1024)


class Server:
    """The processes of one server: the one that was started, its web workers, and its queue worker if it has one."""

    def __init__(self, pid: int, port: int) -> None:
        self.port = port
        offspring = [child for child in children(pid) if not any("resource_tracker" in part for part in command(child))]
        self.queue_workers = [child for child in offspring if "worker" in command(child)]
        self.web_workers = [child for child in offspring if child not in self.queue_workers]
        self._web = [pid, *self.web_workers]

    def wait_until_calm(self) -> None:
        """Wait until the web workers have nothing left to answer: load that ends leaves requests behind."""
        self._wait(self._web, 0.1, within=10)

    def wait_until_settled(self) -> None:
        """Wait until the queue worker has done what it does when it starts."""
        self._wait(self.queue_workers, 2, within=60)

    def _wait(self, pids: list[int], seconds: float, within: float) -> None:
        end = time.monotonic() + within
        while time.monotonic() < end:
            before = sum(map(cpu_seconds, pids))
            time.sleep(seconds)
            if sum(map(cpu_seconds, pids)) - before <= CALM * seconds:
                return

    def used(self) -> dict[int, float]:
        """Processor seconds so far of each process that serves the web."""
        return {pid: cpu_seconds(pid) for pid in self._web}
