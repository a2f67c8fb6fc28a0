"""The small language of amounts and conditions: text to syntax tree.

It has numbers (with a unit in brackets where one is meant: ``5 [money/piece]``), names, ``+ - * /``, comparisons,
``and``, ``or``, ``not``, ``a if c else b`` and the functions in :data:`FUNCTIONS`. It has no assignment, no loop and no
access to anything but the venture's own names; text from a file is never handed to Python as it stands.
:mod:`.unit_check` looks the names up and checks the units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NoReturn

KEYWORDS: Final = frozenset({"and", "or", "not", "if", "else"})
#: Functions and how many arguments they take, at least and at most.
FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"min": (2, 8), "max": (2, 8), "abs": (1, 1), "previous": (1, 1), "total": (1, 1)}
)
MAX_DEPTH: Final = 60
MAX_LENGTH: Final = 2000
#: Operators of one formula; a tree of more is too deep to walk through.
MAX_OPERATORS: Final = 200
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>[^\W\d]\w*)|(?P<unit>\[[^\]]*\])|(?P<op><=|>=|!=|==|[-+*/()<>=,])"
)


class ExpressionError(ValueError):
    """An expression that cannot be read or makes no sense.

    Attributes
    ----------
    code : str
        What is wrong, a key of the problem texts.
    values : dict
        What the sentence quotes; ``at`` counts characters from 1.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the syntax tree; ``at`` is where it begins in the text."""

    at: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A literal number; without a unit it takes the unit that is needed."""

    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name of the venture: driver, event, column, profile or line."""

    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``name(a, b)``."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """``left op right`` with one of ``+ - * / = != < <= > >= and or``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``- part`` or ``not part``."""

    op: str
    part: Node


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """``then if test else other``."""

    test: Node
    then: Node
    other: Node


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_LENGTH:
        raise ExpressionError("expression_too_long", length=len(text), allowed=MAX_LENGTH)
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError("expression_sign", sign=text[at], at=at + 1)
        if match.lastgroup != "space":
            word = match.group()
            kind = "keyword" if word in KEYWORDS else match.lastgroup or ""
            found.append(_Token(kind, "=" if word == "==" else word, at))
        at = match.end()
    found.append(_Token("end", "", len(text)))
    operators = sum(one.kind in {"op", "keyword"} and one.text not in {"(", ")"} for one in found)
    if operators > MAX_OPERATORS:
        values = {"count": operators, "allowed": MAX_OPERATORS}
        raise ExpressionError("expression_too_many", **values)
    return found


class _Parser:
    """Recursive descent, one method a level of precedence."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def take(self) -> _Token:
        token = self.token
        self.index += 1
        return token

    def accept(self, *texts: str) -> _Token | None:
        token = self.token
        if token.kind in {"op", "keyword"} and token.text in texts:
            return self.take()
        return None

    def fail(self) -> NoReturn:
        token = self.token
        raise ExpressionError(
            "expression_syntax", text=self.text, found=token.text or "–", at=token.at + 1
        )

    def expression(self) -> Node:
        self.enter()
        then = self.disjunction()
        if self.accept("if"):
            test = self.disjunction()
            if not self.accept("else"):
                self.fail()
            then = Choose(then.at, test, then, self.expression())
        self.depth -= 1
        return then

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("expression_too_deep", at=self.token.at + 1)

    def disjunction(self) -> Node:
        left = self.conjunction()
        while self.accept("or"):
            left = Binary(left.at, "or", left, self.conjunction())
        return left

    def conjunction(self) -> Node:
        left = self.negation()
        while self.accept("and"):
            left = Binary(left.at, "and", left, self.negation())
        return left

    def negation(self) -> Node:
        found = self.accept("not")
        if found is None:
            return self.comparison()
        self.enter()
        part = self.negation()
        self.depth -= 1
        return Unary(found.at, "not", part)

    def comparison(self) -> Node:
        left = self.sum()
        found = self.accept("=", "!=", "<", "<=", ">", ">=")
        return Binary(left.at, found.text, left, self.sum()) if found else left

    def sum(self) -> Node:
        left = self.product()
        while found := self.accept("+", "-"):
            left = Binary(left.at, found.text, left, self.product())
        return left

    def product(self) -> Node:
        left = self.unary()
        while found := self.accept("*", "/"):
            left = Binary(left.at, found.text, left, self.unary())
        return left

    def unary(self) -> Node:
        found = self.accept("-")
        if found is None:
            return self.primary()
        self.enter()
        part = self.unary()
        self.depth -= 1
        return Unary(found.at, "-", part)

    def primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.take()
            unit = self.take().text[1:-1] if self.token.kind == "unit" else None
            return Number(token.at, float(token.text), unit)
        if token.kind == "name":
            self.take()
            return self.call(token) if self.accept("(") else Name(token.at, token.text)
        if not self.accept("("):
            self.fail()
        inside = self.expression()
        if not self.accept(")"):
            self.fail()
        return inside

    def call(self, token: _Token) -> Node:
        if token.text not in FUNCTIONS:
            raise ExpressionError(
                "unknown_function", name=token.text, known=sorted(FUNCTIONS), at=token.at + 1
            )
        args = [self.expression()]
        while self.accept(","):
            args.append(self.expression())
        if not self.accept(")"):
            self.fail()
        low, high = FUNCTIONS[token.text]
        if not low <= len(args) <= high:
            raise ExpressionError("wrong_arguments", name=token.text, found=len(args), low=low)
        return Call(token.at, token.text, tuple(args))


def parse(text: str) -> Node:
    """Read an amount or a condition.

    Parameters
    ----------
    text
        For example ``"units * price"``.

    Returns
    -------
    Node
        The syntax tree; names are not looked up yet.

    Raises
    ------
    ExpressionError
        If the text does not follow the grammar.

    Examples
    --------
    >>> parse("units * price").op
    '*'
    """
    parser = _Parser(text)
    tree = parser.expression()
    if parser.token.kind != "end":
        parser.fail()
    return tree


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts a node is made of."""
    match node:
        case Binary(left=left, right=right):
            return left, right
        case Unary(part=part):
            return (part,)
        case Call(args=args):
            return args
        case Choose(test=test, then=then, other=other):
            return test, then, other
    return ()


def names(node: Node) -> Iterator[Name]:
    """Yield every name that a tree mentions, from left to right."""
    if isinstance(node, Name):
        yield node
    for part in children(node):
        yield from names(part)
