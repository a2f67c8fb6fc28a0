"""Kill the application, or its database, while clients write, and look for what is lost.

    python tests/operations/kill_app.py [--kills 200] [--postgres] [--cold] [--seed 1]

Clients write over HTTP: answers, seals, presses, openings, rounds, new rooms; and facts, projects, enquiries,
invoices, approvals and payments of a partner programme. At random moments
every process of the application gets SIGKILL; with --postgres every second kill goes to the
database server and all its children instead. After each kill, before anything starts again, the
database has to be whole, every acknowledged write there, every audit chain valid and nothing done
by half. Then the clients repeat what got no answer, with the same idempotency key.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2] / "src")]

from operations.crash.clients import Client, Gate  # noqa: E402
from operations.crash.servers import App, Postgres, durable_postgres  # noqa: E402
from operations.places import Place  # noqa: E402

LONGEST = 0.8
SHORTEST = 0.05


@dataclass
class Report:
    """What was seen."""

    kills: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    carried_out: int = 0
    back: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)

    def text(self) -> str:
        lines = [
            f"kills: {dict(self.kills)}",
            f"acknowledged writes: {self.counts['acknowledged']}",
            f"requests without an answer: {self.counts['unanswered']}",
            f"statuses: {dict(sorted(self.statuses.items()))}",
            f"carried out but not acknowledged at a kill: {self.carried_out}",
            f"lost or damaged: {len(self.faults)}",
        ]
        if self.back:
            lines.append(
                f"answers again after: median {statistics.median(self.back):.2f} s, "
                f"worst {max(self.back):.2f} s"
            )
        return "\n".join(lines + [f"  {fault}" for fault in self.faults[:20]])


def run(*, kills: int, postgres: Path | None = None, cold: bool = False, seed: int = 1) -> Report:
    """Kill `kills` times; return what was seen."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutualist-kill-")))
        server = stack.enter_context(durable_postgres(postgres)) if postgres else None
        place = Place(folder / "data", server.server if server else None)
        pairs = place.script("seed_crash", 4, 3)
        _use_database_of(place)
        app = stack.enter_context(App(place, cold=cold))
        return _Run(app, server, pairs, random.Random(seed)).go(kills)


def _use_database_of(place: Place) -> None:
    """Let this process look into the database of the place."""
    for name in [name for name in os.environ if name.startswith("MUTUALIST_")]:
        del os.environ[name]
    os.environ.update(place.environment)
    import django

    django.setup()


class _Run:
    def __init__(
        self, app: App, server: Postgres | None, pairs: list[Any], chance: random.Random
    ) -> None:
        self.app, self.server, self.chance = app, server, chance
        self.gate = Gate()
        from operations.crash.channel import ChannelClient

        self.clients = [
            kind(app.port, pair, self.gate, chance.randrange(2**32))
            for pair in pairs
            for kind in (Client, ChannelClient)
        ]
        self.report = Report()
        self.verified: dict[str, str] = {}

    def go(self, kills: int) -> Report:
        for client in self.clients:
            client.start()
        try:
            self._open()
            for number in range(kills):
                time.sleep(self.chance.uniform(SHORTEST, LONGEST))
                self._kill(number)
                if self.report.faults or self.gate.over.is_set():
                    break
        finally:
            self.gate.over.set()
            for client in self.clients:
                client.join(30)
        self.report.counts, self.report.statuses = self.gate.counts, self.gate.statuses
        self.report.faults += self.gate.surprises
        return self.report

    def _open(self) -> None:
        """Let the clients go on and wait for the first acknowledged write."""
        before = self.gate.counts["acknowledged"]
        for client in self.clients:
            client.idle.clear()
        self.gate.up.set()
        while self.gate.counts["acknowledged"] == before and not self.gate.over.is_set():
            time.sleep(0.005)

    def _kill(self, number: int) -> None:
        database = self.server is not None and number % 2 == 1
        self.report.kills["database" if database else "application"] += 1
        if database and self.server is not None:
            self.server.kill()
            killed = time.monotonic()
            self.gate.up.clear()
            self._wait_until_idle()
            self.server.start()
        else:
            self.app.kill()
            killed = time.monotonic()
            self.gate.up.clear()
            self._wait_until_idle()
        looking = time.monotonic()
        self._look()
        looked = time.monotonic() - looking
        if not database:
            self.app.start()
        self._open()
        self.report.back.append(time.monotonic() - killed - looked)

    def _wait_until_idle(self) -> None:
        for client in self.clients:
            assert client.idle.wait(30), "a client did not come back"

    def _look(self) -> None:
        from operations.crash.checks import faults

        found, carried_out = faults(self.clients, self.verified)
        self.report.faults += found
        self.report.carried_out += carried_out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, killing it as well")
    parser.add_argument("--cold", action="store_true", help="start with the command each time")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    programs = None
    if arguments.postgres:
        from everything import postgres_programs

        programs = postgres_programs()
        if programs is None:
            parser.error("PostgreSQL is not installed")
    begun = time.monotonic()
    report = run(kills=arguments.kills, postgres=programs, cold=arguments.cold, seed=arguments.seed)
    print(f"{report.text()}\nin {time.monotonic() - begun:.0f} s")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
