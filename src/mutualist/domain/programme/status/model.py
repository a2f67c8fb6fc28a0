"""What a partner would have on each day, and what the partner holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

from mutualist.domain.programme.scoring.numbers import day_shown

Why = Literal[
    "start", "risen", "grace", "made_good", "fallen", "grace_over", "term_over", "renewed", "kept"
]

#: Why a level is lower than it was.
FALLS: frozenset[Why] = frozenset(("fallen", "grace_over", "term_over"))


@dataclass(frozen=True, slots=True)
class Attained:
    """The level that facts and rules give from a day on, until the next entry.

    Attributes
    ----------
    grandfathered
        Whether what is held may not be taken away.
    """

    since: dt.date
    level: str | None
    grandfathered: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a partner holds from a day on, and why.

    Attributes
    ----------
    earned
        The level that counts that day: of the day, or the best of the window where rules look at any day in it.
    why
        ``start``: what was held before; ``risen``; ``grace``: lower, but there is time to make it good until
        ``grace_until``; ``made_good`` within it; ``fallen`` at the day when it is looked at; ``grace_over``;
        ``term_over``: the time the level was granted for is over; ``renewed``; ``kept``: lower, but grandfathered.
    grace_until
        The day the level falls unless it is made good before.
    term_from, term_until
        Where levels are granted for a time: its first day, and the day it is over.
    """

    day: dt.date
    level: str | None
    earned: str | None
    why: Why
    grace_until: dt.date | None = None
    term_from: dt.date | None = None
    term_until: dt.date | None = None

    def message(self, language: str, words: Mapping[str, str] | None = None) -> str:
        """Return why in a sentence.

        Parameters
        ----------
        language
            ``de`` or ``en``.
        words
            Names of levels; without one the level's id is said.
        """
        german = language == "de"
        nothing = "keine Stufe" if german else "no level"
        names, until = words or {}, self.grace_until or self.term_until
        text: str = sentences()["status"][self.why]["de" if german else "en"]
        return text.format(
            level=names.get(self.level, self.level) if self.level else nothing,
            earned=names.get(self.earned, self.earned) if self.earned else nothing,
            until=day_shown(until, language) if until else "–",
        )


@cache
def sentences() -> Any:
    """Return the sentences of levels over time, by part, code and language."""
    content = files("mutualist.domain.programme").joinpath("data", "ahead.yaml")
    return cast("Any", yaml.safe_load(content.read_text("utf-8")))


def held_on(course: Sequence[Held], day: dt.date) -> Held | None:
    """Return what was held on a day; None before the first entry."""
    found = None
    for one in course:
        if one.day > day:
            break
        found = one
    return found
