"""Score one partner: the one function that history, forecast, what-if and the cheapest path all call."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import cast

from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.metrics import Telling
from mutualist.domain.programme.scoring.plan import Plan, plan_of
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.scoring.running import Cutoffs, Run
from mutualist.domain.programme.scoring.tree import tree_of


def score(
    facts: Facts,
    rules: RuleSet,
    as_of: dt.date,
    *,
    cutoffs: Cutoffs | None = None,
    explain: bool = True,
) -> Score:
    """Score a partner on a day.

    Parameters
    ----------
    facts
        What is known about the partner, checked by :mod:`.check`; facts dated after the day do not count.
    rules
        Whether they are in force on the day is not asked.
    as_of
        The day.
    cutoffs
        Of rules about the best of all partners: what the last of the best has, from :mod:`.population`. Without
        them nobody is among the best.
    explain
        Whether the tree is wanted; without it is faster.

    Returns
    -------
    Score
        Exact; nothing is rounded.
    """
    plan = plan_of(rules)
    run = best_run(plan, facts, as_of, cutoffs)
    telling = Telling(run)
    return Score(
        partner=facts.id,
        rules=rules.id,
        version=rules.version,
        as_of=as_of,
        level=rules.levels[run.place - 1].name if run.place else None,
        met=run.met_all,
        qualified=run.qualified,
        total=run.total(),
        track=run.track if rules.total.way == "best" else None,
        region=cast("str | None", run.region),
        tracks=run.totals,
        metrics={name: telling.metric(name) for name in rules.metrics},
        measures={name: run.measure(name) for name in rules.measures},
        tree=tree_of(run, telling) if explain else None,
    )


def best_run(plan: Plan, facts: Facts, as_of: dt.date, cutoffs: Cutoffs | None) -> Run:
    """Return the computation that counts: of the region with the highest level, then total, then by name."""
    runs = [
        Run(plan, facts, as_of, cutoffs, region) for region in regions_of(plan.rules, facts, as_of)
    ]

    def rank(run: Run) -> tuple[int, Fraction]:
        return run.place, run.total()

    return runs[0] if len(runs) == 1 else max(runs, key=rank)


def regions_of(rules: RuleSet, facts: Facts, as_of: dt.date) -> list[Value]:
    """Return the regions that facts up to the day name, by name; one None where there are none.

    A partner without any region is computed as a whole.
    """
    field = rules.regions
    if not field:
        return [None]
    found: set[str] = set()
    for name, table in rules.tables.items():
        if field not in table.fields:
            continue
        for row in facts.rows.get(name, ()):
            region, day = row.values.get(field), row.values.get(table.date)
            if isinstance(region, str) and isinstance(day, dt.date) and day <= as_of:
                found.add(region)
    return [*sorted(found)] if found else [None]


__all__ = ["Cutoffs", "best_run", "regions_of", "score"]
