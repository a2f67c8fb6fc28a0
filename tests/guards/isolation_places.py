"""Where the program keeps people apart, and how each of these places could be forgotten.

A place is a filter, a check or a condition in one function; forgetting it gives the function another
body. Only what widens is wanted here: a filter that is gone, a check that is skipped, a condition of
several that no longer counts, a role that no longer matters.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src"
APPS = "mutualist/apps"
FILES = (
    f"{APPS}/core/fences.py",
    f"{APPS}/rooms/managers.py",
    f"{APPS}/rooms/standing.py",
    f"{APPS}/rooms/scopes.py",
    f"{APPS}/rooms/fences.py",
    f"{APPS}/rooms/queries/access.py",
    f"{APPS}/rooms/queries/exports.py",
    f"{APPS}/rooms/queries/links.py",
    f"{APPS}/rooms/queries/lists.py",
    f"{APPS}/rooms/queries/news.py",
    f"{APPS}/rooms/queries/people.py",
    f"{APPS}/rooms/queries/results.py",
    f"{APPS}/rooms/queries/sheets.py",
    f"{APPS}/rooms/queries/status.py",
    f"{APPS}/rooms/actions/answers.py",
    f"{APPS}/rooms/actions/bonds.py",
    f"{APPS}/rooms/actions/bulk.py",
    f"{APPS}/rooms/actions/create.py",
    f"{APPS}/rooms/actions/files.py",
    f"{APPS}/rooms/actions/ground.py",
    f"{APPS}/rooms/actions/invitations.py",
    f"{APPS}/rooms/actions/openings.py",
    f"{APPS}/rooms/actions/rounds.py",
    f"{APPS}/rooms/actions/seals.py",
    f"{APPS}/rooms/actions/seats.py",
    f"{APPS}/identity/queries.py",
    f"{APPS}/identity/actions.py",
    f"{APPS}/rooms/queries/places.py",
    f"{APPS}/ventures/managers.py",
    f"{APPS}/ventures/private.py",
    f"{APPS}/ventures/queries.py",
    f"{APPS}/ventures/actions.py",
    f"{APPS}/projects/fences.py",
    f"{APPS}/projects/models.py",
    f"{APPS}/projects/queries.py",
    f"{APPS}/projects/actions/steps.py",
    f"{APPS}/projects/actions/registering.py",
    f"{APPS}/projects/actions/deciding.py",
    f"{APPS}/projects/actions/following.py",
    f"{APPS}/projects/actions/protecting.py",
    f"{APPS}/programme/standing.py",
)
# Files whose places guard what is sealed; here every one has to be noticed.
SEALED = (
    f"{APPS}/core/fences.py",
    f"{APPS}/rooms/fences.py",
    f"{APPS}/rooms/scopes.py",
    f"{APPS}/rooms/queries/sheets.py",
    f"{APPS}/rooms/queries/results.py",
    f"{APPS}/rooms/actions/openings.py",
    f"{APPS}/rooms/actions/seals.py",
    f"{APPS}/rooms/queries/places.py",
    f"{APPS}/ventures/private.py",
    f"{APPS}/projects/fences.py",
)
# The rule of private rows itself.
RULE = (
    f"{APPS}/rooms/fences.py",
    f"{APPS}/core/fences.py",
    f"{APPS}/ventures/private.py",
    f"{APPS}/projects/fences.py",
)
# Names by which rows belong to somebody; a filter by anything else is no fence.
FENCES = {
    *("room", "room_id", "room__in", "seat", "seat__in", "seat_id", "answerer", "answerer__seat"),
    *("organisation", "organisation_id", "organisation__in", "host", "host__in", "user", "user_id"),
    *(
        "created_by_id",
        "pk__in",
        "links__in",
        "revoked_at__isnull",
        "expires_at__gt",
        "expires__gt",
    ),
    *("accepted", "revoked", "digest", "unshared__gt", "chain__in", "audience__in", "host__isnull"),
    *("uid", "seats__shares_result_with_host", "venture", "venture__in", "shares_result_with_host"),
    *("programme", "programme__in", "relation", "relation__in", "registration"),
    *("registration__in", "uid__in"),
}
# Files in which every condition says something about who somebody is.
ABOUT_PEOPLE = (
    f"{APPS}/rooms/managers.py",
    f"{APPS}/rooms/standing.py",
    f"{APPS}/rooms/scopes.py",
    f"{APPS}/rooms/queries/people.py",
    f"{APPS}/rooms/queries/news.py",
    f"{APPS}/rooms/queries/places.py",
    f"{APPS}/ventures/managers.py",
    f"{APPS}/programme/standing.py",
)
WHO = re.compile(r"host|mine|sees_|neutral|organisation|is_lead|manages|own\b|side|vendor")
CHECKS = ("require_", "_require_", "_refuse_")
EMPTY = ("", None, 0, False)


@dataclass(frozen=True, slots=True)
class Place:
    """One place, and the function as it would be without it."""

    file: str
    function: str
    line: int
    what: str
    code: CodeType

    @property
    def sealed(self) -> bool:
        return self.file in SEALED

    def __str__(self) -> str:
        return (
            f"{self.file.removeprefix('mutualist/apps/')}:{self.line} {self.function}: {self.what}"
        )


Path_ = tuple[tuple[str, int | None], ...]


def _walk(node: ast.AST, path: Path_ = ()) -> Iterator[tuple[Path_, ast.AST]]:
    yield path, node
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _walk(value, (*path, (name, None)))
        elif isinstance(value, list):
            for number, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield from _walk(child, (*path, (name, number)))


def _at(tree: ast.AST, path: Path_) -> Any:
    for name, number in path:
        tree = getattr(tree, name)
        tree = tree if number is None else tree[number]
    return tree


def _with(tree: ast.AST, path: Path_, node: ast.AST) -> ast.AST:
    changed = copy.deepcopy(tree)
    name, number = path[-1]
    parent = _at(changed, path[:-1])
    new = ast.copy_location(node, _at(tree, path))
    if number is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[number] = new
    return ast.fix_missing_locations(changed)


def _without(node: ast.AST, *, file: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield the forms of a piece of code in which something that keeps people apart is missing."""
    if isinstance(node, ast.Call):
        yield from _call(node, file)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        if _name(node.value.func).startswith(CHECKS):
            yield f"without {ast.unparse(node)}", ast.Pass()
    elif isinstance(node, ast.If) and _refuses(node.body):
        yield f"never refuses if {ast.unparse(node.test)}", _if(node, ast.Constant(False))
        yield from _parts(node.test, ast.Or, "does not refuse if", lambda test: _if(node, test))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        yield f"no matter if {ast.unparse(node.left)}", node.right
        yield f"no matter if {ast.unparse(node.right)}", node.left
    elif isinstance(node, ast.IfExp) and _is_empty(node.orelse):
        if WHO.search(ast.unparse(node.test)):
            yield f"shown, no matter if {ast.unparse(node.test)}", node.body
    elif file in ABOUT_PEOPLE:
        yield from _parts(node, ast.And, "no matter if", lambda test: test)
        if isinstance(node, ast.comprehension) and node.ifs:
            what = f"all, no matter if {ast.unparse(node.ifs[0])}"
            yield what, ast.comprehension(node.target, node.iter, node.ifs[1:], node.is_async)


