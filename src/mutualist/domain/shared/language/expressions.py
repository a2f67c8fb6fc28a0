"""The small language of conditions and formulas: text to syntax tree.

The language has numbers, names with dots, lists, calls, ``+ - * /``, ``= != < <= > >=``, ``in``, ``not in``, ``not``,
``and``, ``or`` and ``a if c else b``. It has no assignment, no loops and no access to anything but the answers; text
from a rule file is never handed to Python as it stands. :mod:`.checker` gives the tree its meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, NoReturn

KEYWORDS = frozenset({"and", "or", "not", "in", "if", "else"})
MAX_DEPTH = 60
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>\d+\.\d+|\d+(?![A-Za-z_0-9]))|(?P<name>\d*[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_0-9]+)*)"
    r"|(?P<op><=|>=|!=|==|[-+*/()\[\],=<>])"
)


class ExpressionError(ValueError):
    """A condition that cannot be read or makes no sense.

    Parameters
    ----------
    de, en
        What is wrong and how to put it right.
    at
        Index of the offending character in the text of the condition.

    Attributes
    ----------
    formula : str
        Name of the formula that the mistake is in, if it is not in the condition itself.
    """

    def __init__(self, de: str, en: str, at: int = 0) -> None:
        super().__init__(en)
        self.de = de
        self.en = en
        self.at = at
        self.formula = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the syntax tree; ``at`` is where it begins in the text."""

    at: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A literal number."""

    value: float | int


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A dotted name: ``X.income``, ``source``, ``fixed_price``."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing(Node):
    """``[a, b]``."""

    entries: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``name(a, b)``."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``left + right`` and so on."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``left >= right``, ``left in right``; ``not in`` is a :class:`Not` around ``in``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` over two or more parts."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """``not part``."""

    part: Node


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """``then if test else other``."""

    test: Node
    then: Node
    other: Node


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign, and where it begins."""

    kind: str
    text: str
    at: int


def _tokens(text: str, pattern: re.Pattern[str]) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            sign = text[at]
            raise ExpressionError(
                f"Das Zeichen „{sign}“ gehört nicht in eine Bedingung.",
                f"The character {sign!r} does not belong in a condition.",
                at,
            )
        kind = match.lastgroup or ""
        if kind != "space":
            word = match.group()
            found.append(
                Token("keyword" if word in KEYWORDS else kind, "=" if word == "==" else word, at)
            )
        at = match.end()
    found.append(Token("end", "", len(text)))
    return found


