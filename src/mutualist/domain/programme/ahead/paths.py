"""The cheapest way up: which actions, how often, for the next level; and the next best ways beside it.

An integer programme (HiGHS) offers the cheapest counts of actions under the rules as :mod:`.translating` puts them;
:func:`..scoring.score.score` then says whether the level is really reached. What it refuses is cut off and the
search goes on, so a way that is told always holds. A way that contains one told before is not told again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from mutualist.domain.programme.ahead.actions import with_actions
from mutualist.domain.programme.ahead.linear import IMPOSSIBLE, SECONDS, SOLVED, Line
from mutualist.domain.programme.ahead.probing import Probes
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.ahead.translating import Translator
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.scoring.score import regions_of, score

MOST_TRIES = 60


@dataclass(frozen=True, slots=True)
class Path:
    """A way to a level.

    Attributes
    ----------
    counts
        How often each action is done, in the order of the rules; only what is done.
    money, hours
        What it costs.
    days
        How long it takes if everything is begun at once.
    gain
        Points it brings, of the total.
    after
        The score with everything done on the day.
    lasts
        Whether the level is still reached on the day everything is done, if begun on the day.
    region
        Where rules count by region: the one in which it is done.
    """

    counts: Mapping[str, int]
    money: Fraction
    hours: Fraction
    days: int
    gain: Fraction
    after: Score
    lasts: bool
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Paths:
    """The ways to a level, cheapest first.

    Attributes
    ----------
    target
        The level; None where the highest is reached already.
    reached
        Whether it is met without doing anything.
    proven
        Whether nothing cheaper exists: the rules could be put exactly, and the search came to its end.
    """

    now: Score
    target: str | None
    reached: bool
    paths: tuple[Path, ...]
    proven: bool


def cheapest_paths(
    case: Case,
    as_of: dt.date,
    *,
    target: str | None = None,
    hour: Fraction = Fraction(0),
    ways: int = 3,
    seconds: float = SECONDS,
    tries: int = MOST_TRIES,
) -> Paths:
    """Find the cheapest ways to a level.

    Parameters
    ----------
    case
        Facts and rules.
    as_of
        The day. Actions count as done on it.
    target
        The level; without it the one above that of the day.
    hour
        What an hour is worth in the currency of the costs.
    ways
        How many ways are wanted.
    seconds, tries
        How long one search may take, and how many there may be; what is not found by then is not proven.

    Raises
    ------
    ValueError
        If there is no such level.
    """
    rules, now = case.rules(as_of), case.score(as_of)
    names = [level.name for level in rules.levels]
    if target is None:
        place = names.index(now.level) + 1 if now.level else 0
        target = names[place] if place < len(names) else None
    elif target not in names:
        raise ValueError(f"there is no level {target!r}, only: {', '.join(names)}")
    reached = target is None or target in now.met
    if target is None or reached or not rules.steps:
        return Paths(now, target, reached=reached, paths=(), proven=True)
    found: dict[tuple[tuple[str, int], ...], Path] = {}
    proven = True
    for region in regions_of(rules, case.on(as_of), as_of):
        search = _Search(case, as_of, target, hour, region)
        for path in search.run(ways, seconds, tries):
            found.setdefault(tuple(path.counts.items()), path)
        proven = proven and search.proven
    ordered = sorted(found.values(), key=lambda one: search_key(one, hour))
    return Paths(now, target, reached=False, paths=tuple(ordered[:ways]), proven=proven)


def search_key(path: Path, hour: Fraction) -> tuple[Fraction, Fraction, int, int, tuple[str, ...]]:
    """Return what ways are ordered by: cost, hours, days, number of actions, names."""
    done = sum(path.counts.values())
    return path.money + hour * path.hours, path.hours, path.days, done, tuple(path.counts)


class _Search:
    def __init__(
        self, case: Case, as_of: dt.date, target: str, hour: Fraction, region: Value
    ) -> None:
        self.case, self.as_of, self.target, self.region = case, as_of, target, region
        self.rules, self.facts = case.rules(as_of), case.on(as_of)
        self.before = case.score(as_of)
        self.translator = Translator(Probes(self.facts, self.rules, as_of, case.cutoffs, region))
        self.translator.reach(target)
        self.proven = not self.translator.loose
        self._cost(hour)

    def _cost(self, hour: Fraction) -> None:
        costs = {name: one.money + hour * one.hours for name, one in self.rules.steps.items()}
        scale = float(max([*costs.values(), Fraction(1)]))
        most = float(max([one.hours for one in self.rules.steps.values()] + [Fraction(1)]))
        for name, done in self.translator.steps.items():
            # Of equal cost fewer hours and fewer actions are better.
            small = float(self.rules.steps[name].hours) / most * 1e-4 + 1e-5
            for flag in done:
                (variable,) = flag.terms
                self.translator.model.costs[variable] = float(costs[name]) / scale + small

    def run(self, ways: int, seconds: float, tries: int) -> list[Path]:
        found: list[Path] = []
        for _ in range(tries):
            state, values = self.translator.model.solve(seconds)
            if state != SOLVED:
                self.proven = self.proven and (state == IMPOSSIBLE or len(found) > 0)
                break
            counts = {
                name: sum(1 for flag in done if values[next(iter(flag.terms))] > 0.5)
                for name, done in self.translator.steps.items()
            }
            path = self._tried({name: count for name, count in counts.items() if count})
            if path is None:
                self._refuse(counts)
                continue
            found.append(path)
            if len(found) >= ways:
                break
            self._tell_no_more(counts)
        else:
            self.proven = False
        return found

    def _tried(self, counts: Mapping[str, int]) -> Path | None:
        """Return the way if exact scoring agrees."""
        after = self._scored(counts, self.as_of)
        if self.target not in after.met:
            return None
        steps = [(self.rules.steps[name], count) for name, count in counts.items()]
        days = max((step.days for step, _count in steps), default=0)
        later = self._scored(counts, self.as_of + dt.timedelta(days=days))
        return Path(
            counts=dict(counts),
            money=sum((step.money * count for step, count in steps), Fraction(0)),
            hours=sum((step.hours * count for step, count in steps), Fraction(0)),
            days=days,
            gain=after.total - self.before.total,
            after=after,
            lasts=self.target in later.met,
            region=str(self.region) if self.region is not None else None,
        )

    def _scored(self, counts: Mapping[str, int], day: dt.date) -> Score:
        rules = self.case.rules(day)
        known = {name: count for name, count in counts.items() if name in rules.steps}
        facts = with_actions(self.case.on(day), rules, known, day, self.region)
        return score(facts, rules, day, cutoffs=self.case.cutoffs, explain=False)

    def _refuse(self, counts: Mapping[str, int]) -> None:
        """Cut off exactly these counts."""
        other = Line.of(0.0)
        for name, count in counts.items():
            done = self.translator.steps[name]
            if count:
                other = other.plus(Line.of(1.0)).plus(done[count - 1], -1.0)
            if count < len(done):
                other = other.plus(done[count])
        self.translator.model.at_least(other, 1.0)

    def _tell_no_more(self, counts: Mapping[str, int]) -> None:
        """Cut off these counts and all that are no smaller anywhere."""
        fewer = Line.of(0.0)
        for name, count in counts.items():
            if count:
                done = self.translator.steps[name][count - 1]
                fewer = fewer.plus(Line.of(1.0)).plus(done, -1.0)
        self.translator.model.at_least(fewer, 1.0)
