"""Formulas and values in words: what a condition asks, with the names people know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.trees import Tree, Value
from mutualist.domain.programme.scoring.numbers import day_shown, shown

Sentences = Mapping[str, Mapping[str, str]]


@cache
def texts(part: str) -> Sentences:
    """Return a part of the sentences by code and language."""
    content = files("mutualist.domain.programme").joinpath("data", "reasons.yaml")
    return cast("Sentences", yaml.safe_load(content.read_text("utf-8"))[part])


class Wording:
    """Words of a rule set in one language.

    Parameters
    ----------
    language
        ``de`` or ``en``.
    """

    def __init__(self, rules: RuleSet, language: str) -> None:
        self.rules = rules
        self.language = "de" if language == "de" else "en"

    def say(self, part: str, code: str, **values: object) -> str:
        """Return a sentence with its values filled in."""
        return texts(part)[code][self.language].format(**values)

    def value(self, value: object, against: object = None) -> str:
        """Write a value of a formula."""
        if value is None:
            return self.say("words", "none")
        if isinstance(value, bool):
            return self.say("words", "yes" if value else "no")
        if isinstance(value, Fraction):
            limit = against if isinstance(against, Fraction) else None
            return shown(value, self.language, 2, limit)
        if isinstance(value, dt.date):
            return day_shown(value, self.language)
        return str(value)

    def metric(self, name: str) -> str:
        """Return what a metric is called."""
        return self.rules.metrics[name].words.of(self.language)

    def measure(self, name: str) -> str:
        """Return what a measure is called."""
        return self.rules.measures[name].words.of(self.language)

    def track(self, name: str | None) -> str:
        """Return what a track is called."""
        if name is None:
            return self.say("words", "no_track")
        return self.rules.tracks[name].words.of(self.language)

    def level(self, name: str | None) -> str:
        """Return what a level is called."""
        found = [one.words for one in self.rules.levels if one.name == name]
        return found[0].of(self.language) if found else self.say("words", "no_track")

    def listed(self, names: Iterable[str]) -> str:
        """Return names with commas between them."""
        return ", ".join(names)

    def items(self, names: Iterable[str], listing: str = "") -> str:
        """Return items of a list as they are called."""
        if not listing:
            return self.listed(names)
        known = self.rules.lists[listing].items
        return self.listed(known[name].words.of(self.language) for name in names)

    def unit(self, metric: str) -> str:
        """Return the unit of a metric with a space before it."""
        unit = self.rules.metrics[metric].unit
        return f" {unit.of(self.language)}" if unit else ""

    def tree(self, tree: Any) -> str:
        """Return a formula in words, one method a form; what has no words is told by its name."""
        form = getattr(self, f"_{type(tree).__name__.lower()}", self._other)
        said: str = form(tree)
        return said

    def _other(self, tree: Tree) -> str:
        return str(getattr(tree, "name", "") or getattr(tree, "group", "") or "day")

    def _compare(self, tree: trees.Compare) -> str:
        return self.say("signs", tree.op, left=self.tree(tree.left), right=self.tree(tree.right))

    def _junction(self, tree: trees.Junction) -> str:
        return self.say("words", tree.op).join(self.tree(part) for part in tree.parts)

    def _negation(self, tree: trees.Negation) -> str:
        return self.say("words", "not", condition=self.tree(tree.part))

    def _isempty(self, tree: trees.IsEmpty) -> str:
        return self.say("words", "empty", name=self.tree(tree.part))

    def _oneof(self, tree: trees.OneOf) -> str:
        items = self.listed(self.tree(entry) for entry in tree.entries)
        return self.say("words", "among", name=self.tree(tree.left), items=items)

    def _arithmetic(self, tree: trees.Arithmetic) -> str:
        sign = {"*": "·", "-": "−"}.get(tree.op, tree.op)
        return f"{self.tree(tree.left)} {sign} {self.tree(tree.right)}"

    def _apply(self, tree: trees.Apply) -> str:
        parts = [self.tree(arg) for arg in tree.args]
        if tree.function in {"all", "any"}:
            return self.say("words", "and" if tree.function == "all" else "or").join(parts)
        return f"{tree.function}({self.listed(parts)})"

    def _const(self, tree: trees.Const) -> str:
        return self.value(tree.value)

    def _metricof(self, tree: trees.MetricOf) -> str:
        return self.metric(tree.name)

    def _measureof(self, tree: trees.MeasureOf) -> str:
        return self.measure(tree.name)

    def _pointsof(self, tree: trees.PointsOf) -> str:
        return self.say("words", "points_of", name=self.metric(tree.name))

    def _tracktotal(self, tree: trees.TrackTotal) -> str:
        return self.say("words", "total_of", name=self.track(tree.name))

    def _totalof(self, _tree: trees.TotalOf) -> str:
        return self.say("words", "total")

    def _allpositive(self, _tree: trees.AllPositive) -> str:
        return self.say("words", "all_positive")

    def _metlevel(self, tree: trees.MetLevel) -> str:
        return self.say("words", "level_of", name=self.level(tree.name))

    def _relativeof(self, tree: trees.RelativeOf) -> str:
        return self.best(tree.name)

    def best(self, name: str) -> str:
        """Return a relative rule in words."""
        rule = self.rules.relative[name]
        share = f"{shown(rule.share * 100, self.language)} %"
        known = rule.of in self.rules.metrics
        of = self.metric(rule.of) if known else self.measure(rule.of)
        return self.say("words", "best", share=share, name=of)


__all__ = ["Value", "Wording", "texts"]
