"""Texts, dates and flags of formulas in a database: constant, from columns, or empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mutualist.domain.programme.batch.exact import SIGNS, Exact
from mutualist.domain.programme.batch.stages import Term, apply, empty, literal
from mutualist.domain.programme.rules.trees import Kind

Flag = bool | Term
TYPES: dict[Kind, str] = {"text": "string", "date": "date", "flag": "boolean"}


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, a date or a flag: a constant, a column, or empty."""

    kind: Kind
    value: str | dt.date | bool | Term | None


Cell = Exact | Plain


class NotInOneQueryError(Exception):
    """A rule that no single exact query can hold; partners are scored one by one instead.

    Parameters
    ----------
    what
        The part of the rules, for whoever looks why.
    """


class NeedsCutoffsError(NotInOneQueryError):
    """A rule about the best of all partners that one query cannot order exactly: its cut-offs have to be given."""


def term_of(plain: Plain) -> Term:
    """Return the expression of a text, date or flag."""
    kind = TYPES[plain.kind]
    if plain.value is None:
        return empty(kind)
    if isinstance(plain.value, Term):
        return plain.value
    return literal(plain.value, kind)


def plain_is_empty(plain: Plain) -> Flag:
    """Return whether a text, date or flag is empty."""
    if isinstance(plain.value, Term):
        if plain.kind == "flag":
            # Written as they stand, "(NOT a) IS NULL" loses its brackets and means the opposite.
            return apply(lambda value: value.cast("string").isnull(), plain.value)
        return apply(lambda value: value.isnull(), plain.value)
    return plain.value is None


def compare_plain(op: str, a: Plain, b: Plain) -> Flag:
    """Return whether a comparison holds; it does not if one side is empty."""
    if a.value is None or b.value is None:
        return False
    sign = SIGNS[op]
    if not isinstance(a.value, Term) and not isinstance(b.value, Term):
        return bool(sign(a.value, b.value))
    return apply(lambda x, y: sign(x, y).fill_null(False), term_of(a), term_of(b))


def among(item: Plain, values: Sequence[object]) -> Flag:
    """Return whether a text is one of some constants; an empty one is not."""
    if item.value is None or not values:
        return False
    if not isinstance(item.value, Term):
        return item.value in values
    return apply(lambda x: x.isin(list(values)).fill_null(False), item.value)


def holds(flag: Cell) -> Flag:
    """Return a flag as a condition: an empty one does not hold."""
    assert isinstance(flag, Plain)
    assert flag.kind == "flag"
    if isinstance(flag.value, Term):
        return apply(lambda value: value.fill_null(False), flag.value)
    return bool(flag.value)


def as_flag(condition: Flag) -> Plain:
    """Return a condition as a flag."""
    return Plain("flag", condition)
