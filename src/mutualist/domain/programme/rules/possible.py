"""Whether conditions can hold together: each narrows the range of what it compares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.bounds import ZERO, Bounds, Range, joined
from mutualist.domain.programme.rules.trees import Tree

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@dataclass(slots=True)
class _Left:
    """What is left of numbers and texts, after some conditions."""

    ranges: dict[Tree, Range] = field(default_factory=dict)
    texts: dict[Tree, frozenset[object]] = field(default_factory=dict)

    def copy(self) -> _Left:
        return _Left(dict(self.ranges), dict(self.texts))

    def choose(self, tree: Tree, values: frozenset[object]) -> bool:
        """Let a text be one of some; False where none is left."""
        self.texts[tree] = self.texts.get(tree, values) & values
        return bool(self.texts[tree])


def can_hold(tree: Tree, bounds: Bounds) -> bool:
    """Return False where a condition holds for no facts at all; True if it may."""
    return conflict([tree], bounds) is None


def conflict(conditions: Iterable[Tree], bounds: Bounds) -> Tree | None:
    """Return the first condition that cannot hold together with those before it; None if all may.

    What is found is certain; what is not found may still be impossible.
    """
    left = _Left()
    for condition in conditions:
        for part in joined(condition):
            if not _narrow(part, bounds, left):
                return condition
    return None


def _narrow(tree: Tree, bounds: Bounds, left: _Left) -> bool:
    """Take a condition into account; False where nothing is left."""
    if isinstance(tree, trees.Const):
        return tree.value is not False
    if isinstance(tree, trees.Junction) or (
        isinstance(tree, trees.Apply) and tree.function == "any"
    ):
        parts = tree.parts if isinstance(tree, trees.Junction) else tree.args
        return any(_narrow(part, bounds, left.copy()) for part in parts)
    if isinstance(tree, trees.Apply) and tree.function == "at_least":
        return _enough(tree, bounds, left)
    if isinstance(tree, trees.Compare) and tree.left.kind in {"number", "date"}:
        return _compare(tree, bounds, left.ranges)
    if isinstance(tree, trees.AllPositive):
        return _all_positive(bounds)
    found = _texts(tree)
    return found is None or left.choose(*found)


def _all_positive(bounds: Bounds) -> bool:
    """Return whether every metric that always applies can have points, on one track at least."""
    rules = bounds.rules
    several = [track.metrics for track in rules.tracks.values()] or [tuple(rules.metrics)]
    return any(
        all(
            one.points is None or one.applies is not None or bounds.of_points(one.name).high > ZERO
            for one in (rules.metrics[name] for name in names)
        )
        for names in several
    )


def _texts(tree: Tree) -> tuple[Tree, frozenset[object]] | None:
    """Return a text and what a condition lets it be; None if the condition says something else."""
    if isinstance(tree, trees.OneOf) and tree.left.kind == "text":
        one, others = tree.left, tree.entries
    elif isinstance(tree, trees.Compare) and tree.left.kind == "text" and tree.op == "=":
        one, others = tree.left, (tree.right,)
        if isinstance(one, trees.Const):
            one, others = tree.right, (tree.left,)
    else:
        return None
    values = frozenset(other.value for other in others if isinstance(other, trees.Const))
    return (one, values) if len(values) == len(others) else None


def _enough(tree: trees.Apply, bounds: Bounds, left: _Left) -> bool:
    wanted = bounds.of(tree.args[0]).low
    holding = sum(1 for part in tree.args[1:] if _narrow(part, bounds, left.copy()))
    return holding >= wanted


def _compare(tree: trees.Compare, bounds: Bounds, ranges: dict[Tree, Range]) -> bool:
    left, right, op = tree.left, tree.right, tree.op
    if isinstance(left, trees.Const):
        left, right, op = right, left, _TURNED[op]
    one = ranges.get(left, bounds.of(left))
    two = ranges.get(right, bounds.of(right))
    if op in {">", ">="}:
        narrowed = one.within(Range(two.low))
        strict = op == ">" and one.high <= two.low
    elif op in {"<", "<="}:
        narrowed = one.within(Range(high=two.high))
        strict = op == "<" and one.low >= two.high
    elif op == "=":
        narrowed, strict = one.within(two), False
    else:
        same = isinstance(one.low, Fraction) and one.low == one.high == two.low == two.high
        return not same
    if strict or narrowed.low > narrowed.high:
        return False
    ranges[left] = narrowed
    return True
