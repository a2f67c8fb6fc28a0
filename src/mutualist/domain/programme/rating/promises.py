"""What one side promised the other, beside what happened: enquiries handed over, time to an answer, time to a payment.

A promise is either a number per period ("at least ten enquiries a quarter") or a time limit ("nine of ten answered within 24
hours"). Only whole periods count. What is still open counts as late as soon as its limit has passed, never before; a period in
which nothing happened that could have been late is no occasion, neither kept nor broken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from mutualist.domain.programme.rating.problems import RatingError, content, say
from mutualist.domain.programme.rating.publishing import Side

Every = Literal["month", "quarter", "half_year", "year"]
MONTHS: Final[Mapping[Every, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_SECOND: Final = dt.timedelta(seconds=1)
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of one side.

    Attributes
    ----------
    about
        Which events it is about: ``enquiry``, ``question``, ``claim`` ...
    every
        The periods it is looked at in: whole calendar months, quarters, half-years, years.
    first, last
        Days between which it was given, both inclusive; without a last day it goes on.
    at_least
        The number promised per period; None for a time limit.
    within
        The time limit; None for a number.
    share
        Which part has to be in time.
    """

    id: str
    side: Side
    about: str
    every: Every
    first: dt.date
    last: dt.date | None = None
    at_least: Fraction | None = None
    within: dt.timedelta | None = None
    share: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        """Refuse what cannot be kept or broken."""
        if (self.at_least is None) == (self.within is None):
            raise RatingError("one_target", promise=self.id)
        if self.at_least is not None and self.at_least <= 0:
            raise RatingError("bad_target", promise=self.id, value=self.at_least, most="")
        if self.within is not None and self.within <= dt.timedelta(0):
            raise RatingError("bad_target", promise=self.id, value=self.within, most="")
        if not 0 < self.share <= 1:
            raise RatingError("bad_target", promise=self.id, value=self.share, most=" … 1")
        if self.last is not None and self.last < self.first:
            raise RatingError("ends_before", promise=self.id, first=self.first, last=self.last)


@dataclass(frozen=True, slots=True)
class Event:
    """Something a promise is about: when it began, when it was done, how much it was."""

    id: str
    about: str
    opened: dt.datetime
    done: dt.datetime | None = None
    amount: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        if self.done is not None and self.done < self.opened:
            raise RatingError("answered_before", event=self.id, done=self.done, opened=self.opened)


@dataclass(frozen=True, slots=True)
class Reality:
    """What became of a promise in one period.

    Attributes
    ----------
    start, end
        First and last day of the period.
    target, actual
        What was promised and what happened: a number, or a share. ``actual`` is None where there was no occasion.
    kept
        None while it is undecided and where there was no occasion.
    decided
        Whether nothing can change it any more.
    evidence
        Ids of the events that count.
    late
        Ids of those not done in time.
    """

    promise: Promise
    start: dt.date
    end: dt.date
    target: Fraction
    actual: Fraction | None
    kept: bool | None
    decided: bool
    evidence: tuple[str, ...]
    late: tuple[str, ...] = ()

    def sentence(self, lang: str) -> str:
        """Return promise and reality in one line, in ``de`` or ``en``."""
        code = "whole_no_occasion" if self._has_no_occasion else "whole"
        promised = _words(self.promise, self.target, lang)
        return say("sentences", code, lang, promise=promised, fact=self.outcome(lang))

    @property
    def _has_no_occasion(self) -> bool:
        return self.promise.within is not None and self.actual is None

    def outcome(self, lang: str) -> str:
        """Return what happened, in ``de`` or ``en``."""
        if self.promise.within is None:
            return say("sentences", "volume", lang, actual=_plain(self.actual, lang))
        if self._has_no_occasion:
            return say("sentences", "no_occasion", lang)
        return say(
            "sentences",
            "time",
            lang,
            actual=_percent(self.actual, lang),
            on_time=len(self.evidence) - len(self.late),
            due=len(self.evidence),
        )


def promise_words(promise: Promise, lang: str) -> str:
    """Return a promise in a few words, in ``de`` or ``en``.

    Examples
    --------
    >>> week = Promise("p", "vendor", "question", "quarter", dt.date(2026, 1, 1), within=dt.timedelta(hours=24))
    >>> promise_words(week, "en")
    '100 % within 24 hours'
    """
    return _words(promise, promise.at_least if promise.within is None else promise.share, lang)


