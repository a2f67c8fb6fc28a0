"""Which levels are in danger, and why one stays that facts no longer give: one answer for lists, cards, mails, programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mutualist.domain.programme.ahead.differences import Step
from mutualist.domain.programme.ahead.forecasting import Forecast
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.numbers import day_shown
from mutualist.domain.programme.status.model import Held, sentences


@dataclass(frozen=True, slots=True)
class Falling:
    """A level in danger.

    Attributes
    ----------
    day
        From when on facts do not give it; where they are gone already, the day it falls.
    level, then
        What is in danger, and what is left then; None for none.
    cause
        What facts do, or how the level itself falls where they are gone already.
    falls_on
        The day the level itself falls if nothing happens; None if that is later than was looked at.
    is_undecided
        Whether it has fallen by the rules, and somebody has still to decide.
    """

    day: dt.date
    level: str
    then: str | None
    cause: Step | Held
    falls_on: dt.date | None
    is_undecided: bool = False

    def reasons(self, rules: RuleSet, language: str) -> tuple[str, ...]:
        """Return why, in ``de`` or ``en``, each reason once."""
        if isinstance(self.cause, Held):
            return (self.cause.message(language, words_of(language, rules)),)
        return tuple(dict.fromkeys(one.message(rules, language) for one in self.cause.causes))


def falling(ahead: Forecast) -> tuple[Falling, ...]:
    """Return the levels in danger within what was looked at, soonest first, of one day the highest first.

    Parameters
    ----------
    ahead
        What comes by itself.
    """
    found = [
        Falling(one.day, one.level, one.then, one.step, _first_below(ahead, one.level))
        for one in ahead.losses
    ]
    start, held = ahead.held[0], ahead.held[0].level
    if ahead.undecided is not None:
        found.append(Falling(start.day, ahead.undecided, held, start, start.day, True))
    gone = next((one for one in ahead.falls if ahead.rank(one.level) < ahead.rank(held)), None)
    told = any(one.level == held and gone and one.day <= gone.day for one in found)
    if held is not None and gone is not None and not told:
        found.append(Falling(gone.day, held, gone.level, gone, gone.day))
    return tuple(sorted(found, key=lambda one: (one.day, -ahead.rank(one.level))))


def _first_below(ahead: Forecast, level: str) -> dt.date | None:
    days = (one.day for one in ahead.falls if ahead.rank(one.level) < ahead.rank(level))
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Staying:
    """A level that is held although facts do not give it.

    Attributes
    ----------
    why
        ``promise``: the rules grandfather it; ``grace``: there is time to make it good; ``review``: it has not been
        looked at yet; ``decision``: it has fallen by the rules, and somebody has still to decide.
    until
        The day it falls if nothing happens; None if that is later than was looked at.
    """

    level: str
    earned: str | None
    why: Literal["promise", "grace", "review", "decision"]
    until: dt.date | None

    def message(self, language: str, words: Mapping[str, str]) -> str:
        """Return a sentence in ``de`` or ``en``, with the names of the levels."""
        german = language == "de"
        text: str = sentences()["staying"][self.why + ("" if self.until else "_open")][language]
        nothing = "keine Stufe" if german else "no level"
        return text.format(
            level=words.get(self.level, self.level),
            earned=words.get(self.earned, self.earned) if self.earned else nothing,
            until=day_shown(self.until, language) if self.until else "",
        )


def staying(ahead: Forecast) -> Staying | None:
    """Return what keeps a level that facts do not give on the first day; None where they give it.

    Parameters
    ----------
    ahead
        What comes by itself.
    """
    held, earned = ahead.held[0], ahead.now.level
    if ahead.undecided is not None:
        return Staying(ahead.undecided, held.level, "decision", None)
    if held.level is None or ahead.rank(earned) >= ahead.rank(held.level):
        return None
    until = _first_below(ahead, held.level)
    # What counts is the next look at it: a promise that holds that day keeps it, else there may be grace.
    next_look = next((one for one in ahead.held if one.why in {"kept", "grace"}), None)
    if next_look is None or (until is not None and next_look.day > until):
        return Staying(held.level, earned, "review", until)
    return Staying(held.level, earned, "promise" if next_look.why == "kept" else "grace", until)


def words_of(language: str, *versions: RuleSet) -> dict[str, str]:
    """Return what levels are called in ``de`` or ``en``; what several versions name, as the last of them says."""
    return {one.name: one.words.of(language) for rules in versions for one in rules.levels}
