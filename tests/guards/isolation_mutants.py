"""What keeps people apart is taken away, piece by piece: does a test notice each time?

    python tests/guards/isolation_mutants.py [--sample N] [--only TEXT] [--list]
                                             [--sealed] [--source | --policies]

First the filters and checks of the program, on SQLite, where nothing else stands behind them; then
the policies and references of PostgreSQL. Each change is made in a copy of a process that has all
ready, and those tests run, until the first fails, which pass the changed line. Prints survivors and
the share that was noticed, in all and for what is sealed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from guards.isolation_children import baseline, in_child, in_place, pytest_main, ready, swap  # noqa: E402  (found by the line above)
from guards.isolation_same import SAME  # noqa: E402  (found by the line above)

# Not the machine of states and the races: they take long and say no more than the others.
ROOM_TESTS = ("answers", "bonds", "canary", "convening", "creating", "entering", "files", "links")
ROOM_TESTS += ("news", "opening", "own_sheets", "paging", "rounds", "sealing", "starting")
ROOM_TESTS += ("heads", "one_check_each", "own_affairs", "receipts", "seal_traps", "standing")
ROOM_TESTS += ("visibility",)
VENTURE_TESTS = ("apart", "describing", "private", "api", "leaks")
PROJECT_TESTS = ("apart", "api", "conflicts", "life", "own_affairs", "pages")
SOURCE_TESTS = (
    "tests/guards/test_isolation.py",
    "tests/guards/test_row_security.py",
    "tests/guards/test_parity.py",
    *(f"tests/apps/rooms/test_{name}.py" for name in ROOM_TESTS),
    "tests/apps/identity",
    "tests/apps/writes/test_once.py",
    "tests/apps/writes/test_states.py",
    "tests/guards/test_crossing.py",
    "tests/guards/test_prepared_parity.py",
    "tests/guards/test_scopes.py",
    "tests/guards/test_tenancy.py",
    *(f"tests/apps/ventures/test_{name}.py" for name in VENTURE_TESTS),
    "tests/guards/test_project_parity.py",
    *(f"tests/apps/projects/test_{name}.py" for name in PROJECT_TESTS),
)
SECONDS = 90
MIGRATIONS = (
    "rooms.migrations.0004_isolation",
    "ventures.migrations.0002_private",
    "projects.migrations.0002_isolation",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change, and how a child process makes it."""

    name: str
    sealed: bool
    make: Callable[[], None]
    tests: list[str]


def source_mutants(known: dict[str, Any]) -> Iterator[Mutant]:
    from guards.isolation_places import all_places

    for place in all_places():
        module = place.file.removesuffix(".py").replace("/", ".")
        passing = known["lines"][place.file].get(str(place.line), [])
        yield Mutant(
            str(place),
            place.sealed,
            lambda module=module, place=place: swap(module, place.function, place.code),
            _quickest([t for t in passing if t in known["took"]], known["took"]),
        )


def _quickest(tests: list[str], took: dict[str, float]) -> list[str]:
    """Return tests to run in turn: those about isolation, then the quickest, up to half a minute."""
    first = ("test_isolation", "test_parity", "test_visibility", "test_own", "test_one_check_each")
    first += ("test_apart",)
    about = [test for test in tests if any(name in test for name in first)]
    ordered = [*sorted(about, key=took.__getitem__)]
    ordered += sorted(set(tests) - set(about), key=took.__getitem__)
    chosen, total = [], 0.0
    for test in ordered:
        total += took[test]
        if total > SECONDS / 3 and chosen:
            continue
        chosen.append(test)
    return chosen


def policy_mutants() -> Iterator[tuple[str, bool, str]]:
    """Yield what is taken from PostgreSQL, as statements."""
    for module in MIGRATIONS:
        yield from _policies_of(import_module(f"mutualist.apps.{module}"))


def _policies_of(migration: Any) -> Iterator[tuple[str, bool, str]]:
    for table, policies in migration.POLICIES.items():
        disabled = f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        yield f"{table}: no row level security", True, disabled
        yield f"{table}: no FORCE", True, f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
        for command, condition in policies.items():
            policy = f"{table}_{command.lower()}"
            yield f"{policy}: dropped", True, f"DROP POLICY {policy} ON {table}"
            clauses = re.findall(r"USING|WITH CHECK", migration.CLAUSES[command])
            for clause in clauses:
                wide = f"ALTER POLICY {policy} ON {table} {clause} (true)"
                yield f"{policy}: {clause} true", True, wide
            for part in sorted(
                {
                    p
                    for p in migration.rules(table).values()
                    if f"({p}) AND" in condition
                    or f"AND ({p})" in condition
                    or f"AND NOT ({p})" in condition
                }
            ):
                wider = condition.replace(f" AND NOT ({part})", "").replace(f"({part})", "(true)")
                clause = " ".join(f"{one} ({wider})" for one in clauses)
                yield (
                    f"{policy}: no matter if {part}",
                    True,
                    f"ALTER POLICY {policy} ON {table} {clause}",
                )
            own = migration.rules(table)["maintained"]
            anybody = own.split(" AND ")[0]
            clause = " ".join(f"{one} ({condition.replace(own, anybody)})" for one in clauses)
            yield (
                f"{policy}: maintained by anybody",
                True,
                f"ALTER POLICY {policy} ON {table} {clause}",
            )
    called = getattr(migration, "REFERENCE", "same_room")
    for number, (table, columns, target) in enumerate(migration.REFERENCES, start=1):
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {called}_{number}"
        yield f"{table} ({columns}) -> {target}", table in migration.POLICIES, drop


