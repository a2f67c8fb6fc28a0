"""What each action does alone: every part of the rules, computed exactly for each number of times it is done."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import cast

from mutualist.domain.programme.ahead.actions import with_actions
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Group, Measure, RuleSet
from mutualist.domain.programme.rules.trees import Tree, Value
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.plan import plan_of
from mutualist.domain.programme.scoring.running import Cutoffs, Run

MOST_TIMES = 60
#: Of these an action that changes nothing alone changes nothing beside others either. Not so of an average, which a
#: value equal to it weighs down, nor of what is latest.
_ALONE = {"count", "count_distinct", "sum", "max", "min", "any"}


class Probes:
    """Computations with so many of one action, and with all of all.

    Parameters
    ----------
    rules
        Without regions: of one region, where there are some.
    day
        On which everything is done and scored.
    """

    def __init__(
        self,
        facts: Facts,
        rules: RuleSet,
        day: dt.date,
        cutoffs: Cutoffs | None,
        region: Value = None,
    ) -> None:
        self.facts, self.rules, self.day = facts, rules, day
        self.cutoffs, self.region = cutoffs, region
        self.plan = plan_of(rules)
        self.most = {name: min(step.at_most, MOST_TIMES) for name, step in rules.steps.items()}
        self._feeding: dict[str, frozenset[str]] = {}
        self._adding: dict[str, bool] = {}

    def run(self, counts: Mapping[str, int]) -> Run:
        """Return the computation with so many of each action."""
        facts = with_actions(self.facts, self.rules, counts, self.day, self.region)
        return Run(self.plan, facts, self.day, self.cutoffs, self.region)

    @cached_property
    def base(self) -> Run:
        """Without any action."""
        return self.run({})

    @cached_property
    def alone(self) -> Mapping[str, list[Run]]:
        """For each action: done 0, 1, 2 … times."""
        return {
            name: [self.base, *(self.run({name: count}) for count in range(1, most + 1))]
            for name, most in self.most.items()
        }

    def value(self, tree: Tree, run: Run) -> Value:
        """Return what a tree about the partner gives in a computation."""
        found: Value = self.plan.compiler.compiled(tree)(run.frame)
        return found

    @cached_property
    def together(self) -> list[Mapping[str, int]]:
        """Samples of several actions at once: each two of them once, all of them once, all as often as can be."""
        names = list(self.most)
        pairs = [{one: 1, other: 1} for one, other in itertools.combinations(names, 2)]
        return [*pairs, dict.fromkeys(names, 1), self.most]

    @cached_property
    def sampled(self) -> list[Run]:
        """The computations of :attr:`together`."""
        return [self.run(counts) for counts in self.together]

    def movers(self, measure: str) -> frozenset[str]:
        """Return the actions that may change a measure.

        Of a measure of single rows an action that changes nothing, however often it is done, is no mover. Where
        groups take part, actions may work together; if the samples do not add up, every action that reaches one of
        its tables is a mover.
        """
        if measure not in self._feeding:
            self._feeding[measure] = self._movers(measure)
        return self._feeding[measure]

    def reaching(self, measure: str) -> frozenset[str]:
        """Return the actions that leave a row in a table that a measure looks at."""
        tables = set(_tables(self.rules, self.rules.measures[measure]))
        return frozenset(
            name
            for name, step in self.rules.steps.items()
            if any(adds.table in tables for adds in step.adds)
        )

    def is_sampled(self, measure: str) -> bool:
        """Return whether it was only tried on samples how several actions work together on a measure."""
        return not self.alone_is_enough(measure) and len(self.reaching(measure)) > 1

    def alone_is_enough(self, measure: str) -> bool:
        """Return whether an action that changes nothing alone changes nothing beside others."""
        return self.by_rows(measure) and self.rules.measures[measure].taking.take in _ALONE

    def _movers(self, measure: str) -> frozenset[str]:
        reaching = self.reaching(measure)
        if not self.alone_is_enough(measure) and not self.adds_up(measure):
            return reaching
        return frozenset(
            name
            for name in reaching
            if any(
                run.measure(measure) != self.base.measure(measure) for run in self.alone[name][1:]
            )
        )

    def adds_up(self, measure: str) -> bool:
        """Return whether in all samples a measure is what the actions change alone, added."""
        if measure not in self._adding:
            self._adding[measure] = self._adds_up(measure)
        return self._adding[measure]

    def _adds_up(self, measure: str) -> bool:
        base = self.base.measure(measure)
        for counts, run in zip(self.together, self.sampled, strict=True):
            expected = base
            for name, count in counts.items():
                alone = self.alone[name][count].measure(measure)
                if not isinstance(alone, Fraction) or not isinstance(base, Fraction):
                    if alone != base:
                        return False
                else:
                    expected = cast("Fraction", expected) + alone - base
            if run.measure(measure) != expected:
                return False
        return True

    def by_rows(self, measure: str) -> bool:
        """Return whether a measure looks at each row by itself."""
        one = self.rules.measures[measure]
        return not one.source.is_group and not list(_groups(one))


def _groups(one: Measure | Group) -> Iterable[str]:
    for formula in (one.source.where, *one.taking.args):
        if formula is None:
            continue
        named = trees.names_in(formula.tree)
        yield from (one.group for one in named if isinstance(one, trees.GroupValue | trees.InGroup))


def _tables(rules: RuleSet, one: Measure | Group) -> Iterable[str]:
    """Yield every table that a measure or group looks at, straight or through groups."""
    if one.source.is_group:
        yield from _tables(rules, rules.groups[one.source.name])
    else:
        yield one.source.name
    for name in _groups(one):
        yield from _tables(rules, rules.groups[name])
