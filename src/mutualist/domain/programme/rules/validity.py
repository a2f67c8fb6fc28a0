"""``valid(item, list, date)``: whether an item of a list counted on a day of the facts, put in terms of other forms."""

from __future__ import annotations

import datetime as dt

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Listing
from mutualist.domain.programme.rules.trees import Tree


def valid_on(listing: Listing, item: Tree, date: Tree) -> Tree:
    """Return the condition that an item counted on a day, both ends inclusive; false where the day is empty.

    Items of the same time stand together, so long lists stay short conditions.
    """
    times: dict[tuple[dt.date | None, dt.date | None], list[str]] = {}
    for one in listing.items.values():
        times.setdefault((one.since, one.counts_until), []).append(one.item)
    parts = [_within(date, *ends, _among(item, names)) for ends, names in times.items()]
    known = trees.Negation("flag", trees.IsEmpty("flag", date))
    return trees.Junction("flag", "and", (known, _either(parts)))


def _among(item: Tree, names: list[str]) -> Tree:
    return trees.OneOf("flag", item, tuple(trees.Const("text", name) for name in names))


def _within(date: Tree, since: dt.date | None, until: dt.date | None, among: Tree) -> Tree:
    parts = [among]
    if since is not None:
        parts.append(trees.Compare("flag", ">=", date, trees.Const("date", since)))
    if until is not None:
        parts.append(trees.Compare("flag", "<=", date, trees.Const("date", until)))
    return trees.Junction("flag", "and", tuple(parts)) if len(parts) > 1 else among


def _either(parts: list[Tree]) -> Tree:
    if not parts:
        return trees.Const("flag", value=False)
    return trees.Junction("flag", "or", tuple(parts)) if len(parts) > 1 else parts[0]