@dataclass
class Tally:
    """What became of the mutants."""

    noticed: int = 0
    sealed_noticed: int = 0
    sealed: int = 0
    total: int = 0
    survivors: list[str] | None = None
    same: int = 0

    def count(self, name: str, *, sealed: bool, noticed: bool) -> None:
        self.total += 1
        self.sealed += sealed
        self.noticed += noticed
        self.sealed_noticed += sealed and noticed
        if not noticed:
            self.survivors = [*(self.survivors or []), f"{'SEALED ' if sealed else ''}{name}"]

    def say(self, title: str) -> None:
        print(f"\n{title}: {self.noticed} of {self.total} noticed", end="")
        print(f" ({100 * self.noticed / max(self.total, 1):.1f} %)", end="")
        print(f", sealed {self.sealed_noticed} of {self.sealed}; {self.same} change nothing")
        for survivor in self.survivors or []:
            print(f"  survives: {survivor}")


def reason_of(name: str) -> str:
    """Return why a change changes nothing, or nothing if it does."""
    return SAME.get(re.sub(r":\d+ ", " ", name, count=1), "")


def _write(file: Path, names: set[str]) -> int:
    file.write_text(json.dumps(sorted(names)), encoding="utf-8")
    return 0


def at_once(folder: Path, options: argparse.Namespace) -> set[str]:
    """Ask for the rule of private rows without running tests: the questions are those of parity."""
    from django.db import connection

    from guards.isolation_places import RULE, places_in

    connection.settings_dict["TEST"]["NAME"] = str(folder / "rule.sqlite3")
    connection.creation.create_test_db(verbosity=0, serialize=False)
    worlds = _worlds()
    noticed = set()
    for place in _chosen([place for file in RULE for place in places_in(file)], options):
        module = place.file.removesuffix(".py").replace("/", ".")
        before = swap(module, place.function, place.code)
        try:
            fault = next(policy_faults(worlds), "")
        except Exception as error:  # noqa: BLE001  (a test would fail, too)
            fault = str(error)
        finally:
            swap(module, place.function, before)
        if fault:
            noticed.add(str(place))
            print(f"noticed         {place}", flush=True)
    connection.close()
    return noticed


def run_source(options: argparse.Namespace) -> Tally:
    from guards.isolation_places import FILES

    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        quickly: set[str] = set()
        code = in_child(
            lambda: _write(folder / "rule.json", at_once(folder, options)), 1800, loud=True
        )
        if code == 0:
            quickly = set(json.loads((folder / "rule.json").read_text(encoding="utf-8")))
        known = baseline(folder, tuple(options.tests or SOURCE_TESTS), list(FILES))
        print(f"{len(known['took'])} tests pass as things are", flush=True)
        in_place(tuple(options.tests or SOURCE_TESTS))
        from django.db import connections

        connections.close_all()
        mutants = _chosen(list(source_mutants(known)), options)
        for mutant in mutants:
            if reason_of(mutant.name):
                tally.same += 1
                continue
            if mutant.name in quickly:
                tally.count(mutant.name, sealed=mutant.sealed, noticed=True)
                continue
            started = time.monotonic()

            def work(mutant: Mutant = mutant) -> int:
                mutant.make()
                return pytest_main(mutant.tests, str(folder / "test-0.sqlite3"))

            noticed = bool(mutant.tests) and in_child(work, SECONDS) != 0
            tally.count(mutant.name, sealed=mutant.sealed, noticed=noticed)
            said = "noticed " if noticed else "SURVIVES"
            print(f"{said} {time.monotonic() - started:5.1f} s  {mutant.name}", flush=True)
    return tally


