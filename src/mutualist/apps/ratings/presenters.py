"""Ratings as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutualist.apps.core.language import reading
from mutualist.apps.programme.public import Standing
from mutualist.apps.ratings.models import Promise
from mutualist.apps.ratings.promising import as_rule as as_promise
from mutualist.apps.ratings.promising import kept_for
from mutualist.apps.ratings.queries import RoundShown, rounds_of
from mutualist.domain.programme import rating as rules


def told(standing: Standing, relation: int) -> Mapping[str, Any]:
    """Return what a side sees: the running half-year, and those that are open."""
    rounds = rounds_of(standing, relation)
    current = rounds[0]
    return {
        "half_year": current.period,
        "rated": standing.side in current.given,
        "other_rated": bool(current.given - {standing.side}),
        "settled": current.public,
        "open_rounds": [_round(one) for one in rounds if one.public and one.ratings],
    }


def _round(one: RoundShown) -> Mapping[str, Any]:
    language = reading()
    topics = [*rules.topics_for("vendor"), *rules.topics_for("partner")]
    rows = []
    for topic in dict.fromkeys(topics):
        stars = {side: row.stars.get(topic) for side, row in one.ratings.items()}
        if any(stars.values()):
            vendor, partner = stars.get("vendor"), stars.get("partner")
            far = bool(vendor and partner and abs(vendor - partner) >= 2)
            words = rules.topic_words(topic, language)
            rows.append({"topic": words, "vendor": vendor, "partner": partner, "far": far})
    comments = [
        {"side": side, "text": one.ratings[side].comment}
        for side in rules.SIDES
        if side in one.ratings and one.ratings[side].comment
    ]
    return {"period": one.period, "rows": rows, "comments": comments}


def promise_words(row: Promise) -> str:
    """Return a promise in a line: at least ten a quarter; 90 % within 48 hours."""
    language = reading()
    return rules.promise_words(as_promise(row, row.first), language)


def promises_told(standing: Standing, relation: int) -> list[dict[str, Any]]:
    """Return promises beside what one partner got, as both sides read it."""
    language = reading()
    return [
        {
            "about": one.about.words,
            "side": one.about.side,
            "words": rules.promise_words(as_promise(one.row, one.row.first), language),
            "last": _reality(one.last, language),
            "running": _reality(one.running, language),
            "kept": one.last.kept if one.last else None,
        }
        for one in kept_for(standing, relation)
    ]


def _reality(one: rules.Reality | None, language: str) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"start": one.start, "end": one.end, "outcome": one.outcome(language)}