def _parts(
    test: ast.AST, kind: type[ast.boolop], said: str, put: Callable[[ast.expr], ast.AST]
) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, kind):
        for value in test.values:
            rest = [other for other in test.values if other is not value]
            kept = rest[0] if len(rest) == 1 else ast.BoolOp(test.op, rest)
            yield f"{said} {ast.unparse(value)}", put(kept)


def _call(node: ast.Call, file: str) -> Iterator[tuple[str, ast.AST]]:
    name = _name(node.func)
    if name in {"filter", "exclude", "Q"}:
        for number, value in enumerate(node.args):
            if not isinstance(value, ast.Starred):
                rest = [*node.args[:number], *node.args[number + 1 :]]
                yield f"without {ast.unparse(value)}", ast.Call(node.func, rest, node.keywords)
        for keyword in node.keywords:
            if keyword.arg in FENCES or file in RULE:
                rest = [other for other in node.keywords if other is not keyword]
                what = f"without {keyword.arg}={ast.unparse(keyword.value)}"
                yield what, ast.Call(node.func, node.args, rest)
    elif name == "require_lead":
        weaker = ast.Attribute(node.func.value, "require_answerer", ast.Load())  # type: ignore[attr-defined]
        yield "anybody of the seat instead of its lead", ast.Call(weaker, node.args, [])
    elif name == "organisations" and node.args:
        yield f"any role instead of {ast.unparse(node)}", ast.Call(node.func, [], [])
    elif name == "organisation_for" and len(node.args) > 2:
        yield "any role in the organisation", ast.Call(node.func, node.args[:2], [])
    elif name in {"visible_to", "held_by", "live"} and isinstance(node.func, ast.Attribute):
        everything = ast.Attribute(node.func.value, "all", ast.Load())
        yield f"without {name}", ast.Call(everything, [], [])


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _refuses(body: list[ast.stmt]) -> bool:
    last = body[-1]
    if not isinstance(last, ast.Raise):
        return False
    raised = ast.unparse(last)
    codes = (
        "NotAllowed",
        "NoScopeError",
        "own_access",
        "seat_taken",
        "seat_has_sealed",
        "two_sides",
    )
    codes += (
        "organisation_taken",
        "link_other_seat",
        "neutral_host",
        "parties_fixed",
        "all_sealed",
    )
    codes += ("result_belongs_to_all", "link_revoked", "link_expired", "BrokenSealError")
    return any(code in raised for code in codes)


