"""What other parts have to tell in mails and calendars: they name themselves here when they start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rating import Event


@dataclass(frozen=True, slots=True)
class News:
    """A line of a partner's weekly mail, in the language that is active.

    Attributes
    ----------
    text
        What it is about: the gain for the partner first.
    label
        What the link behind it says.
    to
        What follows behind the partner's page in the link, such as ``enquiries/<uid>/``.
    """

    text: str
    label: str
    to: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar, in the language that is active.

    Attributes
    ----------
    key
        Unique and lasting: the entry is changed, not doubled, when it moves.
    path
        Where the thing is found, behind the address of this site; empty if there is no page for it.
    """

    key: str
    day: date
    text: str
    path: str = ""


#: What is due within so many days is told.
AHEAD = timedelta(days=90)

#: Each gets a partner's standing and the days between which something is due, and returns lines for its mail.
news: list[Callable[[Standing, date, date], list[News]]] = []
#: Each gets a standing of either side and a first and last day, and returns what lies between them.
days: list[Callable[[Standing, date, date], list[Day]]] = []
#: Each gets partners (ids of relations, or the query that finds them) and returns what promises are about, by partner.
promise_events: list[Callable[[Iterable[int]], Mapping[int, list[Event]]]] = []


def waiting_for(standing: Standing, day: date) -> list[News]:
    """Return what waits for a partner on a day, in the order of its mail."""
    return [line for tell in news for line in tell(standing, day, day + AHEAD)]
