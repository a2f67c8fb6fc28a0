"""A rule set with all its formulas translated, made once and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Metric, RuleSet
from mutualist.domain.programme.rules.trees import Formula, Tree
from mutualist.domain.programme.scoring.evaluating import Compiled, Compiler
from mutualist.domain.programme.scoring.gathering import Reading

KEPT = 64


@dataclass(frozen=True, slots=True)
class MetricPlan:
    """The formulas of a metric, and the measures they name, in order."""

    value: Compiled
    points: Compiled | None
    threshold: Compiled | None
    most: Compiled | None
    applies: Compiled | None
    gates: tuple[tuple[Compiled, Tree], ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All formulas of a rule set, translated.

    Attributes
    ----------
    levels
        For each level its conditions.
    below
        For each level the one it needs as well; empty where it needs none.
    """

    rules: RuleSet
    compiler: Compiler
    groups: Mapping[str, Reading]
    measures: Mapping[str, Reading]
    metrics: Mapping[str, MetricPlan]
    tracks: Mapping[str, Compiled | None]
    total: Compiled | None
    levels: Mapping[str, tuple[Compiled, ...]]
    below: Mapping[str, str]
    qualified: Compiled | None


_plans: OrderedDict[int, Plan] = OrderedDict()
_lock = Lock()


def plan_of(rules: RuleSet) -> Plan:
    """Return the plan of a rule set; the same one for the same rule set."""
    with _lock:
        found = _plans.get(id(rules))
        if found is not None and found.rules is rules:
            _plans.move_to_end(id(rules))
            return found
    made = _made(rules)
    with _lock:
        _plans[id(rules)] = made
        while len(_plans) > KEPT:
            _plans.popitem(last=False)
    return made


def _made(rules: RuleSet) -> Plan:
    compiler = Compiler(rules)

    def compiled(formula: Formula | None) -> Compiled | None:
        return compiler.compiled(formula.tree) if formula else None

    below: dict[str, str] = {}
    lower = ""
    for level in rules.levels:
        below[level.name] = lower if level.cumulative else ""
        lower = level.name
    return Plan(
        rules=rules,
        compiler=compiler,
        groups={
            name: Reading.of(rules, one.source, one.taking) for name, one in rules.groups.items()
        },
        measures={
            name: Reading.of(rules, one.source, one.taking) for name, one in rules.measures.items()
        },
        metrics={name: _metric(one, compiler) for name, one in rules.metrics.items()},
        tracks={name: compiled(one.when) for name, one in rules.tracks.items()},
        total=compiled(rules.total.formula),
        levels={
            level.name: tuple(compiler.compiled(one.condition.tree) for one in level.requires)
            for level in rules.levels
        },
        below=below,
        qualified=compiled(rules.qualified),
    )


def _metric(metric: Metric, compiler: Compiler) -> MetricPlan:
    def compiled(formula: Formula | None) -> Compiled | None:
        return compiler.compiled(formula.tree) if formula else None

    named = (metric.value, metric.points, metric.threshold, metric.most, metric.applies)
    measures = dict.fromkeys(
        part.name
        for formula in named
        if formula
        for part in trees.names_in(formula.tree)
        if isinstance(part, trees.MeasureOf)
    )
    gates = _gates(metric.points.tree) if metric.points else []
    return MetricPlan(
        compiler.compiled(metric.value.tree),
        compiled(metric.points),
        compiled(metric.threshold),
        compiled(metric.most),
        compiled(metric.applies),
        tuple((compiler.compiled(tree), tree) for tree in gates),
        tuple(measures),
    )


def _gates(tree: Tree) -> list[Tree]:
    """Return the conditions of all gates in a formula, in order."""
    found: list[Tree] = []
    if isinstance(tree, trees.Apply) and tree.function == "gate":
        found.append(tree.args[0])
    for part in trees.parts_of(tree):
        found += _gates(part)
    return found
