"""Read how a rule set counts: metrics, tracks, total, relative rules, levels."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from mutualist.domain.programme.rules import model, trees
from mutualist.domain.programme.rules.entries import Entries, words_of
from mutualist.domain.programme.rules.formulas import Scope
from mutualist.domain.programme.rules.model import Words
from mutualist.domain.programme.rules.problems import Problem
from mutualist.domain.programme.rules.thresholds import threshold_of
from mutualist.domain.programme.rules.trees import Formula, Tree

COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_METRIC = ("words", "value", "points", "threshold", "max", "applies", "unit", "category")


def with_names(scope: Scope, names: Mapping[str, Tree], *, levels: bool = False) -> Scope:
    """Return a scope that knows further names."""
    return Scope(
        partner=scope.partner,
        lists=scope.lists,
        groups=scope.groups,
        names={**scope.names, **names},
        track_rules=levels,
    )


def metric_names(entries: Entries) -> dict[str, Tree]:
    """Return what stands for metrics and relative rules in formulas."""
    names: dict[str, Tree] = {}
    for name in entries.below("metrics").values:
        names[name] = trees.MetricOf("number", name)
        names[f"points.{name}"] = trees.PointsOf("number", name)
    for name in entries.below("relative").values:
        names[name] = trees.RelativeOf("flag", name)
    return names


def _category(inner: Entries, categories: Mapping[str, Words]) -> str:
    name = inner.text("category")
    if name and name not in categories:
        inner.note("unknown_value", "category", value=name, known=list(categories))
        return ""
    return name


def read_metrics(
    entries: Entries, scope: Scope, categories: Mapping[str, Words]
) -> dict[str, model.Metric]:
    """Read the metrics, in the order of the file."""
    found: dict[str, model.Metric] = {}
    for name, value, place in entries.named("metrics"):
        inner = Entries(value, place, entries.found, _METRIC)
        own = with_names(scope, {"value": trees.MetricOf("number", name)})
        read = inner.formula("value", scope, "number", needed=True)
        points = inner.formula("points", own, "number")
        found[name] = model.Metric(
            name,
            inner.words("words", name) or Words(name, name),
            read or Formula("0", trees.Const("number", Fraction(0))),
            points,
            inner.formula("threshold", own, "number") or threshold_of(points, name),
            inner.formula("max", own, "number") or _most(points),
            inner.formula("applies", scope, "flag"),
            inner.words("unit"),
            _category(inner, categories),
        )
    return found


def sums(categories: Iterable[str], metrics: Mapping[str, model.Metric]) -> dict[str, Tree]:
    """Return what ``category.<name>`` stands for: the sum of the points of its metrics."""
    return {
        f"category.{name}": trees.Apply(
            "number",
            "sum",
            tuple(
                trees.PointsOf("number", metric.name)
                for metric in metrics.values()
                if metric.category == name
            ),
        )
        for name in categories
    }


def in_order(
    metrics: Mapping[str, model.Metric],
    relative: Mapping[str, model.Relative],
    found: list[Problem],
) -> dict[str, model.Metric]:
    """Return the metrics so that each knows only earlier ones; a circle is noted."""
    needs: dict[str, set[str]] = {name: set() for name in metrics}
    for name, metric in metrics.items():
        own = {trees.MetricOf("number", name)}
        for formula in (metric.value, metric.points, metric.threshold, metric.most, metric.applies):
            for tree in trees.names_in(formula.tree) if formula else ():
                if formula is not metric.value and tree in own:
                    continue
                needs[name] |= _metrics_of(tree, relative)
    needs = {name: {one for one in wanted if one in metrics} for name, wanted in needs.items()}
    try:
        order = list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        found.append(Problem("metrics", "circular", {"value": circle}))
        return dict(metrics)
    return {name: metrics[name] for name in order}


def _metrics_of(tree: Tree, relative: Mapping[str, model.Relative]) -> set[str]:
    if isinstance(tree, trees.MetricOf | trees.PointsOf):
        return {tree.name}
    if isinstance(tree, trees.RelativeOf) and tree.name in relative:
        return {relative[tree.name].of}
    return set()


def _most(points: Formula | None) -> Formula | None:
    """Return the points at which ``linear`` and ``per_unit`` stop, where no ``max`` is written."""
    tree = points.tree if points else None
    if isinstance(tree, trees.Apply) and tree.function in {"linear", "per_unit", "per_whole_unit"}:
        return Formula("max", tree.args[2])
    return None


def read_relative(
    entries: Entries, measures: Mapping[str, model.Measure], partner: Iterable[str]
) -> dict[str, model.Relative]:
    """Read the rules about the best of all partners."""
    numbers = [name for name, one in measures.items() if one.kind == "number"]
    known = [*entries.below("metrics").values, *numbers]
    fields = list(partner)
    found: dict[str, model.Relative] = {}
    for name, value, place in entries.named("relative"):
        inner = Entries(value, place, entries.found, ("of", "best", "within", "words"))
        of = inner.text("of", needed=True)
        if of and of not in known:
            inner.note("no_relative_value", "of", value=of, known=known)
        within = inner.text("within")
        if within and within not in fields:
            inner.note("unknown_value", "within", value=within, known=fields)
        share = inner.share("best") or Fraction(1)
        found[name] = model.Relative(name, of, share, within if within in fields else "")
    return found


def read_tracks(
    entries: Entries, metrics: Mapping[str, model.Metric], scope: Scope
) -> dict[str, model.Track]:
    """Read the tracks."""
    found: dict[str, model.Track] = {}
    for name, value, place in entries.named("tracks"):
        inner = Entries(value, place, entries.found, ("words", "metrics", "when"))
        chosen: list[str] = []
        for metric, at in inner.listed("metrics"):
            if isinstance(metric, str) and metric in metrics:
                chosen.append(metric)
            else:
                said = {"value": metric, "known": list(metrics)}
                entries.found.append(Problem(at, "unknown_value", said))
        words = inner.words("words", name) or Words(name, name)
        when = inner.formula("when", scope, "flag")
        found[name] = model.Track(name, words, tuple(chosen), when)
    return found


def read_total(
    entries: Entries,
    metrics: Mapping[str, model.Metric],
    tracks: Mapping[str, model.Track],
    scope: Scope,
) -> model.Total:
    """Read how the total comes about."""
    cap = entries.number("cap")
    value = entries.values.get("total")
    if value is None:
        pays = any(metric.points for metric in metrics.values())
        return model.Total("best" if tracks else "sum" if pays else "none", cap=cap)
    if isinstance(value, str) and value in {"sum of metrics", "best of tracks"}:
        if value == "best of tracks" and not tracks:
            entries.note("missing", key="tracks")
        return model.Total("sum" if value == "sum of metrics" else "best", cap=cap)
    if isinstance(value, Mapping):
        return model.Total("weighted", _weights(entries, metrics), cap=cap)
    names: dict[str, Tree] = {
        f"track.{name}.total": trees.TrackTotal("number", name) for name in tracks
    }
    formula = entries.formula("total", with_names(scope, names), "number")
    return model.Total("formula" if formula else "none", formula=formula, cap=cap)


def _weights(entries: Entries, metrics: Mapping[str, model.Metric]) -> Mapping[str, Fraction]:
    inner = entries.below("total", ("weighted",)).below("weighted")
    weights: dict[str, Fraction] = {}
    for name in inner.values:
        if name not in metrics:
            inner.note("unknown_value", name, value=name, known=list(metrics))
        elif (share := inner.share(name)) is not None:
            weights[name] = share
    together = sum(weights.values(), Fraction(0))
    if together != 1:
        inner.note("weights_sum", value=together)
    return MappingProxyType(weights)


def read_levels(
    entries: Entries, tracks: Iterable[str], scope: Scope
) -> tuple[tuple[model.Level, ...], Scope]:
    """Read the levels, lowest first, and the scope that knows them."""
    names: dict[str, Tree] = {
        "total": trees.TotalOf("number"),
        **{f"track.{name}.total": trees.TrackTotal("number", name) for name in tracks},
    }
    above = entries.flag("cumulative", default=True)
    found: list[model.Level] = []
    known = ("id", "words", "requires", "benefits", "cumulative", "badge")
    for value, place in entries.listed("levels"):
        inner = Entries(value, place, entries.found, known)
        name = inner.text("id", needed=True, default=f"level_{len(found) + 1}")
        if name in [level.name for level in found]:
            inner.note("taken", value=name, known="levels")
        own = with_names(scope, names, levels=True)
        requires = tuple(_requirements(inner, own))
        benefits = tuple(
            words for one, _at in inner.listed("benefits") if (words := words_of(one)) is not None
        )
        words = inner.words("words", name) or Words(name, name)
        cumulative = inner.flag("cumulative", default=above)
        badge = inner.text("badge", default="")
        if badge and COLOUR.fullmatch(badge) is None:
            inner.note("colour", "badge", value=badge)
        found.append(model.Level(name, words, requires, benefits, cumulative, badge))
        names[f"met.{name}"] = trees.MetLevel("flag", name)
    if not found:
        entries.note("no_levels", "levels")
    return tuple(found), with_names(scope, names, levels=True)


def _requirements(inner: Entries, scope: Scope) -> Iterable[model.Requirement]:
    for value, place in inner.listed("requires"):
        one: Any = value if isinstance(value, Mapping) else {"if": value}
        entry = Entries(one, place, inner.found, ("words", "if"))
        condition = entry.formula("if", scope, "flag", needed=True)
        if condition is not None:
            yield model.Requirement(entry.words("words"), condition)
