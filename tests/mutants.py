"""How many small faults in the modules that must not fail does a test notice?

    python tests/mutants.py [PART ...] [--sample 150] [--seed 1] [--only TEXT]

The parts are those of tests/critical.py; without one, all.

Faults are made by cosmic-ray's operators at places drawn by lot, one at a time and in memory: a copy of a process that
has all ready (or, if importing passes the line, of one that has not) runs, until the first fails, the tests that pass
the changed line: the quickest, then the quickest of each file in turn, as many as took half a minute. Of the many
replacements for one operator at one place one is drawn. Prints the survivors and the share that was noticed; ends with
1 below 85 %.

Left out are changes the compiler refuses or warns of and, because nothing that a test could see is changed:
annotations and what is imported for them alone; how something is kept and not what it does (arguments of `dataclass`,
sizes of caches, and in the domain, which is without state, the decorators that remember a result); and the places in
`SAME`, each with its reason.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from types import CodeType
from typing import Any

from critical import PARTS, ROOT, SAME, SOURCE, Part
from everything import postgres, postgres_programs
from guards.isolation_children import baseline, in_child, in_place, pytest_main, ready, swap
from planting import Changed, Mutant, lines_around, mutant_at, places_in

LIMIT = 120
SECONDS = 30
NOT_MADE = 77
#: Tests about the rules as a whole take minutes, and none has noticed what the others did not.
QUICK = "not by_chance and not one_judgement and not every_example and not junk"
WANTED = 0.85
Change = Callable[[Mutant], None]


def tests_for(mutant: Mutant, known: dict[str, Any]) -> list[str]:
    """Return the tests that pass the changed line: the quickest, then those of each file in turn.

    What runs while something is loaded may matter to every test.
    """
    passing = known["lines"][str(mutant.file.relative_to(SOURCE))]
    own, _body = lines_around(mutant.file, mutant.line)
    took = known["took"]
    found = {test for line in own for test in passing.get(str(line), ())}
    if is_loading(mutant, known):
        found = set(took)
    quickest = sorted(found & set(took), key=lambda test: (took[test], test))
    turns: Counter[str] = Counter()
    by_turns = []
    for test in quickest:
        file = test.split("::", 1)[0]
        by_turns.append((turns[file], took[test], test))
        turns[file] += 1
    first = _up_to(SECONDS / 2, quickest, took)
    rest = [test for _turn, _took, test in sorted(by_turns) if test not in set(first)]
    return [*first, *_up_to(SECONDS / 2, rest, took)]


def _up_to(seconds: float, tests: list[str], took: dict[str, float]) -> list[str]:
    chosen, total = [], 0.0
    for test in tests:
        total += took[test]
        if total > seconds and chosen:
            break
        chosen.append(test)
    return chosen


def is_noticed(mutant: Mutant, tests: list[str], slot: Path, *, change: Change) -> bool | None:
    """Run tests in a child with the change and a database of its own; a hang is noticed, too.

    None says that the change could not be made there.
    """
    own = slot
    if slot.stat().st_size:
        own = slot.with_name("own.sqlite3")
        shutil.copy(slot, own)

    def work() -> int:
        change(mutant)
        return pytest_main(tests, str(own))

    code = in_child(work, LIMIT) if tests else 0
    return None if code == NOT_MADE else code != 0


def import_changed(mutant: Mutant) -> None:
    """Import all with the changed module, in a process that has imported nothing yet."""
    sys.meta_path.insert(0, Changed(mutant))
    ready()


def swap_changed(mutant: Mutant) -> None:
    """Give the changed functions of the loaded module their other bodies."""
    before = dict(functions(compile(mutant.file.read_text("utf-8"), str(mutant.file), "exec")))
    after = functions(compile(mutant.code, str(mutant.file), "exec"))
    other = [(name, code) for name, code in after if before.get(name) != code]
    try:
        for name, code in other:
            swap(mutant.module, name, code)
    except (AttributeError, KeyError, ValueError):
        os._exit(NOT_MADE)
    if not other:
        os._exit(NOT_MADE)


def functions(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Yield the functions of a module and of its classes, not those inside of functions."""
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            continue
        if constant.co_argcount == 0 and "__module__" in constant.co_names:
            yield from functions(constant)
        elif not constant.co_name.startswith("<"):
            yield constant.co_qualname, constant


def draw(part: Part, size: int, seed: int, only: str) -> tuple[int, list[Mutant]]:
    chance = random.Random(seed)
    places = [place for file in part.files() for place in places_in(file)]
    chance.shuffle(places)
    drawn = (mutant_at(file, *chance.choice(fitting)) for file, fitting in places)
    made = (mutant for mutant in drawn if mutant is not None and str(mutant) not in SAME)
    wanted = (mutant for mutant in made if only in str(mutant))
    return len(places), list(islice(wanted, size))


