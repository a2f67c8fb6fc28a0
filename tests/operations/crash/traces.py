"""What the system was asked to do between a request and its answer, as strace tells it.

A kill does not show whether a write reached the disk: the cache of the system survives the process.
Only the order of calls does: the log has to be synced before the answer leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "trace=fsync,fdatasync,recvfrom,sendto,recvmsg,sendmsg"
LINE = re.compile(r"^(?P<pid>\d+) +(?P<at>\d+\.\d+) (?P<call>\w+)\((?P<rest>.*)$")
# An interrupted call is told in two lines; what counts is when it has come back.
RESUMED = re.compile(r"^(?P<pid>\d+) +(?P<at>\d+\.\d+) <\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)$")
ASKED = re.compile(r'"(?P<method>PUT|POST|DELETE|GET) (?P<path>/api/\S+)')
ANSWERED = re.compile(r'"HTTP/1\.1 (?P<status>\d+)')
SYNCS = {"fsync", "fdatasync"}


def command(log: Path) -> list[str]:
    """Return what to put before a command so that its calls are told in a file."""
    return ["strace", "-f", "-y", "-ttt", "-s", "96", "-e", CALLS, "-o", str(log)]


@dataclass(frozen=True)
class Call:
    """One call of the system."""

    pid: int
    at: float
    name: str
    rest: str


@dataclass
class Answered:
    """A request, its answer and the syncs between."""

    method: str
    path: str
    begun: float
    status: int = 0
    ended: float = 0.0
    synced: list[str] = field(default_factory=list)


def calls(log: Path) -> Iterator[Call]:
    """Yield the calls in their order."""
    started: dict[int, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        found = LINE.match(line) or RESUMED.match(line)
        if found is None:
            continue
        pid, rest = int(found["pid"]), found["rest"]
        if rest.endswith("<unfinished ...>"):
            started[pid] = rest
            continue
        if "resumed>" in line:
            rest = started.pop(pid, "") + rest
        yield Call(pid, float(found["at"]), found["call"], rest)


def answers(log: Path) -> list[Answered]:
    """Return the answered requests of a server with one process and one thread."""
    found: list[Answered] = []
    current: Answered | None = None
    for call in calls(log):
        asked, answered = ASKED.search(call.rest), ANSWERED.search(call.rest)
        if call.name.startswith("recv") and asked is not None:
            current = Answered(asked["method"], asked["path"], call.at)
        elif current is not None and call.name in SYNCS:
            current.synced.append(call.rest)
        elif current is not None and answered is not None and call.name.startswith("send"):
            current.status, current.ended = int(answered["status"]), call.at
            found.append(current)
            current = None
    return found


def syncs_of_backends(log: Path) -> list[Call]:
    """Return the syncs of those processes of PostgreSQL that speak to clients."""
    everything = list(calls(log))
    serving = {call.pid for call in everything if call.name == "sendto"}
    return [
        call
        for call in everything
        if call.name in SYNCS and call.pid in serving and "pg_wal" in call.rest
    ]
