"""The production server: web processes and the worker as one process tree."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from operations.memory import return_large_blocks

logger = logging.getLogger(__name__)

THREADS_PER_WORKER = 4
PATIENCE = 90  # seconds for the worker to finish a mail that a slow server is taking
PR_SET_PDEATHSIG = 1  # prctl(2)
PAUSE = 2  # seconds before a worker that died is started again


class WorkerProcess:
    """The worker as a child, started again if it dies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # between starting a worker and stopping for good
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, name="worker", daemon=True)

    def start(self) -> None:
        """Start the worker. It has to be there before the web processes are forked.

        One forked meanwhile would hold the starter's end of a pipe open, and nobody would see the worker end.
        """
        self._process = start_worker()
        self._thread.start()

    def stop(self) -> None:
        """Ask the worker to end, wait until it has, and make it if it does not."""
        with self._lock:
            self._stopping.set()
            if self._process is not None:
                self._process.terminate()
        self._thread.join(PATIENCE)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def _keep_running(self) -> None:
        while self._process is not None:
            self._process.wait()
            if self._stopping.wait(PAUSE):
                return
            logger.error("The worker ended by itself; starting it again.")
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process = start_worker()


def start_worker() -> subprocess.Popen[bytes]:
    manage = Path(settings.BASE_DIR) / "manage.py"
    command = [sys.executable, str(manage), "worker", "--with-parent", str(os.getpid())]
    # A session of its own: Ctrl-C in the terminal reaches this process only, which then ends the worker, once.
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603  our own command line


def end_with_parent() -> None:
    """Ask Linux to end this process when the one that forked it is killed and so could not."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def serve(address: str) -> None:
    """Serve until a signal comes, then end every process that was started."""
    return_large_blocks()
    os.register_at_fork(after_in_child=end_with_parent)
    worker = WorkerProcess()
    worker.start()
    try:
        web_server("config.wsgi:application", address, settings.PORT, settings.WEB_WORKERS).serve()
    finally:
        worker.stop()


def web_server(
    application: str, address: str, port: int, workers: int
) -> Any:  # the class depends on the platform's threads
    """Return the production server for an application; bench/ measures others under the very same one."""
    return Granian(
        application,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_PER_WORKER,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    )