class Parser:
    """Recursive descent, one method a level of precedence.

    A language that knows more overrides :attr:`pattern` and the method of the level it adds to.
    """

    pattern: ClassVar[re.Pattern[str]] = _TOKEN

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text, self.pattern)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        """Return the token that is read next."""
        return self.tokens[self.index]

    def take(self) -> Token:
        """Return the next token and go on."""
        token = self.token
        self.index += 1
        return token

    def accept(self, *texts: str) -> Token | None:
        """Take the next sign or keyword if it is one of these."""
        token = self.token
        if token.kind in {"op", "keyword"} and token.text in texts:
            return self.take()
        return None

    def expect(self, text: str) -> None:
        """Take this sign or say that it is missing."""
        if self.accept(text) is None:
            self.fail(f"„{text}“", f"{text!r}")

    def fail(self, wanted_de: str, wanted_en: str) -> NoReturn:
        """Say what is wanted here and what stands there."""
        token = self.token
        here_de = f"„{token.text}“" if token.text else "das Ende"
        here_en = repr(token.text) if token.text else "the end"
        raise ExpressionError(
            f"Erwartet wird {wanted_de}, da steht {here_de}.",
            f"Expected {wanted_en}, found {here_en}.",
            token.at,
        )

    def expression(self) -> Node:
        """Read a whole expression."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(
                "Die Bedingung ist zu tief verschachtelt.",
                "The condition is nested too deeply.",
                self.token.at,
            )
        then = self.logic("or")
        if self.accept("if"):
            test = self.logic("or")
            self.expect("else")
            then = Choose(then.at, test, then, self.expression())
        self.depth -= 1
        return then

    def logic(self, op: str) -> Node:
        """Read parts joined by ``or``, or by ``and``."""
        part = self.logic_part(op)
        parts = [part]
        while self.accept(op):
            parts.append(self.logic_part(op))
        return parts[0] if len(parts) == 1 else Logic(part.at, op, tuple(parts))

    def logic_part(self, op: str) -> Node:
        """Read one part of what is joined."""
        return self.logic("and") if op == "or" else self.negation()

    def negation(self) -> Node:
        """Read ``not``, or a comparison."""
        found = self.accept("not")
        if found is None:
            return self.comparison()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(
                "Zu viele „not“ hintereinander.", "Too many 'not' in a row.", found.at
            )
        part = self.negation()
        self.depth -= 1
        return Not(found.at, part)

    def comparison(self) -> Node:
        """Read a sum, or two that are compared."""
        left = self.sum()
        negated = self.token.text == "not" and self.tokens[self.index + 1].text == "in"
        if negated:
            self.take()
        found = self.accept("in") if negated else self.accept("=", "!=", "<", "<=", ">", ">=", "in")
        if found is None:
            return left
        compared = Comparison(left.at, found.text, left, self.sum())
        return Not(left.at, compared) if negated else compared

    def sum(self) -> Node:
        """Read what is added and subtracted."""
        left = self.product()
        while found := self.accept("+", "-"):
            left = Arithmetic(left.at, found.text, left, self.product())
        return left

    def product(self) -> Node:
        """Read what is multiplied and divided."""
        left = self.unary()
        while found := self.accept("*", "/"):
            left = Arithmetic(left.at, found.text, left, self.unary())
        return left

    def unary(self) -> Node:
        """Read a sign, or a value."""
        found = self.accept("-")
        if found is None:
            return self.primary()
        return Arithmetic(found.at, "-", Number(found.at, 0), self.primary())

    def primary(self) -> Node:
        """Read a value."""
        token = self.token
        if token.kind == "number":
            self.take()
            return self.number(token)
        if token.kind == "name":
            self.take()
            if self.accept("("):
                return Call(token.at, token.text, self.entries(")"))
            return Name(token.at, tuple(token.text.split(".")))
        if self.accept("["):
            return Listing(token.at, self.entries("]"))
        if not self.accept("("):
            self.fail("eine Zahl, ein Name oder „(“", "a number, a name or '('")
        inside = self.expression()
        self.expect(")")
        return inside

    def number(self, token: Token) -> Node:
        """Return what a number is read as."""
        return Number(token.at, float(token.text) if "." in token.text else int(token.text))

    def whole(self, text_de: str, text_en: str) -> Node:
        """Read everything there is as one expression."""
        tree = self.expression()
        if self.token.kind != "end":
            self.fail(text_de, text_en)
        return tree

    def entries(self, closing: str) -> tuple[Node, ...]:
        """Read expressions between commas up to the closing sign."""
        if self.accept(closing):
            return ()
        found = [self.expression()]
        while self.accept(","):
            found.append(self.expression())
        self.expect(closing)
        return tuple(found)


def parse(text: str) -> Node:
    """Read a condition or formula.

    Parameters
    ----------
    text
        For example ``"sum(X.income, payer = Y) >= 50"``.

    Returns
    -------
    Node
        The syntax tree; names are not looked up yet.

    Raises
    ------
    ExpressionError
        If the text does not follow the grammar; ``at`` is the place.

    Examples
    --------
    >>> parse("Y.control = us").op
    '='
    >>> parse("1 +")
    Traceback (most recent call last):
    mutualist.domain.shared.language.expressions.ExpressionError: Expected a number, a name or '(', found the end.
    """
    return Parser(text).whole("das Ende der Bedingung", "the end of the condition")
