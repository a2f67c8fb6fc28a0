"""Which lines need which: an order in which each comes after what it needs, and the circles that have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mutualist.domain.venture.expressions import ExpressionError, names, parse
from mutualist.domain.venture.model import Line


def needs(line: Line, lines: Mapping[str, Line]) -> Iterator[str]:
    """Yield the lines that a line refers to; an amount that can't be read refers to none."""
    try:
        tree = parse(line.amount)
    except ExpressionError:
        return
    for name in names(tree):
        if name.name in lines:
            yield name.name


def line_order(lines: Mapping[str, Line]) -> tuple[list[str], list[list[str]]]:
    """Return all lines, each after those it needs, and the circles among them.

    Depth first with a stack of its own: a chain of a thousand lines must not end in Python's limit of calls.

    Examples
    --------
    >>> one, two = Line("one", "two + 1"), Line("two", "3")
    >>> line_order({"one": one, "two": two})
    (['two', 'one'], [])
    >>> line_order({"one": one, "two": Line("two", "one")})[1]
    [['one', 'two', 'one']]
    """
    order: list[str] = []
    circles: list[list[str]] = []
    done: set[str] = set()
    for start in lines:
        path = {start: needs(lines[start], lines)}
        while path and start not in done:
            current = next(reversed(path))
            following = next(path[current], None)
            if following is None:
                del path[current]
                done.add(current)
                order.append(current)
            elif following in path:
                listed = [*path]
                circles.append([*listed[listed.index(following) :], following])
            elif following not in done:
                path[following] = needs(lines[following], lines)
    return order, circles