class Judge:
    """Tries mutants and keeps what became of them."""

    def __init__(self, part: Part, sample: list[Mutant], folder: Path) -> None:
        self.part = part
        self.sample = sample
        self.folder = folder
        self.slot = folder / "test-0.sqlite3"
        self.noticed: dict[int, bool] = {}
        self.known: dict[str, Any] = {}

    def run(self) -> None:
        """Try in a child, which loads all, what can be changed there; here, which loads nothing, the rest."""
        kept = self.folder / "kept.json"
        in_child(lambda: self._loaded(kept), 4 * 3600, loud=True)
        self.known, noticed = json.loads(kept.read_text(encoding="utf-8"))
        self.noticed = {int(number): found for number, found in noticed.items()}
        for number, mutant in enumerate(self.sample):
            if number not in self.noticed:
                self._try(number, mutant, import_changed)

    def _loaded(self, kept: Path) -> int:
        files = [str(file.relative_to(SOURCE)) for file in self.part.files()]
        wanted = (*self.part.tests, "-k", QUICK)
        loading = lines_of(files, load)
        self.known = baseline(self.folder, wanted, files)
        more = lines_of(files, lambda: in_place(wanted))
        loading = {file: lines | more[file] for file, lines in loading.items()}
        self.known["loading"] = {file: sorted(lines) for file, lines in loading.items()}
        # On PostgreSQL the file says only that the database of this name is there.
        self.slot.touch()
        print(f"{len(self.known['took'])} tests pass as things are", flush=True)
        for number, mutant in enumerate(self.sample):
            if not is_loading(mutant, self.known):
                self._try(number, mutant, swap_changed)
        kept.write_text(json.dumps([self.known, self.noticed]), encoding="utf-8")
        return 0

    def _try(self, number: int, mutant: Mutant, change: Change) -> None:
        started = time.monotonic()
        tests = tests_for(mutant, self.known)
        noticed = is_noticed(mutant, tests, self.slot, change=change)
        if noticed is None:
            return
        self.noticed[number] = noticed
        said = "noticed " if noticed else "SURVIVES"
        print(f"{said} {time.monotonic() - started:5.1f} s  {mutant}", flush=True)


def lines_of(files: list[str], work: Callable[[], None]) -> dict[str, set[int]]:
    """Return the lines that run while something is loaded: what they do stays, whatever they become."""
    from coverage import Coverage

    include = [str(SOURCE / file) for file in files]
    cover = Coverage(data_file=None, config_file=False, include=include)
    cover.start()
    work()
    cover.stop()
    return {file: set(cover.get_data().lines(str(SOURCE / file)) or ()) for file in files}


def load() -> None:
    """Load the program and the rules."""
    ready()
    from mutualist.domain.assess import builtin_ruleset

    builtin_ruleset()


def is_loading(mutant: Mutant, known: dict[str, Any]) -> bool:
    """Whether the changed line, or what makes the function it is in, runs already while something is loaded."""
    _own, body = lines_around(mutant.file, mutant.line)
    loading = known["loading"][str(mutant.file.relative_to(SOURCE))]
    return body is None or not set(body).isdisjoint(loading)


def judge(name: str, part: Part, options: argparse.Namespace) -> bool:
    count, sample = draw(part, options.sample, options.seed, options.only)
    print(f"{name}: {count} places, {len(sample)} drawn with seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        judged = Judge(part, sample, Path(folder))
        judged.run()
    survivors = [one for number, one in enumerate(sample) if not judged.noticed[number]]
    share = 1 - len(survivors) / max(len(sample), 1)
    print(f"{name}: {len(sample) - len(survivors)} of {len(sample)} noticed, {share:.1%}")
    for mutant in survivors:
        print(f"  survived {mutant}", flush=True)
    return share >= WANTED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="draw among those that hold a text")
    options = parser.parse_args()
    os.chdir(ROOT)
    # Which example fails, and how small it can be made, tells nothing here.
    os.environ["PYTEST_ADDOPTS"] = "-p first_found"
    enough = [on_its_database(name, options) for name in options.parts or PARTS]
    return 0 if all(enough) else 1


def on_its_database(name: str, options: argparse.Namespace) -> bool:
    """Judge a part; one that needs PostgreSQL in a process that begins with its address."""
    if not PARTS[name].postgres or "MUTUALIST_DATABASE_URL" in os.environ:
        return judge(name, PARTS[name], options)
    programs = postgres_programs()
    if programs is None:
        print(f"{name}: NOT TRIED, PostgreSQL is not installed")
        return False
    given = ["--sample", str(options.sample), "--seed", str(options.seed), "--only", options.only]
    with postgres(programs) as url:
        both = {"MUTUALIST_DATABASE_URL": url.serving, "MUTUALIST_DATABASE_OWNER_URL": str(url)}
        return not subprocess.run(
            [sys.executable, __file__, name, *given], env={**os.environ, **both}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
