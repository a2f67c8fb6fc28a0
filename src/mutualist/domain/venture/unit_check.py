"""What an expression measures: money, pieces, a share, or a condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from mutualist.domain.venture.expressions import (
    Binary,
    Call,
    Choose,
    ExpressionError,
    Name,
    Node,
    Number,
    Unary,
)
from mutualist.domain.venture.units import SHARE, Unit, parse_unit, times, unit_text

#: A bare number fits any unit; a condition has none.
Measure = Unit | Literal["any", "condition"]
ANY: Final = "any"
CONDITION: Final = "condition"
_COMPARING: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})


def measure(  # noqa: C901, PLR0911 - one case a kind of node
    node: Node, unit_of: Callable[[Name], Measure], currency: str = ""
) -> Measure:
    """Return what a tree measures.

    Parameters
    ----------
    node
        Syntax tree.
    unit_of
        Returns the unit of a name, or raises :class:`ExpressionError`.
    currency
        The code that means money.

    Raises
    ------
    ExpressionError
        When quantities of different units are added, compared or chosen between, or a condition is used as a number.

    Examples
    --------
    >>> from mutualist.domain.venture.expressions import parse
    >>> units = {"units": (("piece", 1),), "price": (("money", 1), ("piece", -1))}
    >>> measure(parse("units * price"), lambda name: units[name.name])
    (('money', 1),)
    """

    def of(part: Node) -> Measure:
        return measure(part, unit_of, currency)

    match node:
        case Number(unit=None):
            return ANY
        case Number(unit=str(text)):
            try:
                return parse_unit(text, currency)
            except ValueError as error:
                raise ExpressionError("bad_unit", value=text) from error
        case Name():
            return unit_of(node)
        case Unary(op="not", part=part):
            _need_condition(of(part))
            return CONDITION
        case Unary(part=part):
            return _quantity(of(part))
        case Call(args=args):
            return _same([of(part) for part in args], node)
        case Choose(test=test, then=then, other=other):
            _need_condition(of(test))
            return _same([of(then), of(other)], node)
        case Binary(op=op, left=left, right=right):
            return _binary(op, of(left), of(right), node)
    raise AssertionError(node)


def _binary(op: str, left: Measure, right: Measure, node: Node) -> Measure:
    if op in {"and", "or"}:
        _need_condition(left)
        _need_condition(right)
        return CONDITION
    if op in _COMPARING:
        _same([left, right], node)
        return CONDITION
    if op in {"+", "-"}:
        return _same([left, right], node)
    left, right = _quantity(left), _quantity(right)
    if ANY in {left, right} and {left, right} <= {ANY, SHARE}:
        return ANY
    first = SHARE if left == ANY else left
    second = SHARE if right == ANY else right
    assert not isinstance(first, str)
    assert not isinstance(second, str)
    return times(first, second, 1 if op == "*" else -1)


def _same(found: list[Measure], node: Node) -> Measure:
    known = [one for one in map(_quantity, found) if one != ANY]
    if not known:
        return ANY
    for other in known[1:]:
        if other != known[0]:
            raise ExpressionError(
                "units_mixed", first=said(known[0]), second=said(other), at=node.at + 1
            )
    return known[0]


def _quantity(found: Measure) -> Measure:
    """Take a condition for the number 1 or 0 nowhere but where it is a share."""
    return SHARE if found == CONDITION else found


def _need_condition(found: Measure) -> None:
    if found not in {CONDITION, ANY, SHARE}:
        raise ExpressionError("no_condition", unit=said(found))


def said(found: Measure) -> str:
    """Write what was found for a message."""
    return found if isinstance(found, str) else unit_text(found)
