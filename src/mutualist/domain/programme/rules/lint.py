"""What is doubtful or useless about rules that can be read: levels nobody reaches, versions that overlap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal, cast

import yaml

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.bounds import INFINITE, Bounds
from mutualist.domain.programme.rules.model import Group, Level, Measure, Metric, RuleSet
from mutualist.domain.programme.rules.possible import can_hold, conflict
from mutualist.domain.programme.rules.problems import shown
from mutualist.domain.programme.rules.trees import Formula, Tree

ONE_DAY = dt.timedelta(days=1)


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences by code and language."""
    content = files("mutualist.domain.programme").joinpath("data", "findings.yaml")
    return cast(
        "Mapping[str, Mapping[str, str]]", yaml.safe_load(content.read_text("utf-8"))["findings"]
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about rules that can be read.

    Attributes
    ----------
    severity
        With an error the rules must not be published; a warning asks to look again.
    """

    place: str
    code: str
    severity: Literal["error", "warning"]
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def message(self, language: str = "en") -> str:
        """Return place and sentence in ``de`` or ``en``."""
        said = {name: shown(value, language) for name, value in self.values.items()}
        text = texts()[self.code]["de" if language == "de" else "en"].format(**said)
        return f"{self.place}: {text}" if self.place else text


def lint(rules: RuleSet) -> list[Finding]:
    """Look through a rule set.

    Returns
    -------
    list of Finding
        Errors first, each in the order of the file.
    """
    bounds = Bounds(rules)
    found = [
        *_levels(rules, bounds),
        *_conditions(rules, bounds),
        *_metrics(rules, bounds),
        *_unused(rules),
        *_items(rules),
        *_steps(rules),
    ]
    return sorted(found, key=lambda one: one.severity != "error")


def _levels(rules: RuleSet, bounds: Bounds) -> Iterator[Finding]:
    below: list[Tree] = []
    lower: Level | None = None
    for level in rules.levels:
        own = [one.condition.tree for one in level.requires]
        asked = [*(below if level.cumulative else []), *own]
        wrong = conflict(asked, bounds)
        place = f"levels.{level.name}"
        if wrong is not None:
            text = _written(level, rules, wrong)
            yield Finding(place, "unreachable", "error", {"value": level.name, "known": text})
        elif lower is not None:
            yield from _beside(level, lower)
        below, lower = asked, level


def _written(level: Level, rules: RuleSet, tree: Tree) -> str:
    levels = (level, *rules.levels)
    conditions = (requirement.condition for one in levels for requirement in one.requires)
    return next(condition.text for condition in conditions if condition.tree is tree)


def _beside(level: Level, lower: Level) -> Iterator[Finding]:
    place, known = f"levels.{level.name}", {"value": level.name, "known": lower.name}
    own = {one.condition.tree for one in level.requires}
    if own == {one.condition.tree for one in lower.requires}:
        yield Finding(place, "same_level", "warning", known)
        return
    lowest = _asked(lower)
    for tree, number in _asked(level).items():
        if tree in lowest and number < lowest[tree] and not level.cumulative:
            yield Finding(place, "not_falling", "warning", known)


def _asked(level: Level) -> dict[Tree, Fraction]:
    found: dict[Tree, Fraction] = {}
    for one in level.requires:
        tree = one.condition.tree
        if (
            isinstance(tree, trees.Compare)
            and tree.op in {">", ">="}
            and isinstance(tree.right, trees.Const)
            and isinstance(tree.right.value, Fraction)
        ):
            found[tree.left] = tree.right.value
    return found


def _conditions(rules: RuleSet, bounds: Bounds) -> Iterator[Finding]:
    flags: dict[str, Formula | None] = {
        **{f"metrics.{one.name}.applies": one.applies for one in rules.metrics.values()},
        **{f"tracks.{one.name}.when": one.when for one in rules.tracks.values()},
        "qualified": rules.qualified,
    }
    for place, formula in flags.items():
        if formula and not can_hold(formula.tree, bounds):
            yield Finding(place, "never_true", "error", {"value": formula.text})


def _metrics(rules: RuleSet, bounds: Bounds) -> Iterator[Finding]:
    inside = {name for track in rules.tracks.values() for name in track.metrics}
    for metric in rules.metrics.values():
        place, known = f"metrics.{metric.name}", {"value": metric.name}
        if not _has_data(rules, metric.value.tree):
            yield Finding(f"{place}.value", "metric_without_data", "error", known)
        if metric.points is None:
            continue
        if rules.total.way == "best" and metric.name not in inside:
            yield Finding(place, "metric_outside", "warning", known)
        yield from _points(metric, bounds, place)


def _points(metric: Metric, bounds: Bounds, place: str) -> Iterator[Finding]:
    assert metric.points is not None
    known: dict[str, object] = {"value": metric.name}
    highest = bounds.of_points(metric.name).high
    if highest == INFINITE:
        yield Finding(f"{place}.points", "no_cap", "warning", known)
    elif metric.most is not None:
        most = bounds.of(metric.most.tree)
        if most.low > highest:
            said = {**known, "known": most.low, "most": highest}
            yield Finding(f"{place}.max", "below_max", "warning", said)
    for tree in _all(metric.points.tree):
        if isinstance(tree, trees.Apply) and tree.function in {"brackets", "brackets_from"}:
            points = [bounds.of(arg) for arg in tree.args[2::2]]
            limits = [bounds.of(arg) for arg in tree.args[1::2]]
            falls = any(b.high < a.low for a, b in pairwise(points))
            if falls or any(b.high <= a.low for a, b in pairwise(limits)):
                said = {"value": metric.points.text}
                yield Finding(f"{place}.points", "round_gap", "warning", said)


def _all(tree: Tree) -> Iterator[Tree]:
    yield tree
    for part in trees.parts_of(tree):
        yield from _all(part)


def _has_data(rules: RuleSet, tree: Tree) -> bool:
    """Return whether a formula rests on facts or fields of the partner."""
    waiting, seen = [tree], set[Tree]()
    while waiting:
        for part in _all(waiting.pop()):
            if isinstance(
                part, trees.MeasureOf | trees.PartnerField | trees.GroupValue | trees.InGroup
            ):
                return True
            if isinstance(part, trees.MetricOf | trees.PointsOf) and part not in seen:
                seen.add(part)
                waiting.append(rules.metrics[part.name].value.tree)
    return False


def formulas(rules: RuleSet) -> Iterator[tuple[str, Formula]]:
    """Yield every formula of a rule set with its place."""
    written: dict[str, Iterable[Formula | None]] = {}
    for group in rules.groups.values():
        written[f"groups.{group.name}"] = (group.source.where, *group.taking.args)
    for measure in rules.measures.values():
        written[f"measures.{measure.name}"] = (measure.source.where, *measure.taking.args)
    for metric in rules.metrics.values():
        own = (metric.value, metric.points, metric.threshold, metric.most, metric.applies)
        written[f"metrics.{metric.name}"] = own
    for track in rules.tracks.values():
        written[f"tracks.{track.name}"] = (track.when,)
    for level in rules.levels:
        written[f"levels.{level.name}"] = [one.condition for one in level.requires]
    written["total"] = (rules.total.formula,)
    written["qualified"] = (rules.qualified,)
    written["status"] = (rules.status.grandfathered,)
    for place, several in written.items():
        yield from ((place, one) for one in several if one)


def _unused(rules: RuleSet) -> Iterator[Finding]:
    used: set[tuple[str, str]] = set()
    for _place, formula in formulas(rules):
        used |= {key for tree in _all(formula.tree) if (key := _key(tree))}
    for one in _readers(rules):
        used.add(("groups" if one.source.is_group else "facts", one.source.name))
    used |= {("measures", one.of) for one in rules.relative.values()}
    used |= {("lists", one.out_of) for one in rules.measures.values()}
    kinds: Mapping[str, Mapping[str, Any]] = {
        "facts": rules.tables,
        "groups": rules.groups,
        "measures": rules.measures,
        "relative": rules.relative,
    }
    for kind, names in kinds.items():
        for name in names:
            if (kind, name) not in used:
                yield Finding(f"{kind}.{name}", "unused", "warning", {"value": name})
    # A list whose size alone is asked has become a number; whether it is used cannot be seen any more.


def _readers(rules: RuleSet) -> Iterator[Group | Measure]:
    yield from rules.groups.values()
    yield from rules.measures.values()


def _key(tree: Tree) -> tuple[str, str] | None:
    if isinstance(tree, trees.MeasureOf):
        return "measures", tree.name
    if isinstance(tree, trees.RelativeOf):
        return "relative", tree.name
    if isinstance(tree, trees.GroupValue | trees.InGroup):
        return "groups", tree.group
    return None


def _items(rules: RuleSet) -> Iterator[Finding]:
    for listing in rules.lists.values():
        for item in listing.items.values():
            if item.counts_until and item.counts_until < rules.since:
                said = {"value": item.item, "known": rules.since.isoformat()}
                yield Finding(f"lists.{listing.name}", "retired", "warning", said)


def _steps(rules: RuleSet) -> Iterator[Finding]:
    read = {one.source.name for one in _readers(rules)}
    for step in rules.steps.values():
        tables = [one.table for one in step.adds]
        if tables and not read & set(tables):
            said = {"value": step.name, "known": tables[0]}
            yield Finding(f"actions.{step.name}", "step_no_effect", "warning", said)


def lint_abilities(rules: RuleSet, used: Iterable[str]) -> list[Finding]:
    """Name the abilities of partners that the rules have no words for: people see their keys.

    Parameters
    ----------
    used
        Keys that partners or enquiries have.
    """
    unnamed = sorted({key for key in used if key not in rules.abilities})
    return [Finding("abilities", "ability_unnamed", "warning", {"value": key}) for key in unnamed]


def lint_versions(versions: Sequence[RuleSet]) -> list[Finding]:
    """Look whether several versions of one programme follow one after the other."""
    found: list[Finding] = []
    for one in versions[1:]:
        if one.id != versions[0].id:
            said = {"value": one.id, "known": versions[0].id}
            found.append(Finding("id", "other_programme", "error", said))
    if found:
        return found
    ordered = sorted(versions, key=lambda one: one.since)
    names = [one.version for one in ordered]
    found.extend(
        Finding("version", "version_twice", "error", {"value": name})
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    )
    for one, two in pairwise(ordered):
        said = {"value": one.version, "known": two.version}
        if one.until is None or one.until >= two.since:
            found.append(
                Finding("effective", "overlap", "error", {**said, "day": two.since.isoformat()})
            )
        elif one.until + ONE_DAY < two.since:
            day = (one.until + ONE_DAY).isoformat()
            found.append(Finding("effective", "gap", "warning", {**said, "day": day}))
    return found
