"""Why a score changed: every step in its order, split so that the parts add up to the difference exactly.

A difference between two days is walked in this order: first the facts that were added, removed or corrected are
put in on the first day; then time passes, and on each day on which the score changes, rules that begin that day are
put in first and the day's own changes after. Every step is the difference of two exact scores, so the steps
telescope; within a step each metric's points are what its own points changed by, weighted as the total weighs
them, and what remains is named: another track counts, the cap of the whole, or a formula for the total.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from mutualist.domain.programme.ahead.breakpoints import ONE_DAY
from mutualist.domain.programme.ahead.causes import Cause, causes, look
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.scoring.running import Run

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Part:
    """So many points of a difference come from here.

    Attributes
    ----------
    kind
        ``metric``; ``track``: another track counts now, ``region``: another region; ``cap``: the cap of the whole;
        ``total``: a total that is a formula.
    key
        Name of the metric, track or region.
    """

    kind: Literal["metric", "track", "region", "cap", "total"]
    key: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a difference.

    Attributes
    ----------
    why
        ``facts``: changed by hand; ``rules``: another version of the rules; ``time``: it has become this day.
    before, after
        Totals.
    """

    why: Literal["facts", "rules", "time"]
    day: dt.date
    version: str
    before: Fraction
    after: Fraction
    level_before: str | None
    level_after: str | None
    parts: tuple[Part, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two scores, in steps."""

    first: dt.date
    last: dt.date
    before: Fraction
    after: Fraction
    level_before: str | None
    level_after: str | None
    steps: tuple[Step, ...]

    @property
    def change(self) -> Fraction:
        """Points gained; negative if lost."""
        return self.after - self.before

    def by_metric(self) -> Mapping[str, Fraction]:
        """Return what each metric, track … brought or took in all steps; the sum is :attr:`change`."""
        found: dict[str, Fraction] = {}
        for step in self.steps:
            for part in step.parts:
                key = part.key if part.kind == "metric" else f"{part.kind}:{part.key}"
                found[key] = found.get(key, ZERO) + part.points
        return found


def difference(before: Case, after: Case, first: dt.date, last: dt.date) -> Difference:
    """Say why the score on one day is another than on a day before, or the same day with other facts.

    Parameters
    ----------
    before, after
        What was known then, and what is known now.
    first, last
        The two days.

    Raises
    ------
    ValueError
        If the days are the wrong way round.
    """
    if last < first:
        raise ValueError("the first day lies after the last")
    steps: list[Step] = []
    start = here = look(before, first)
    here = _walk(steps, after, "facts", here, look(after, first, here.rules))
    here = _walk(steps, after, "rules", here, look(after, first))
    for day in after.changes(first, last):
        rules = after.rules(day)
        if rules is not here.rules:
            # The version that begins this day is put to the day before, so that its effect stands alone.
            here = _walk(steps, after, "rules", here, look(after, day - ONE_DAY, rules), day)
        here = _walk(steps, after, "time", here, look(after, day))
    return Difference(
        first,
        last,
        start.total(),
        here.total(),
        level_of(start),
        level_of(here),
        tuple(steps),
    )


def _walk(
    steps: list[Step],
    case: Case,
    why: Literal["facts", "rules", "time"],
    before: Run,
    after: Run,
    day: dt.date | None = None,
) -> Run:
    parts = parts_of(before, after)
    if parts or level_of(before) != level_of(after):
        said = causes(case, before, after) if why != "rules" else ()
        steps.append(
            Step(
                why,
                day or after.as_of,
                after.rules.version,
                before.total(),
                after.total(),
                level_of(before),
                level_of(after),
                parts,
                tuple(one for one in said if concerns(one, before, after, parts)),
            )
        )
    return after


def level_of(run: Run) -> str | None:
    """Return the level that is reached."""
    return run.rules.levels[run.place - 1].name if run.place else None


def concerns(cause: Cause, before: Run, after: Run, parts: Iterable[Part]) -> bool:
    """Return whether a cause is about a measure whose value changed, of a metric with other points or of none."""
    if before.measure(cause.measure) == after.measure(cause.measure):
        return False
    naming = [name for name, one in after.plan.metrics.items() if cause.measure in one.measures]
    changed = {part.key for part in parts if part.kind == "metric"}
    switched = any(part.kind != "metric" for part in parts)
    return not naming or switched or bool(changed & set(naming))


def parts_of(before: Run, after: Run) -> tuple[Part, ...]:
    """Split the difference of two totals; the parts add up to it exactly."""
    if before.rules is after.rules and before.region is not None and before.region != after.region:
        # What the old region became, and what the new one has more.
        there = Run(after.plan, after.facts, after.as_of, after.cutoffs, before.region)
        more = after.total() - there.total()
        switched = (Part("region", str(after.region or ""), more),) if more else ()
        return (*parts_of(before, there), *switched)
    old, new = _weights(before), _weights(after)
    if before.rules is after.rules:
        new = old  # another track is a part of its own
    found: list[Part] = []
    for name in dict.fromkeys((*old, *new)):
        points = new.get(name, ZERO) * _points(after, name) - old.get(name, ZERO) * _points(
            before, name
        )
        if points:
            found.append(Part("metric", name, points))
    rest = after.total() - before.total() - sum((one.points for one in found), ZERO)
    if rest:
        found.append(_rest(before, after, rest))
    return tuple(found)


def _points(run: Run, metric: str) -> Fraction:
    return run.points(metric) if metric in run.rules.metrics else ZERO


def _weights(run: Run) -> Mapping[str, Fraction]:
    """Return the metrics that the total adds up, with their weights."""
    total = run.rules.total
    if total.way == "weighted":
        return total.weights
    if total.way == "sum":
        return dict.fromkeys(run.rules.metrics, Fraction(1))
    if total.way == "best" and run.track is not None:
        return dict.fromkeys(run.rules.tracks[run.track].metrics, Fraction(1))
    return {}


def _rest(before: Run, after: Run, rest: Fraction) -> Part:
    if _track(before) != _track(after):
        return Part("track", _track(after) or "", rest)
    capped = before.total() != before.uncapped or after.total() != after.uncapped
    return Part("cap" if capped else "total", "", rest)


def _track(run: Run) -> str | None:
    return run.track if run.rules.total.way == "best" else None
