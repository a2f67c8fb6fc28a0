"""Read from the formula of points which value would be enough, where nobody wrote a threshold."""

from __future__ import annotations

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.trees import Formula, Tree


def threshold_of(points: Formula | None, metric: str) -> Formula | None:
    """Return the value that brings full points; None where the formula does not say so plainly.

    ``linear(value, 5, 20)`` says 5, ``linear(value - 1, 4, 8)`` says 5 as well, ``per_unit(value, 4, 20)`` says 5, and the
    last bracket says its bound; a gate around any of them changes nothing.
    """
    tree = points.tree if points else None
    while isinstance(tree, trees.Apply) and tree.function == "gate":
        tree = tree.args[1]
    if not isinstance(tree, trees.Apply):
        return None
    enough = _enough(tree)
    own = trees.MetricOf("number", metric)
    if enough is None:
        return None
    first = tree.args[0]
    if isinstance(first, trees.Arithmetic) and first.op == "-" and first.left == own:
        return Formula("threshold", trees.Arithmetic("number", "+", enough, first.right))
    return Formula("threshold", enough) if first == own else None


def _enough(tree: trees.Apply) -> Tree | None:
    if tree.function == "linear":
        return tree.args[1]
    if tree.function in {"per_unit", "per_whole_unit"}:
        return trees.Arithmetic("number", "/", tree.args[2], tree.args[1])
    return tree.args[-2] if tree.function in {"brackets", "brackets_from"} else None
