import signal
import subprocess
import sys

import pytest

from tests.test_documentation import ROOT

WALK = "from blog import failpoints\nfor name in 'a', 'b', 'b', 'c':\n    failpoints.reached(name)\n    print(name)"


@pytest.mark.parametrize(
    ("wish", "passed", "ended"), [("", "abbc", 0), ("b", "a", -signal.SIGKILL), ("b:2", "ab", -signal.SIGKILL)]
)
def test_a_process_dies_at_the_place_it_is_told_to_and_nowhere_else(wish: str, passed: str, ended: int) -> None:
    run = subprocess.run(
        [sys.executable, "-uc", WALK], env={"BYLINE_FAILPOINT": wish}, cwd=ROOT, capture_output=True, text=True
    )

    assert (run.stdout.split(), run.returncode) == (list(passed), ended)
