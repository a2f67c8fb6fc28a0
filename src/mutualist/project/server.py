"""What the web server does beside serving: it keeps one worker running, and takes it along when it ends.

Read by gunicorn as its configuration; ``mutualist serve --no-worker`` does without.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

#: Seconds before a worker that ended is started again, and until one that is told to end is killed.
AGAIN, PATIENCE = 2.0, 20.0


class Keeper:
    """Starts the worker as a process of its own, again whenever it ends."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._ending = threading.Event()
        self._worker: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start the worker and watch it."""
        self._thread.start()

    def _keep(self) -> None:
        while not self._ending.is_set():
            self._worker = subprocess.Popen(self._command)  # noqa: S603 - our own program
            self._worker.wait()
            self._ending.wait(AGAIN)

    def end(self) -> None:
        """Let the worker finish what is under way, and end it."""
        self._ending.set()
        worker = self._worker
        if worker is None or worker.poll() is not None:
            return
        worker.terminate()
        try:
            worker.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()


keeper = Keeper([sys.executable, "-m", "mutualist.cli", "work", "--follow"])


def when_ready(server: Any) -> None:  # noqa: ARG001 - the shape gunicorn calls
    """Start the worker once the port is open."""
    keeper.start()


def on_exit(server: Any) -> None:  # noqa: ARG001 - the shape gunicorn calls
    """End the worker with the server."""
    keeper.end()


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001 - the shape gunicorn calls
    """Forget what a process that is gone was working on; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
