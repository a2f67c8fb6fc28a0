"""The tree of a score: tracks, metrics, measures and levels, each with its reason and the facts it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Level
from mutualist.domain.programme.rules.trees import Tree, Value
from mutualist.domain.programme.scoring.metrics import Telling
from mutualist.domain.programme.scoring.result import Node, Reason
from mutualist.domain.programme.scoring.running import Run

_JOINED = {"all": "all_of", "any": "any_of", "at_least": "n_of"}


def tree_of(run: Run, telling: Telling) -> Node:
    """Return the tree of a computation."""
    return Grower(run, telling).score()


class Grower:
    """Makes nodes; a measure has one node wherever it stands."""

    def __init__(self, run: Run, telling: Telling) -> None:
        self.run = run
        self.telling = telling
        self.rules = run.rules
        self.measures: dict[str, Node] = {}

    def score(self) -> Node:
        """Return the root."""
        run, total = self.run, self.run.total()
        tracks = [self.track(name) for name in self.rules.tracks]
        inside = {name for track in self.rules.tracks.values() for name in track.metrics}
        alone = [self.metric(name) for name in self.rules.metrics if name not in inside]
        levels = [self.level(level) for level in self.rules.levels]
        level = self.rules.levels[run.place - 1].name if run.place else None
        said: dict[str, object] = {"total": total, "level": level, "region": run.region}
        code = "score" if self.rules.total.way != "none" else "score_without_points"
        if total < run.uncapped:
            code, said["uncapped"] = "score_capped", run.uncapped
        children = (*tracks, *alone, *levels)
        reason = Reason(code, said)
        return Node(
            "score", self.rules.id, total, reason=reason, met=run.qualified, children=children
        )

    def track(self, name: str) -> Node:
        """Return the node of a track."""
        run, track = self.run, self.rules.tracks[name]
        if name not in run.totals:
            return Node("track", name, reason=Reason("track_closed"), met=False)
        total = run.totals[name]
        children = tuple(self.metric(metric) for metric in track.metrics)
        said: dict[str, object] = {"total": total, "best": run.track}
        code = "track_counts" if name == run.track else "track_lower"
        return Node(
            "track",
            name,
            total,
            points=total,
            reason=Reason(code, said),
            met=name == run.track,
            children=children,
        )

    def metric(self, name: str) -> Node:
        """Return the node of a metric."""
        found = self.telling.metric(name)
        measures = tuple(self.measure(one) for one in self.run.plan.metrics[name].measures)
        return Node(
            "metric",
            name,
            found.value,
            found.threshold,
            found.points,
            found.reason,
            evidence=_evidence(measures),
            children=measures,
        )

    def measure(self, name: str) -> Node:
        """Return the node of a measure."""
        if name not in self.measures:
            found = self.run.gathered(name)
            missing = self.telling.lacking(name)
            reason = Reason("missing", {"items": missing}) if missing else _counted(found.value)
            self.measures[name] = Node(
                "measure", name, found.value, reason=reason, evidence=found.evidence
            )
        return self.measures[name]

    def level(self, level: Level) -> Node:
        """Return the node of a level."""
        run = self.run
        children = tuple(
            self.requirement(one.condition.tree, one.condition.text) for one in level.requires
        )
        open_ = sum(1 for child in children if not child.met)
        met = run.met(level.name)
        if met:
            reason = Reason("level_met")
        elif open_:
            reason = Reason("level_open", {"open": open_, "of": len(children)})
        else:
            reason = Reason("level_below", {"level": run.plan.below[level.name]})
        return Node("level", level.name, met, reason=reason, met=met, children=children)

    def requirement(self, tree: Tree, text: str = "") -> Node:
        """Return the node of a condition."""
        run = self.run
        met = bool(run.plan.compiler.compiled(tree)(run.frame))
        if isinstance(tree, trees.Junction):
            code = "all_of" if tree.op == "and" else "any_of"
            return self._joined(tree, code, tree.parts, met, text)
        if isinstance(tree, trees.Apply) and tree.function in _JOINED:
            flags = tree.args[1:] if tree.function == "at_least" else tree.args
            return self._joined(tree, _JOINED[tree.function], flags, met, text)
        if isinstance(tree, trees.Compare):
            return self._compared(tree, met, text)
        if isinstance(tree, trees.AllPositive):
            return self._all_positive(tree, met, text)
        if isinstance(tree, trees.RelativeOf):
            return self._relative(tree, met, text)
        code = "condition_met" if met else "condition_open"
        return self._node(tree, text, met, Reason(code, {"condition": tree}))

    def _node(
        self,
        tree: Tree,
        text: str,
        met: bool,
        reason: Reason,
        value: Value = None,
        threshold: Fraction | None = None,
        children: tuple[Node, ...] = (),
    ) -> Node:
        measures = children or tuple(self._named(tree))
        return Node(
            "requirement",
            text,
            value,
            threshold,
            reason=reason,
            met=met,
            evidence=_evidence(measures),
            children=measures,
        )

    def _named(self, tree: Tree) -> Iterable[Node]:
        for part in trees.names_in(tree):
            if isinstance(part, trees.MeasureOf):
                yield self.measure(part.name)

    def _joined(self, tree: Tree, code: str, parts: Sequence[Tree], met: bool, text: str) -> Node:
        children = tuple(self.requirement(part) for part in parts)
        holds = sum(1 for child in children if child.met)
        said: dict[str, object] = {"holds": holds, "of": len(children), "condition": tree}
        if isinstance(tree, trees.Apply) and code == "n_of":
            said["wanted"] = self.run.plan.compiler.compiled(tree.args[0])(self.run.frame)
        reason = Reason(f"{code}_met" if met else f"{code}_open", said)
        evidence = _evidence(children)
        return Node(
            "requirement", text, reason=reason, met=met, evidence=evidence, children=children
        )

    def _compared(self, tree: trees.Compare, met: bool, text: str) -> Node:
        compiler, frame = self.run.plan.compiler, self.run.frame
        left, right = compiler.compiled(tree.left)(frame), compiler.compiled(tree.right)(frame)
        said: dict[str, object] = {
            "condition": tree,
            "value": left,
            "threshold": right,
        }
        threshold = right if isinstance(right, Fraction) else None
        if left is None:
            reason = Reason("compare_no_data", said)
        elif met:
            reason = Reason("compare_met", said)
        elif isinstance(left, Fraction) and isinstance(right, Fraction) and tree.op == ">=":
            reason = Reason("compare_short", {**said, "gap": right - left})
        elif threshold is not None and tree.op == ">":  # "0 to go" would look reached
            reason = Reason("compare_above", said)
        else:
            reason = Reason("compare_open", said)
        return self._node(tree, text, met, reason, left, threshold)

    def _all_positive(self, tree: Tree, met: bool, text: str) -> Node:
        run = self.run
        zero = tuple(name for name in run.counted() if run.points(name) <= 0)
        code = "all_positive_met" if met else "all_positive_open"
        reason = Reason(code, {"metrics": zero, "condition": tree})
        return Node("requirement", text or "all_positive()", reason=reason, met=met)

    def _relative(self, tree: trees.RelativeOf, met: bool, text: str) -> Node:
        run, rule = self.run, self.rules.relative[tree.name]
        value, least = run.compared(tree.name), run.cutoff(tree.name)
        said: dict[str, object] = {
            "condition": tree,
            "share": rule.share,
            "value": value,
            "threshold": least,
        }
        if run.cutoffs is None:
            reason = Reason("relative_unknown", said)
        else:
            reason = Reason("relative_met" if met else "relative_open", said)
        return self._node(tree, text, met, reason, value, least)


def _counted(value: Value) -> Reason:
    return Reason("nothing") if value is None else Reason("counted", {"value": value})


def _evidence(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for node in nodes for one in node.evidence))
