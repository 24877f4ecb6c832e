import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Large blocks of different sizes come and go, as pictures do, in a thread of its own; a small one at the end stays.
MEASURE = """
import re, sys, threading
from operations.memory import return_large_blocks

def resident():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmRSS:\\s+(\\d+) kB", status.read())[1])

kept = []

def work():
    for _ in range(2):
        pictures = [bytearray(b"x" * megabytes * 2**20) for megabytes in (20, 8, 4)]
        kept.append(bytearray(b"x" * 50_000))
        del pictures

if "returning" in sys.argv:
    return_large_blocks()
before = resident()
for _ in range(3):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
print((resident() - before) // 1024)
"""


def megabytes_kept(*how: str) -> int:
    command = [sys.executable, "-c", MEASURE, *how]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="The C library is not glibc.")
def test_what_a_picture_needed_goes_back_to_the_system() -> None:
    assert megabytes_kept("returning") < 5 < megabytes_kept()