def _words(promise: Promise, target: Fraction | None, lang: str) -> str:
    if promise.within is None:
        every = content()["units"][promise.every][lang]
        return say("sentences", "promised_volume", lang, target=_plain(target, lang), every=every)
    within = _length(promise.within, lang)
    return say("sentences", "promised_time", lang, target=_percent(target, lang), within=within)


def realities(promise: Promise, events: Iterable[Event], now: dt.datetime) -> tuple[Reality, ...]:
    """Return what became of a promise, period by period, the running one last.

    Parameters
    ----------
    events
        Those about other things are left out. A period takes the events that began in it.
    now
        The moment that is looked from; events that began later do not exist yet, and what was done later is still open.
    """
    known = sorted(
        (one for one in events if one.about == promise.about and one.opened <= now),
        key=lambda one: (one.opened, one.id),
    )
    return tuple(
        _reality(
            promise, start, end, [one for one in known if start <= one.opened.date() <= end], now
        )
        for start, end in _periods(promise, now.date())
    )


def _reality(
    promise: Promise, start: dt.date, end: dt.date, events: list[Event], now: dt.datetime
) -> Reality:
    over = now.date() > end
    if promise.at_least is not None:
        sum_ = sum((one.amount for one in events), Fraction(0))
        enough = sum_ >= promise.at_least
        kept = True if enough else (False if over else None)
        ids = tuple(one.id for one in events)
        return Reality(promise, start, end, promise.at_least, sum_, kept, over, ids)
    within = promise.within
    assert within is not None
    due = [one for one in events if _done(one, now) or now - one.opened > within]
    late = tuple(one.id for one in due if _time(one, now) > within)
    decided = over and len(due) == len(events)
    actual = Fraction(len(due) - len(late), len(due)) if due else None
    kept = actual >= promise.share if decided and actual is not None else None
    ids = tuple(one.id for one in due)
    return Reality(promise, start, end, promise.share, actual, kept, decided, ids, late)


def _done(event: Event, now: dt.datetime) -> bool:
    return event.done is not None and event.done <= now


def _time(event: Event, now: dt.datetime) -> dt.timedelta:
    return (event.done if event.done is not None and event.done <= now else now) - event.opened


def _periods(promise: Promise, today: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Give the whole calendar periods of a promise that have begun."""
    months = MONTHS[promise.every]
    index = promise.first.year * 12 + promise.first.month - 1
    index -= index % months
    if _first_of(index) < promise.first:
        index += months
    while True:
        start, end = _first_of(index), _first_of(index + months) - _DAY
        if start > today or (promise.last is not None and end > promise.last):
            return
        yield start, end
        index += months


def _first_of(index: int) -> dt.date:
    return dt.date(index // 12, index % 12 + 1, 1)


def promise_facts(found: Iterable[Reality]) -> tuple[Mapping[str, Any], ...]:
    """Return rows for the table ``promises`` of a rule set: only what is decided and had an occasion."""
    return tuple(
        {
            "id": f"{one.promise.id}-{one.start.isoformat()}",
            "due": one.end,
            "side": one.promise.side,
            "promise": one.promise.id,
            "kept": one.kept,
        }
        for one in found
        if one.decided and one.kept is not None
    )


def _plain(value: Fraction | None, lang: str) -> str:
    """Return a number with at most one decimal, cut off: 9.96 of 10 is not shown as 10."""
    tenths = int((value or Fraction(0)) * 10)
    whole, rest = divmod(tenths, 10)
    mark = "," if lang == "de" else "."
    return f"{whole}{mark}{rest}" if rest else str(whole)


def _percent(value: Fraction | None, lang: str) -> str:
    return f"{_plain((value or Fraction(0)) * 100, lang)} %"


def _length(within: dt.timedelta, lang: str) -> str:
    if within % _DAY or within < 3 * _DAY:
        return say(
            "sentences", "hours", lang, count=_plain(Fraction(within // _SECOND, 3600), lang)
        )
    return say("sentences", "days", lang, count=within // _DAY)