def _chosen(mutants: list[Any], options: argparse.Namespace) -> list[Any]:
    names = [m[0] if isinstance(m, tuple) else getattr(m, "name", str(m)) for m in mutants]
    wanted = [m for m, n in zip(mutants, names, strict=True) if (options.only or "") in n]
    if options.sealed:
        wanted = [m for m in wanted if isinstance(m, tuple) or m.sealed]
    if options.sample and len(wanted) > options.sample:
        wanted = random.Random(options.seed).sample(wanted, options.sample)
    return wanted


@contextmanager
def test_database() -> Iterator[None]:
    """Make the test database as its owner, and go on as the role that serves."""
    from django.conf import settings
    from django.db import connection

    from mutualist.apps.core.roles import grant_application

    serving = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = settings.MUTUALIST_DATABASE_OWNER["USER"]
    connection.creation.create_test_db(verbosity=0, serialize=False)
    connection.close()
    connection.settings_dict["USER"] = serving
    grant_application()
    yield
    connection.close()


def _worlds() -> list[tuple[Any, list[Any]]]:
    """Return the modules that compare the rules, each with its random worlds."""
    from guards import test_parity, test_project_parity

    return [
        (module, [module.build(seed) for seed in module.SEEDS])
        for module in (test_parity, test_project_parity)
    ]


def policy_faults(worlds: list[tuple[Any, list[Any]]]) -> Iterator[str]:
    """Ask what the tests of isolation and parity ask; yield what would fail."""
    from django.db import DatabaseError, connection

    from guards import test_project_parity
    from mutualist.apps.core.catalogue import gaps

    try:
        for _part in range(5):
            for module, some in worlds:
                for world in some:
                    yield from (f"rows: {one}" for one in module.disagreements(world, 5)[0])
                    yield from (f"stored: {one}" for one in module.wrongly_stored(world, 5)[0])
        for module, some in worlds:
            yield from (f"pretended: {one}" for one in module.reached_by_pretending(some[0]))
        if connection.vendor == "postgresql":
            projects = worlds[-1][1][0]
            yield from (f"misplaced: {one}" for one in test_project_parity.misplaced(projects))
        yield from (f"gap: {gap}" for gap in gaps() if gap.code != "member")
    except DatabaseError as error:
        yield f"error: {error}"


def run_policies(options: argparse.Namespace) -> Tally:
    """Change the policies within a transaction that is taken back, one at a time."""
    from django.db import connection, transaction

    from mutualist.apps.core.roles import as_owner

    tally = Tally()
    with test_database():
        worlds = _worlds()
        for fault in policy_faults(worlds):
            raise SystemExit(f"as things are: {fault}")
        print("no fault as things are", flush=True)
        for name, sealed, statement in _chosen(list(policy_mutants()), options):
            if reason_of(name):
                tally.same += 1
                continue
            started = time.monotonic()
            with transaction.atomic():
                with as_owner(), connection.cursor() as cursor:
                    cursor.execute(statement)
                fault = next(policy_faults(worlds), "")
                transaction.set_rollback(True)
            tally.count(name, sealed=sealed, noticed=bool(fault))
            said = "noticed " if fault else "SURVIVES"
            print(f"{said} {time.monotonic() - started:5.1f} s  {name}", flush=True)
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--sealed", action="store_true", help="only what guards sealed answers")
    parser.add_argument("--tests", nargs="*", help="look for the ones that notice among these only")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--source", action="store_true")
    parser.add_argument("--policies", action="store_true")
    parser.add_argument("--inner", choices=["source", "policies"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inner or options.list:
        ready()
        return _inner(options)
    failed = 0
    again = [sys.executable, __file__, *sys.argv[1:]]
    if not options.policies:
        failed += subprocess.run([*again, "--inner", "source"], cwd=ROOT, check=False).returncode
    if not options.source:
        from everything import postgres, postgres_programs

        programs = postgres_programs()
        if programs is None:
            print("PostgreSQL is not installed: its policies were not tried.")
            return 1
        with postgres(programs) as url:
            both = {"MUTUALIST_DATABASE_URL": url.serving, "MUTUALIST_DATABASE_OWNER_URL": url}
            failed += subprocess.run(
                [*again, "--inner", "policies"], cwd=ROOT, env={**os.environ, **both}, check=False
            ).returncode
    return failed


def _inner(options: argparse.Namespace) -> int:
    if options.list:
        from guards.isolation_places import all_places

        print("\n".join([*map(str, all_places()), *(name for name, _s, _q in policy_mutants())]))
        return 0
    if options.inner == "source":
        tally = run_source(options)
        tally.say("Filters and checks of the program")
    else:
        tally = run_policies(options)
        tally.say("Policies and references of PostgreSQL")
    wanted = tally.noticed >= 0.95 * tally.total and tally.sealed_noticed == tally.sealed
    return 0 if wanted else 1


if __name__ == "__main__":
    sys.exit(main())
