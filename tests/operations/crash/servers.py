"""Servers that can be killed: the web application as a group of processes, PostgreSQL with all its children."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from operations.crash import traces
from operations.places import SCRIPTS, Place

PATIENCE = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class App:
    """The web application under gunicorn; each start is a fork of a process that has loaded it.

    With `cold` each start is the command people use, which loads everything anew.
    """

    place: Place
    cold: bool = False
    port: int = field(default_factory=free_port)
    _nursery: Any = None
    _group: int = 0
    _cold: Any = None

    def __enter__(self) -> Self:
        self._log = (self.place.data.parent / "server.log").open("w")
        if not self.cold:
            self._nursery = self.place.start(
                SCRIPTS / "nursery.py",
                self.port,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
            )
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        if self._nursery is not None:
            self._nursery.stdin.close()
            self._nursery.wait(10)
            self._nursery.stdout.close()
        self._log.close()

    def start(self) -> float:
        """Start and wait for the first answer; return how long that took."""
        begun = time.monotonic()
        if self.cold:
            self._cold = self.place.start(
                "-m", "mutualist", "serve", "--port", self.port, stdout=self._log, stderr=self._log
            )
            self._group = self._cold.pid
        else:
            self._nursery.stdin.write("start\n")
            self._nursery.stdin.flush()
            self._group = int(self._nursery.stdout.readline())
        while not self._answers():
            if time.monotonic() - begun > PATIENCE:
                raise TimeoutError(f"no answer after {PATIENCE} s")
            time.sleep(0.01)
        return time.monotonic() - begun

    def kill(self) -> None:
        """Kill every process of the application at once, without a chance to clean up."""
        if not self._group:
            return
        os.killpg(self._group, signal.SIGKILL)
        if self._cold is not None:
            self._cold.wait()
        while _group_lives(self._group):
            time.sleep(0.005)
        self._group = 0

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _group_lives(group: int) -> bool:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # State, parent, group: the dead who are not yet collected do not count.
        if int(fields[2]) == group and fields[0] not in "ZX":
            return True
    return False


class Postgres:
    """A PostgreSQL server that writes through to the disk, and can be killed with all its children."""

    def __init__(self, programs: Path, folder: str, *, traced: bool = False) -> None:
        self._programs, self._folder = programs, folder
        self.trace = Path(folder) / "calls"
        self._before = traces.command(self.trace) if traced else []
        # The server refuses to run as root; Debian's package brings the user for it.
        root = os.geteuid() == 0
        self._who: Any = (
            {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
        )
        self.server = f"postgresql://mutualist@{folder.replace('/', '%2F')}/postgres"

    def make(self) -> None:
        self._run("initdb", "-U", "mutualist", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        """Start as a child of this process, which then also collects it when it is killed."""
        settings = ["listen_addresses=", f"unix_socket_directories={self._folder}", "fsync=on"]
        command = [str(self._programs / "postgres"), "-D", f"{self._folder}/data"]
        with Path(f"{self._folder}/log").open("a") as log:
            self._main = subprocess.Popen(
                [*self._before, *command, *(f"-c{setting}" for setting in settings)],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                **self._who,
            )
        begun = time.monotonic()
        while not self._ready():
            if self._main.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(Path(f"{self._folder}/log").read_text()[-2000:])
            time.sleep(0.02)

    def _ready(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.server, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        if self._main.poll() is None:
            self.kill()

    def kill(self) -> None:
        """Kill the postmaster and its children at once."""
        family = _descendants(self._main.pid)
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._main.wait()
        while any(_alive(pid) for pid in family):
            time.sleep(0.005)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", f"{self._folder}/data", *arguments]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._who
        )


def _descendants(first: int) -> list[int]:
    """Return a process and all that came of it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    family = [first]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@contextmanager
def durable_postgres(programs: Path, *, traced: bool = False) -> Iterator[Postgres]:
    """Make and start a server of one's own, under strace if wanted; all is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="mutualist-crash-") as folder:
        if os.geteuid() == 0:
            import shutil

            shutil.chown(folder, "postgres")
        server = Postgres(programs, folder, traced=traced)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
