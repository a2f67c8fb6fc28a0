"""The text of a formula as a syntax tree: conditions with texts, dates, ``is empty`` and ``group[key]``."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction

from mutualist.domain.programme.rules.slips import remedy
from mutualist.domain.shared.language.expressions import (
    Comparison,
    ExpressionError,
    Name,
    Node,
    Not,
    Parser,
    Token,
)

MAX_LENGTH = 4000
_DISTINCT = re.compile(r"\bcount\s*\(\s*distinct\s+")


@dataclass(frozen=True, slots=True)
class Exact(Node):
    """A number as it is written."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Date(Node):
    """A day, as 2026-03-31."""

    value: dt.date


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """``group[key]`` or ``group[key, key]``."""

    name: str
    keys: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """``part is empty``."""

    part: Node


class FormulaParser(Parser):
    """The language of rooms' conditions, and what programmes need beyond it."""

    pattern = re.compile(
        r"(?P<space>\s+)|(?P<date>\d{4}-\d{2}-\d{2}(?!\d))|(?P<number>\d+\.\d+|\d+(?![A-Za-z_0-9]))"
        r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<name>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_0-9]+)*)"
        r"|(?P<op><=|>=|!=|==|[-+*/()\[\],=<>])"
    )

    def comparison(self) -> Node:
        """Read a sum, two that are compared, or ``is empty``."""
        compared = super().comparison()
        if not self._word("is"):
            return compared
        negated = self.accept("not") is not None
        if not self._word("empty"):
            self.fail("„empty“", "'empty'")
        empty = Empty(compared.at, compared)
        return Not(compared.at, empty) if negated else empty

    def _word(self, text: str) -> bool:
        if self.token.kind == "name" and self.token.text == text:
            self.take()
            return True
        return False

    def primary(self) -> Node:
        """Read a text, a day, ``group[key]``, or what every condition may hold."""
        token = self.token
        if token.kind == "text":
            self.take()
            return Text(token.at, token.text[1:-1])
        if token.kind == "date":
            self.take()
            return Date(token.at, self._day(token))
        node = super().primary()
        if isinstance(node, Name) and self.accept("["):
            return Lookup(node.at, ".".join(node.path), self.entries("]"))
        return node

    def _day(self, token: Token) -> dt.date:
        try:
            return dt.date.fromisoformat(token.text)
        except ValueError:
            raise ExpressionError(
                f"Den Tag {token.text} gibt es nicht.", f"There is no day {token.text}.", token.at
            ) from None

    def number(self, token: Token) -> Node:
        """Return a number exactly as it is written."""
        return Exact(token.at, Fraction(token.text))


def parse(text: str) -> Node:
    """Read a formula of a programme.

    Parameters
    ----------
    text
        For example ``"kind in [CPOR, DPOR] and tenant in enterprise"``; ``count(distinct a, b)`` is read as
        ``count_distinct(a, b)``.

    Raises
    ------
    ExpressionError
        If the text does not follow the grammar; ``at`` is the place.

    Examples
    --------
    >>> parse("ended is not empty").part
    Empty(at=0, part=Name(at=0, path=('ended',)))
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"Die Formel hat {len(text)} Zeichen; höchstens {MAX_LENGTH} sind möglich.",
            f"The formula has {len(text)} characters; at most {MAX_LENGTH} are possible.",
        )
    written = _DISTINCT.sub("count_distinct(", text)
    try:
        return FormulaParser(written).whole("das Ende der Formel", "the end of the formula")
    except ExpressionError as error:
        de, en = remedy(written, error.at)
        raise ExpressionError(
            f"{error.de} {de}".rstrip(), f"{error.en} {en}".rstrip(), error.at
        ) from None


__all__ = ["Comparison", "Date", "Empty", "Exact", "Lookup", "Text", "parse"]
