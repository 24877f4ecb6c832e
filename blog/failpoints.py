"""Places at which this process can be made to die at once, to try what a crash leaves behind.

BYLINE_FAILPOINT=name:count in the environment kills it (SIGKILL) when it comes to that place for the count-th time.
Without the variable a place costs one comparison. docs/developing.md names the places; `make soak` dies at each.
"""

import itertools
import os
import signal

_name, _, _count = os.environ.get("BYLINE_FAILPOINT", "").partition(":")
_times = itertools.count(1)


def reached(name: str) -> None:
    """Die here if the environment says so."""
    if name == _name and next(_times) == int(_count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
