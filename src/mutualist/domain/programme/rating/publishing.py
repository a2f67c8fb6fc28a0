"""Two sides rate each other, and neither sees the other's rating before both have rated or the time is over.

Whoever saw the other's stars first would answer them. So a rating stays closed until the second one comes in; then both are
public at the same moment and stand. If one side never rates, the other's is published when the time is over: silence does not
keep a rating back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Literal

from mutualist.domain.programme.rating.problems import RatingError, content

Side = Literal["vendor", "partner"]
SIDES: Final[tuple[Side, ...]] = ("vendor", "partner")
MAX_COMMENT: Final = 2000


@dataclass(frozen=True, slots=True)
class Period:
    """A time that is rated, and the days on which it can be rated (both inclusive)."""

    id: str
    opens: dt.date
    closes: dt.date


def half_year_of(day: dt.date) -> Period:
    """Return the half of the calendar year that a day lies in; it can be rated from its first to its last day.

    Examples
    --------
    >>> half_year_of(dt.date(2026, 11, 22)).id
    '2026-2'
    """
    if day.month <= 6:
        return Period(f"{day.year}-1", dt.date(day.year, 1, 1), dt.date(day.year, 6, 30))
    return Period(f"{day.year}-2", dt.date(day.year, 7, 1), dt.date(day.year, 12, 31))


@dataclass(frozen=True, slots=True)
class Rating:
    """What one side says about the other: stars by topic, and a comment."""

    period: str
    side: Side
    given: dt.date
    stars: Mapping[str, int]
    comment: str = ""

    @property
    def mean(self) -> Fraction:
        """Return the mean of the stars, exactly."""
        return Fraction(sum(self.stars.values()), len(self.stars))


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a period stands on a day.

    Attributes
    ----------
    state
        ``open``: one may still rate, nothing is shown to the other side; ``both``: both have rated; ``closed``: the time is
        over, and what there is, is shown.
    since
        The day on which it became public; None while it is open.
    given
        Sides that have rated by the day. That they have may be known to both; what they said may not.
    ratings
        What is public: nothing while it is open.
    """

    period: Period
    state: Literal["open", "both", "closed"]
    since: dt.date | None
    given: frozenset[Side]
    ratings: Mapping[Side, Rating] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Difference:
    """What both sides were asked, and how far apart their answers are."""

    topic: str
    by_vendor: int
    by_partner: int

    @property
    def gap(self) -> int:
        """Return the stars of the vendor less those of the partner."""
        return self.by_vendor - self.by_partner


def topics_for(side: Side) -> tuple[str, ...]:
    """Return what a side is asked about the other.

    Examples
    --------
    >>> topics_for("vendor")
    ('communication', 'reliability', 'planning', 'fairness', 'delivery', 'customers')
    """
    return tuple(name for name, topic in content()["topics"].items() if side in topic["asked"])


def topic_words(topic: str, lang: str) -> str:
    """Return the name of a topic in ``de`` or ``en``."""
    words: Mapping[str, str] = content()["topics"][topic]["words"]
    return words[lang]


def publication(period: Period, ratings: Iterable[Rating], day: dt.date) -> Publication:
    """Return what is public of a period on a day.

    Parameters
    ----------
    ratings
        At most one of each side; those given after the day, or after the time was over, do not count.
    """
    known = {
        one.side: one
        for one in ratings
        if one.period == period.id and one.given <= min(day, period.closes)
    }
    given = frozenset(known)
    if len(known) == len(SIDES):
        since = max(one.given for one in known.values())
        return Publication(period, "both", since, given, MappingProxyType(known))
    if day > period.closes:
        since = period.closes + dt.timedelta(days=1)
        return Publication(period, "closed", since, given, MappingProxyType(known))
    return Publication(period, "open", None, given)


def visible_to(
    side: Side, period: Period, ratings: Iterable[Rating], day: dt.date
) -> Mapping[Side, Rating]:
    """Return the ratings one side may read: its own, and the other's once they are public."""
    known = tuple(ratings)
    own = {one.side: one for one in known if one.side == side and one.period == period.id}
    return own | dict(publication(period, known, day).ratings)


def take(period: Period, ratings: Iterable[Rating], new: Rating) -> tuple[Rating, ...]:
    """Return the ratings of a period with a new one, which replaces an earlier one of the same side.

    Raises
    ------
    RatingError
        If it is too early or too late, both have rated, or a topic or its stars are not possible.
    """
    known = tuple(ratings)
    if new.period != period.id:
        raise RatingError("other_period", period=period.id, value=new.period)
    if new.given < period.opens:
        raise RatingError("too_early", period=period.id, day=period.opens)
    if new.given > period.closes:
        raise RatingError("too_late", period=period.id, day=period.closes)
    public = publication(period, known, new.given)
    if public.state == "both":
        raise RatingError("published", period=period.id, day=public.since)
    _check(new)
    return (*(one for one in known if one.side != new.side), new)


def _check(new: Rating) -> None:
    asked = topics_for(new.side)
    if not new.stars:
        raise RatingError("no_topic")
    for topic, stars in new.stars.items():
        if topic not in asked:
            raise RatingError("unknown_topic", value=topic, known=", ".join(asked))
        if isinstance(stars, bool) or stars not in content()["stars"]:
            raise RatingError("bad_stars", topic=topic, value=stars)
    if len(new.comment) > MAX_COMMENT:
        raise RatingError("long_comment", value=len(new.comment), allowed=MAX_COMMENT)


def differences(public: Publication) -> tuple[Difference, ...]:
    """Return what both were asked and answered, the widest gap first.

    Two sides that see their work very differently, and do not know it, is what alliances fail of; it says nothing about who is
    right.
    """
    if len(public.ratings) < len(SIDES):
        return ()
    vendor, partner = (public.ratings[side].stars for side in SIDES)
    found = [Difference(name, vendor[name], partner[name]) for name in vendor if name in partner]
    return tuple(sorted(found, key=lambda one: (-abs(one.gap), one.topic)))


def rating_facts(public: Publication) -> tuple[Mapping[str, Any], ...]:
    """Return rows for the table ``ratings`` of a rule set: none before a period is public."""
    return tuple(
        {
            "id": f"{public.period.id}-{side}-{topic}",
            "published": public.since,
            "side": side,
            "topic": topic,
            "stars": Fraction(stars),
        }
        for side in SIDES
        if side in public.ratings
        for topic, stars in public.ratings[side].stars.items()
    )
