"""Small faults in a module, made by cosmic-ray's operators; tests/mutants.py says which are left out."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
import warnings
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from critical import SOURCE

#: These take parameters and would change names of our own choosing.
NEED_WORDS = {"core/VariableReplacer", "core/VariableInserter"}
FORMS = {"dataclass", "lru_cache", "TypeVar"}
REMEMBERS = {"cache", "lru_cache"}


@dataclass(frozen=True)
class Mutant:
    """One changed module."""

    file: Path
    operator: str
    line: int
    code: str

    @property
    def module(self) -> str:
        parts = self.file.relative_to(SOURCE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def place(self) -> str:
        return str(self.file.relative_to(SOURCE / "mutualist"))

    def difference(self) -> str:
        lines = unified_diff(
            self.file.read_text(encoding="utf-8").splitlines(),
            self.code.splitlines(),
            n=0,
            lineterm="",
        )
        changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
        return " ".join(f"{line[0]} {line[1:].strip()}" for line in changed)

    def __str__(self) -> str:
        return f"{self.place}: {self.difference()}"


def places_in(file: Path) -> list[tuple[Path, list[tuple[str, int, int]]]]:
    """Return the places of a module that can be changed, each with the operators that fit there."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    tree = get_ast_from_path(file)
    places: dict[tuple[Any, str], list[tuple[str, int, int]]] = {}
    for name in sorted(operator_names()):
        if name in NEED_WORDS:
            continue
        operator = get_operator(name)()
        found = [place for node in ast_nodes(tree) for place in operator.mutation_positions(node)]
        for number, place in enumerate(found):
            fitting = places.setdefault((place, name.split("_")[0]), [])
            fitting.append((name, number, place[0][0]))
    return [(file, fitting) for fitting in places.values()]


def mutant_at(file: Path, name: str, number: int, line: int) -> Mutant | None:
    """Return the changed module, or None when nothing that runs was changed."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = file.read_text(encoding="utf-8")
    code = mutate_code(text, get_operator(name)(), number)
    pure = "domain" in file.parts
    try:
        if code is None or _meaning(code, pure=pure) == _meaning(text, pure=pure):
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(code, str(file), "exec")
    except SyntaxError:
        # No fault anybody could commit: `{&written}` for `{**written}`, `lang is "de"`.
        return None
    return Mutant(file, name, line, code)


def _meaning(code: str, *, pure: bool) -> str:
    """Return what a module does, without what the first lines of this file leave out."""
    tree = ast.parse(code)
    tree.body = [node for node in tree.body if not _is_for_types(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in FORMS:
            node.args, node.keywords = [], []
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in ast.walk(node.args):
                if isinstance(argument, ast.arg):
                    argument.annotation = None
            if pure:
                node.decorator_list = [
                    one
                    for one in node.decorator_list
                    if _name(one.func if isinstance(one, ast.Call) else one) not in REMEMBERS
                ]
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def _is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


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


def lines_around(file: Path, line: int) -> tuple[range, range | None]:
    """Return the lines of the innermost statement that holds a line, and those of the outermost function's body."""
    best, body = range(line, line + 1), None
    # Walks from outside to inside.
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= _end(node):
            body = body or range(node.body[0].lineno, _end(node) + 1)
        if isinstance(node, ast.stmt) and node.lineno <= line <= _end(node):
            inner = getattr(node, "body", None)
            # Of a statement that holds others only the lines before them are its own.
            best = range(node.lineno, inner[0].lineno if inner else _end(node) + 1)
    return best, body


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
