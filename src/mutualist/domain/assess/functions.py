"""The functions that conditions and formulas may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mutualist.domain.assess.compiler import Compiler
from mutualist.domain.assess.fragments import (
    Chosen,
    Fragment,
    Numeric,
    Party,
    Rows,
    Several,
    Shares,
    Truth,
    Wording,
)
from mutualist.domain.assess.vocabulary import Scope, unknown_name, wrong_type
from mutualist.domain.shared.language.expressions import Call, ExpressionError, Listing, Name, Node

Maker = Callable[[Compiler, Call, Scope], Fragment]
FUNCTIONS: dict[str, Maker] = {}


def function(name: str, least: int, most: int | None = None) -> Callable[[Maker], Maker]:
    """Register a function with its number of arguments."""

    def register(maker: Maker) -> Maker:
        def checked(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
            count = len(node.args)
            if count < least or (most is not None and count > most):
                raise ExpressionError(
                    f"„{name}“ bekommt hier {count} Angaben; das passt nicht.",
                    f"{name!r} does not take {count} arguments.",
                    node.at,
                )
            return maker(compiler, node, scope)

        FUNCTIONS[name] = checked
        return maker

    return register


def call(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    """Compile a call: of a function, or of a formula of the rule file."""
    formula = compiler.vocabulary.formulas.get(node.name)
    if formula is not None:
        params, body = formula
        if len(params) != len(node.args):
            raise ExpressionError(
                f"„{node.name}“ braucht {len(params)} Angaben.",
                f"{node.name!r} needs {len(params)} arguments.",
                node.at,
            )
        given = {
            name: compiler.compile(arg, scope) for name, arg in zip(params, node.args, strict=True)
        }
        try:
            return compiler.compile(body, replace(scope, bound=given))
        except ExpressionError as error:
            error.formula = error.formula or node.name
            raise
    maker = FUNCTIONS.get(node.name)
    if maker is None:
        raise unknown_name(node.name, [*FUNCTIONS, *compiler.vocabulary.formulas], node.at)
    return maker(compiler, node, scope)


# ------------------------------------------------------------------------------------------------------------------ rows


def _rows(compiler: Compiler, node: Node, scope: Scope) -> Rows:
    found = compiler.compile(node, scope)
    if not isinstance(found, Rows):
        raise wrong_type(found, "ein Punkt mit Zeilen", "an item with rows", node.at)
    return found


def _row_scope(compiler: Compiler, rows: Rows, scope: Scope) -> Scope:
    return scope.with_names(**compiler.columns(compiler.vocabulary.by_name[rows.item]))


def _conditions(compiler: Compiler, nodes: tuple[Node, ...], scope: Scope) -> str:
    parts = [compiler.truth(node, scope).code for node in nodes]
    return f" if {' and '.join(parts)}" if parts else ""


@function("sum", 1)
def _sum(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    rows = _rows(compiler, node.args[0], scope)
    item = compiler.vocabulary.by_name[rows.item]
    index = tuple(item.fields).index(item.value)
    test = _conditions(compiler, node.args[1:], _row_scope(compiler, rows, scope))
    name = compiler.names.fresh()
    code = f"(None if ({name} := {rows.code}) is None else sum([r[{index}] for r in {name}{test}]))"
    return Numeric(code, exact=False, unit=item.fields[item.value].unit)


@function("sum_of", 2)
def _sum_of(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    rows = _rows(compiler, node.args[0], scope)
    inner = _row_scope(compiler, rows, scope)
    value = compiler.number(node.args[1], inner)
    test = _conditions(compiler, node.args[2:], inner)
    name = compiler.names.fresh()
    return Numeric(
        f"(None if ({name} := {rows.code}) is None else sum([{value.code} for r in {name}{test}]))",
        exact=False,
    )


@function("count", 1)
def _count(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    found = compiler.compile(node.args[0], scope)
    name = compiler.names.fresh()
    if isinstance(found, Several):
        inner = scope.with_names(it=Chosen("r", total=True, options=found.options))
    elif isinstance(found, Rows):
        inner = _row_scope(compiler, found, scope)
    else:
        raise wrong_type(
            found,
            "eine Liste oder ein Punkt mit Zeilen",
            "a list or an item with rows",
            node.args[0].at,
        )
    test = _conditions(compiler, node.args[1:], inner)
    counted = f"len([r for r in {name}{test}])" if test else f"len({name})"
    return Numeric(f"(None if ({name} := {found.code}) is None else {counted})")


@function("is_person", 1, 1)
def _is_person(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    found = compiler.compile(node.args[0], scope)
    if not isinstance(found, Wording):
        raise wrong_type(found, "ein Text", "a text", node.args[0].at)
    return Truth(f"is_person({found.code})", false=f"not is_person({found.code})")


# ---------------------------------------------------------------------------------------------------------------- values


@function("known", 1, 1)
def _known(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    found = compiler.compile(node.args[0], scope)
    if isinstance(found, Truth):
        code = f"({found.code} or {found.false})"
        return Truth(code, false=f"not {code}")
    return Truth(f"({found.code} is not None)", false=f"({found.code} is None)")


@function("sure", 1, 1)
def _sure(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    found = compiler.truth(node.args[0], scope)
    return Truth(found.code, false=f"not {found.code}")


def _strict(name: str) -> None:
    @function(name, 2)
    def _extreme(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
        held = [compiler.held(compiler.number(arg, scope)) for arg in node.args]
        value = f"{name}({', '.join(code for _, code in held)})"
        tests = [test for test, _ in held if test]
        code = f"({value} if {' and '.join(tests)} else None)" if tests else value
        return Numeric(code, total=not tests, exact=False)


_strict("min")
_strict("max")


@function("highest", 2)
def _highest(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    parts = [compiler.number(arg, scope) for arg in node.args]
    code = f"highest({', '.join(part.code for part in parts)})"
    return Numeric(code, total=any(part.total for part in parts), exact=False)


@function("abs", 1, 1)
def _abs(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    found = compiler.number(node.args[0], scope)
    test, code = compiler.held(found)
    return Numeric(
        f"(abs({code}) if {test} else None)" if test else f"abs({code})",
        total=found.total,
        exact=False,
    )


@function("worth", 1, 1)
def _worth(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    found = compiler.compile(node.args[0], scope)
    worths = compiler.vocabulary.lists.get(found.options, ()) if isinstance(found, Chosen) else ()
    if not worths or any(option.worth is None for option in worths):
        raise wrong_type(
            found, "eine Auswahl mit „worth“", "a choice with 'worth'", node.args[0].at
        )
    table = repr({option.key: option.worth for option in worths})
    test, code = compiler.held(found)
    return Numeric(
        f"({table}[{code}] if {test} else None)" if test else f"{table}[{code}]", total=found.total
    )


@function("months", 2, 2)
def _months(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    since, until = (compiler.number(arg, scope) for arg in node.args)
    return Numeric(f"months({since.code}, {until.code})")


@function("top", 1, 1)
def _top(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    found = _shares(compiler, node.args[0], scope)
    return Several(f"top({found.code})", options=found.options)


@function("cosine", 2, 2)
def _cosine(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    left, right = (_shares(compiler, arg, scope) for arg in node.args)
    return Numeric(f"cosine({left.code}, {right.code})", exact=False)


def _shares(compiler: Compiler, node: Node, scope: Scope) -> Shares:
    found = compiler.compile(node, scope)
    if not isinstance(found, Shares) or found.pledges:
        raise wrong_type(found, "eine Verteilung von Punkten", "a distribution of points", node.at)
    return found


@function("same_third", 2, 2)
def _same_third(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    thirds = []
    for arg in node.args:
        found = compiler.compile(arg, scope)
        if not isinstance(found, Chosen) or not found.third:
            raise wrong_type(found, "ein Punkt wie 3.4", "an item such as 3.4", arg.at)
        thirds.append(found.third)
    code = f"({thirds[0]} is not None and {thirds[0]} == {thirds[1]})"
    return Truth(code, false=f"not {code}")


@function("mutual", 1, 1)
def _mutual(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    pledge = node.args[0]
    if not isinstance(pledge, Name) or pledge.path[0] not in compiler.vocabulary.pledges:
        raise ExpressionError(
            "Hier gehört eine Zusage hin, etwa P3.", "A pledge belongs here, such as P3.", node.at
        )
    signed = Listing(node.at, (Name(node.at, ("yes",)), Name(node.at, ("if",))))
    parts = []
    for side in ("X", "Y"):
        answer = compiler.compile(Name(node.at, (side, "pledges", *pledge.path)), scope)
        words = compiler.compile(signed, scope)
        parts.append(compiler.membership(node.at, answer, words))
    return Truth(
        f"({parts[0].code} and {parts[1].code})", false=f"({parts[0].false} or {parts[1].false})"
    )


# ------------------------------------------------------------------------------------------------------- the whole room


def _over_parties(node: Call, scope: Scope, count: int) -> Scope:
    if scope.kind != "room":
        raise ExpressionError(
            f"„{node.name}“ gibt es nur dort, wo über alle Parteien gerechnet wird.",
            f"{node.name!r} is only available where all parties are looked at.",
            node.at,
        )
    names = node.args[:count]
    bound: dict[str, Fragment] = {}
    for name, code in zip(names, ("x", "y"), strict=False):
        if not isinstance(name, Name) or len(name.path) != 1:
            raise ExpressionError(
                "Hier gehört ein Name wie X hin.", "A name such as X belongs here.", name.at
            )
        bound[name.path[0]] = Party(code, total=True)
    return scope.with_names(**bound)


def _quantifier(name: str, other: str) -> None:
    @function(name, 2, 2)
    def _each(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
        test = compiler.truth(node.args[1], _over_parties(node, scope, 1))
        return Truth(
            f"{name}([{test.code} for x in sides])", false=f"{other}([{test.false} for x in sides])"
        )


_quantifier("any", "all")
_quantifier("all", "any")


def _aggregate(name: str) -> None:
    @function(name, 2, 2)
    def _over(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
        value = compiler.number(node.args[1], _over_parties(node, scope, 1))
        return Numeric(f"{name}([{value.code} for x in sides])", exact=False)


_aggregate("total")
_aggregate("lowest")
_aggregate("largest")


@function("lowest_pair", 3, 3)
def _lowest_pair(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    value = compiler.number(node.args[2], _over_parties(node, scope, 2))
    return Numeric(f"lowest([{value.code} for x, y in pairs])", exact=False)


@function("same", 2, 2)
def _same(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
    value = compiler.compile(node.args[1], _over_parties(node, scope, 1))
    code = f"same([{value.code} for x in sides])"
    return Truth(f"({code} is True)", false=f"({code} is False)")


def _count_sets(name: str) -> None:
    @function(name, 2, 2)
    def _counted(compiler: Compiler, node: Call, scope: Scope) -> Fragment:
        value = compiler.compile(node.args[1], _over_parties(node, scope, 1))
        if not isinstance(value, Several):
            raise wrong_type(value, "eine Liste", "a list", node.args[1].at)
        return Numeric(f"{name}([{value.code} for x in sides])")


_count_sets("count_common")
_count_sets("count_united")


def _context(name: str) -> None:
    @function(name, 0, 0)
    def _from_room(compiler: Compiler, node: Call, scope: Scope) -> Fragment:  # noqa: ARG001
        _over_parties(node, scope, 0)
        return Numeric(f"room.{name}()", exact=False)


_context("loss_balance")
_context("completion")
_context("mutual_pledges")
