"""What is told of a metric: its value, what would be enough, and why it has the points it has."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.scoring.result import MetricScore, Reason
from mutualist.domain.programme.scoring.running import Run

ZERO = Fraction(0)


class Telling:
    """Says of a computation why it came out so.

    Parameters
    ----------
    run
        The computation that counts.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.scores: dict[str, MetricScore] = {}

    def metric(self, name: str) -> MetricScore:
        """Return all about a metric."""
        if name not in self.scores:
            self.scores[name] = self._metric(name)
        return self.scores[name]

    def _metric(self, name: str) -> MetricScore:
        run, plan = self.run, self.run.plan.metrics[name]
        applies = run.applies(name)
        threshold = self.asked.get(name)
        if plan.threshold is not None:
            threshold = run.number(plan.threshold)
        points, most, value = run.scored(name), run.most(name), run.value(name)
        return MetricScore(
            value=value,
            threshold=threshold,
            points=points,
            most=most,
            applies=applies,
            reason=self._reason(name, value, threshold, points) if applies else _NOT_ASKED,
            missing=self.missing(name),
        )

    def _reason(
        self,
        name: str,
        value: Fraction | None,
        threshold: Fraction | None,
        points: Fraction | None,
    ) -> Reason:
        run = self.run
        if value is None:
            return Reason("no_data")
        if points is None:
            return _against(value, threshold)
        most = run.most(name)
        said: dict[str, object] = {
            "value": value,
            "points": points,
            "most": most,
            "threshold": threshold,
        }
        if most is not None and points >= most:
            return Reason("full", said)
        for condition, tree in run.plan.metrics[name].gates:
            if not condition(run.frame):
                return Reason("gate_closed", {**said, "condition": tree})
        return _between(value, threshold, points, said)

    def missing(self, metric: str) -> tuple[str, ...]:
        """Return the items that measures of a metric lack, in the order of their lists."""
        found: dict[str, None] = {}
        for name in self.run.plan.metrics[metric].measures:
            found |= dict.fromkeys(self.lacking(name))
        return tuple(found)

    def lacking(self, measure: str) -> tuple[str, ...]:
        """Return the items of the list that a measure is counted against and did not find."""
        listing = self.run.rules.measures[measure].out_of
        if not listing:
            return ()
        found = self.run.gathered(measure).found
        return tuple(item for item in self.run.rules.lists[listing].items if item not in found)

    @cached_property
    def asked(self) -> Mapping[str, Fraction]:
        """What the next level asks of metrics, where a requirement says so directly."""
        run, levels = self.run, self.run.rules.levels
        found: dict[str, Fraction] = {}
        for level in levels[run.place : run.place + 1] or levels[-1:]:
            for requirement in level.requires:
                tree = requirement.condition.tree
                if not isinstance(tree, trees.Compare) or tree.op not in {">", ">=", "="}:
                    continue
                number = tree.right.value if isinstance(tree.right, trees.Const) else None
                if isinstance(tree.left, trees.MetricOf) and isinstance(number, Fraction):
                    found[tree.left.name] = number
        return found


_NOT_ASKED = Reason("not_applicable")


def _between(
    value: Fraction, threshold: Fraction | None, points: Fraction, said: dict[str, object]
) -> Reason:
    if points <= 0:
        return Reason("no_points", said)
    if threshold is not None and value < threshold:
        return Reason("partial", {**said, "gap": threshold - value})
    return Reason("points", said)


def _against(value: Fraction, threshold: Fraction | None) -> Reason:
    if threshold is None:
        return Reason("shown", {"value": value})
    said: dict[str, object] = {"value": value, "threshold": threshold}
    if value >= threshold:
        return Reason("enough", said)
    return Reason("short", {**said, "gap": threshold - value})
