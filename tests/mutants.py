"""How many small faults in the modules that must not fail does a test notice?

    python tests/mutants.py [assess|seals|permissions ...] [--sample 300] [--seed 1] [--jobs 2]

Faults are made by cosmic-ray's operators, one at a time and in memory: a child of this process imports the changed
module and runs the tests named here until the first fails. Changes that touch nothing but annotations are left out;
of the many replacements for one operator at one place one is drawn. Prints survivors and the share that was noticed.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
LIMIT = 240
#: These take parameters and would change names of our own choosing.
NEED_WORDS = {"core/VariableReplacer", "core/VariableInserter"}
#: Slow tests about the rules as a whole; each takes seconds and none has noticed what the others did not.
SLOW = "not by_chance and not one_judgement and not every_example"


@dataclass(frozen=True)
class Part:
    """Modules and the tests that speak for them, the quickest to fail first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "assess": Part(
        ("mutualist/domain/assess/*.py",),
        ("tests/domain/test_examples.py", "tests/domain/test_second_reading.py", "tests/domain"),
    ),
    "seals": Part(
        (
            "mutualist/domain/shared/*.py",
            "mutualist/apps/core/vault.py",
            "mutualist/apps/core/audit.py",
            "mutualist/apps/rooms/sealing.py",
        ),
        ("tests/domain/test_seals.py", "tests/domain", "tests/apps/core", "tests/apps/rooms"),
    ),
    "permissions": Part(
        (
            "mutualist/apps/core/isolation.py",
            "mutualist/apps/core/fences.py",
            "mutualist/apps/rooms/standing.py",
            "mutualist/apps/rooms/managers.py",
            "mutualist/apps/identity/queries.py",
        ),
        ("tests/guards/test_tenancy.py", "tests/guards", "tests/apps/rooms", "tests/apps/identity"),
    ),
}


@dataclass(frozen=True)
class Mutant:
    """One changed module."""

    file: Path
    operator: str
    code: str

    @property
    def module(self) -> str:
        parts = self.file.relative_to(SOURCE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def difference(self) -> str:
        lines = unified_diff(
            self.file.read_text(encoding="utf-8").splitlines(),
            self.code.splitlines(),
            n=0,
            lineterm="",
        )
        changed = [line for line in lines if not line.startswith(("---", "+++"))]
        return "\n    ".join(changed)


def places_in(file: Path) -> list[tuple[Path, list[tuple[str, int]]]]:
    """Return the places of a module that can be changed, each with the operators that fit there."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    tree = get_ast_from_path(file)
    places: dict[tuple[Any, str], list[tuple[str, int]]] = {}
    for name in operator_names():
        if name in NEED_WORDS:
            continue
        operator = get_operator(name)()
        found = [place for node in ast_nodes(tree) for place in operator.mutation_positions(node)]
        for number, place in enumerate(found):
            places.setdefault((place, name.split("_")[0]), []).append((name, number))
    return [(file, fitting) for fitting in places.values()]


def mutant_at(file: Path, name: str, number: int) -> Mutant | None:
    """Return the changed module, or None when nothing that runs was changed."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = file.read_text(encoding="utf-8")
    code = mutate_code(text, get_operator(name)(), number)
    if code is None or _meaning(code) == _meaning(text):
        return None
    return Mutant(file, name, code)


def _meaning(code: str) -> str:
    """Return a module without annotations, sizes of caches and forms of data classes: what it does."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_form_only(node.func):
            node.args, node.keywords = [], []
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in (*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs):
                argument.annotation = None
            for argument in (node.args.vararg, node.args.kwarg):
                if argument is not None:
                    argument.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def _is_form_only(function: ast.expr) -> bool:
    """Whether a call says how something is kept and not what it does."""
    return isinstance(function, ast.Name) and function.id in {"dataclass", "lru_cache", "TypeVar"}


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the changed text wherever its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self.mutant.module:
            return None
        package = self.mutant.file.name == "__init__.py"
        return importlib.util.spec_from_file_location(
            name,
            self.mutant.file,
            loader=self,
            submodule_search_locations=[str(self.mutant.file.parent)] if package else None,
        )

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        exec(compile(self.mutant.code, str(self.mutant.file), "exec"), module.__dict__)


def is_noticed(mutant: Mutant | None, tests: tuple[str, ...]) -> bool:
    """Run the tests in a child with the change (or with none); a hang is noticed, too."""
    child = os.fork()
    if child == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        code = 1
        try:
            if mutant is not None:
                sys.meta_path.insert(0, Changed(mutant))
            import pytest

            arguments = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-k", SLOW]
            code = int(pytest.main([*arguments, *tests]))
        finally:
            os._exit(code)
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def judge(name: str, part: Part, size: int, seed: int, jobs: int) -> float:
    files = sorted(file for pattern in part.modules for file in SOURCE.glob(pattern))
    chance = random.Random(seed)
    places = [place for file in files for place in places_in(file)]
    chance.shuffle(places)
    drawn = (mutant_at(file, *chance.choice(fitting)) for file, fitting in places)
    sample = list(islice(filter(None, drawn), size))
    print(f"{name}: {len(places)} places in {len(files)} modules, {len(sample)} drawn", flush=True)
    if is_noticed(None, part.tests):
        raise SystemExit(f"{name}: the tests fail without any change")
    survivors = []
    with ThreadPoolExecutor(jobs) as pool:
        found = pool.map(lambda mutant: (mutant, is_noticed(mutant, part.tests)), sample)
        for number, (mutant, noticed) in enumerate(found, start=1):
            if not noticed:
                survivors.append(mutant)
                place = mutant.file.relative_to(SOURCE)
                print(
                    f"  survived {place} {mutant.operator}\n    {mutant.difference()}", flush=True
                )
            if number % 25 == 0:
                print(f"  {number}: {1 - len(survivors) / number:.1%} noticed", flush=True)
    share = 1 - len(survivors) / len(sample)
    print(
        f"{name}: {len(sample) - len(survivors)} of {len(sample)} noticed, {share:.1%}", flush=True
    )
    return share


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    os.chdir(ROOT)
    for name in arguments.parts or PARTS:
        judge(name, PARTS[name], arguments.sample, arguments.seed, arguments.jobs)


if __name__ == "__main__":
    main()
