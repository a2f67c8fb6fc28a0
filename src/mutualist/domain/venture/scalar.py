"""Evaluate a condition of a rule file on plain figures; a figure that is not known makes a comparison false."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import nan
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Final

from mutualist.domain.venture.expressions import (
    Binary,
    Call,
    Choose,
    ExpressionError,
    Name,
    Node,
    Number,
    Unary,
    parse,
)

_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
_COUNT: Final[Mapping[str, Callable[[float, float], float]]] = {"+": add, "-": sub, "*": mul}


def evaluate(text: str, figures: Mapping[str, float | None]) -> float:
    """Return the value of an expression; conditions give 1 or 0.

    Parameters
    ----------
    text
        In the language of :mod:`.expressions`.
    figures
        Value per name; None is unknown.

    Raises
    ------
    ExpressionError
        For a name that there is none of.

    Examples
    --------
    >>> evaluate("share >= 0.5 and risk < 1", {"share": 0.7, "risk": None})
    0.0
    """
    return _value(parse(text), figures)


def _value(node: Node, figures: Mapping[str, float | None]) -> float:
    match node:
        case Number(value=value):
            return value
        case Name(name=name):
            return _named(name, figures)
        case Unary(op=op, part=part):
            inner = _value(part, figures)
            return float(not inner) if op == "not" else -inner
        case Choose(test=test, then=then, other=other):
            return _value(then if _value(test, figures) else other, figures)
        case Call(name=name, args=args):
            return _called(name, [_value(arg, figures) for arg in args])
        case Binary(op=op, left=left, right=right):
            return _binary(op, left, right, figures)
    raise AssertionError(node)


def _named(name: str, figures: Mapping[str, float | None]) -> float:
    if name not in figures:
        raise ExpressionError("unknown_name", name=name, known=sorted(figures))
    value = figures[name]
    return nan if value is None else float(value)


def _called(name: str, values: list[float]) -> float:
    functions: Mapping[str, Callable[[list[float]], float]] = {
        "min": min,
        "max": max,
        "abs": lambda found: abs(found[0]),
    }
    if name not in functions:
        raise ExpressionError("unknown_function", name=name, known=sorted(functions), at=1)
    return functions[name](values)


def _binary(op: str, left: Node, right: Node, figures: Mapping[str, float | None]) -> float:
    first = _value(left, figures)
    if op == "and":
        return float(bool(first) and bool(_value(right, figures)))
    if op == "or":
        return float(bool(first) or bool(_value(right, figures)))
    second = _value(right, figures)
    if op in _COMPARE:
        return float(_COMPARE[op](first, second))
    if op == "/":
        return first / second if second else nan
    return _COUNT[op](first, second)
