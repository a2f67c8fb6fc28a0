"""The functions of formulas: what they take, what comes out, where they may stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from mutualist.domain.programme.rules.trees import Kind

#: Of an argument: a kind of value; ``pairs`` is a list of lists of two numbers, the last argument.
Argument = Kind | Literal["pairs", "like_first", "any"]


@dataclass(frozen=True, slots=True)
class Function:
    """How a function is called.

    Attributes
    ----------
    args
        Kinds of its arguments.
    optional
        So many of the last ones may be left out.
    more
        The last kind may be repeated.
    result
        What comes out; ``like_first``: what the first argument is.
    example
        One call, for messages.
    """

    args: tuple[Argument, ...]
    result: Kind | Literal["like_first"]
    example: str
    optional: int = 0
    more: bool = False


def _numbers(*names: str, example: str, more: bool = False, optional: int = 0) -> Function:
    return Function(tuple("number" for _ in names), "number", example, optional, more)


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "linear": _numbers("value", "threshold", "most", example="linear(value, 5, 20)"),
        "per_unit": _numbers("value", "points", "cap", example="per_unit(value, 4, 20)"),
        "per_whole_unit": _numbers(
            "value", "points", "cap", example="per_whole_unit(value, 4, 20)"
        ),
        "brackets": Function(("number", "pairs"), "number", "brackets(value, [[0, 5], [10, 8]])"),
        "brackets_from": Function(
            ("number", "pairs"), "number", "brackets_from(value, [[1, 5], [10, 8]])"
        ),
        "weighted_average": Function(
            ("pairs",), "number", "weighted_average([[a, 0.7], [b, 0.3]])"
        ),
        "min": Function(("any", "like_first"), "like_first", "min(a, b)", more=True),
        "max": Function(("any", "like_first"), "like_first", "max(a, b)", more=True),
        "sum": _numbers("a", example="sum(a, b, c)", more=True),
        "ratio": _numbers("a", "b", example="ratio(active, acquired)"),
        "growth": _numbers(
            "now", "before", "floor", example="growth(now, before, 10000)", optional=1
        ),
        "gate": Function(("flag", "number"), "number", "gate(people >= 2, 10)"),
        "all": Function(("flag",), "flag", "all(a > 0, b > 0)", more=True),
        "any": Function(("flag",), "flag", "any(a > 0, b > 0)", more=True),
        "at_least": Function(
            ("number", "flag"), "flag", "at_least(2, a > 0, b > 0, c > 0)", more=True
        ),
        "round": _numbers("x", "digits", example="round(x, 2)", optional=1),
        "floor": _numbers("x", example="floor(x)"),
        "ceil": _numbers("x", example="ceil(x)"),
        "days_since": Function(("date",), "number", "days_since(issued)"),
        "months_since": Function(("date",), "number", "months_since(issued)"),
    }
)
#: Further words that are called, and are no functions of values.
SPECIAL: Mapping[str, str] = MappingProxyType(
    {
        "all_positive": "all_positive()",
        "size": "size(list)",
        "valid": "valid(name, list) / valid(name, list, date)",
        "lookup": "lookup(item, list, column)",
        "within_latest": "within_latest(version, list, 3)",
    }
)