def _if(node: ast.If, test: ast.expr) -> ast.If:
    return ast.If(test, node.body, node.orelse)


def _is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in EMPTY
    return isinstance(node, ast.Tuple | ast.List) and not node.elts


def _properties(tree: ast.AST) -> Iterator[tuple[Path_, str, ast.AST]]:
    """Yield functions that answer yes or no, as they would be if they always said yes."""
    for path, node in _walk(tree):
        if (
            not isinstance(node, ast.FunctionDef)
            or ast.unparse(node.returns or ast.Pass()) != "bool"
        ):
            continue
        if node.name.startswith(("is_", "may_", "sees_", "manages_", "admitted", "_came")):
            said = ast.Constant(node.name != "_came")
            body: list[ast.stmt] = [ast.Return(said)]
            new = copy.deepcopy(node)
            new.body = body
            yield path, f"always {said.value}", new


def _functions(code: CodeType, line: int) -> CodeType | None:
    """Return the innermost named function or method that holds a line."""
    best: CodeType | None = None
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            continue
        is_class = constant.co_argcount == 0 and "__module__" in constant.co_names
        if constant.co_name.startswith("<") and not is_class:
            continue
        lines = [number for _start, _end, number in constant.co_lines() if number]
        inner = _functions(constant, line)
        if is_class:
            best = inner or best
        elif lines and min(lines) <= line <= _last(constant):
            best = constant
    return best


def _last(code: CodeType) -> int:
    lines = [number for _start, _end, number in code.co_lines() if number]
    inner = [_last(one) for one in code.co_consts if isinstance(one, CodeType)]
    return max([*lines, *inner])


def _named(code: CodeType, qualname: str) -> CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == qualname:
                return constant
            found = _named(constant, qualname)
            if found is not None:
                return found
    return None


def places_in(file: str) -> Iterator[Place]:
    """Yield every place of a file."""
    path = PACKAGE / file
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = compile(tree, str(path), "exec")
    found = [
        (place, what, new)
        for place, node in _walk(tree)
        for what, new in _without(node, file=file)
        if place
    ]
    for place, what, new in [*found, *_properties(tree)]:
        node = _at(tree, place)
        line = getattr(node, "lineno", None) or node.target.lineno
        if isinstance(node, ast.FunctionDef):
            line = node.body[-1].lineno
        inside = line
        function = _functions(whole, inside)
        if function is None:
            yield from _in_a_question(file, tree, line, what, _with(tree, place, new))
            continue
        changed = _named(compile(_with(tree, place, new), str(path), "exec"), function.co_qualname)
        if changed is not None and changed.co_freevars == function.co_freevars:
            yield Place(file, function.co_qualname, line, what, changed)


def _in_a_question(
    file: str, tree: ast.Module, line: int, what: str, changed: ast.AST
) -> Iterator[Place]:
    """Yield a place in `name = Prepared(lambda …)`: a query that has a name and no function."""
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not node.lineno <= line <= (node.end_lineno or 0):
            continue
        call, target = node.value, node.targets[0]
        if not isinstance(call, ast.Call) or not isinstance(target, ast.Name):
            continue
        starts = {one.lineno for one in call.args if isinstance(one, ast.Lambda)}
        whole = compile(changed, str(PACKAGE / file), "exec")  # type: ignore[arg-type]
        for code in whole.co_consts:
            if not isinstance(code, CodeType) or code.co_name != "<lambda>":
                continue
            if code.co_firstlineno in starts:
                yield Place(file, target.id, line, what, code)


def all_places() -> list[Place]:
    """Return every place of the program."""
    return [place for file in FILES for place in places_in(file)]
