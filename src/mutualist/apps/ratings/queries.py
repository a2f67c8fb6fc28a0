"""Read ratings: what is open to whoever asks, and that the other side has rated, never more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from mutualist.apps.core.clock import today
from mutualist.apps.programme.public import Standing
from mutualist.apps.ratings.models import Rating, Round
from mutualist.domain.programme import rating as rules
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.facts import Row

TABLE = "ratings"
COLUMNS = frozenset({"side", "topic", "stars"})


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A half-year as one side sees it.

    Attributes
    ----------
    given
        Sides that have rated.
    ratings
        What whoever asks may read, by side.
    public
        Whether both sides' ratings are open.
    """

    period: rules.Period
    given: frozenset[str]
    ratings: Mapping[str, Rating]
    public: bool


def as_rule(row: Rating, period: str) -> rules.Rating:
    """Return a stored rating as the rules know it."""
    side: rules.Side = "vendor" if row.side == "vendor" else "partner"
    return rules.Rating(period, side, row.given_on, row.stars, row.comment)


def rounds_of(standing: Standing, relation: int) -> list[RoundShown]:
    """Return the half-years of a partner, the latest first; that of today always."""
    has = {
        side: Exists(Rating.objects.filter(round=OuterRef("pk"), side=side)) for side in rules.SIDES
    }
    rows = Round.objects.visible_to(standing).filter(relation=relation)
    named = rows.annotate(by_vendor=has["vendor"], by_partner=has["partner"])
    open_to = Rating.objects.visible_to(standing).filter(round__relation=relation)
    readable: dict[int, dict[str, Rating]] = defaultdict(dict)
    for one in open_to:
        readable[one.round_id][one.side] = one
    found = [_shown(row, readable[row.pk]) for row in named]
    current = rules.half_year_of(today())
    if not any(one.period.id == current.id for one in found):
        found.insert(0, RoundShown(current, frozenset(), {}, public=False))
    return found


def _shown(row: Any, ratings: Mapping[str, Rating]) -> RoundShown:
    given = frozenset(
        side for side, there in (("vendor", row.by_vendor), ("partner", row.by_partner)) if there
    )
    public = len(given) == len(rules.SIDES) or row.closes < today()
    return RoundShown(rules.Period(row.period, row.opens, row.closes), given, ratings, public)


def rating_rows(
    relations: Iterable[int], ruleset: RuleSet
) -> Mapping[int, Mapping[str, list[Row]]]:
    """Return public ratings as facts, for rule sets that have a table ``ratings`` of this form.

    Parameters
    ----------
    relations
        Partners the caller may know of.
    """
    table = ruleset.tables.get(TABLE)
    if table is None or not table.fields.keys() >= COLUMNS:
        return {}
    stored = Rating.objects.public().filter(round__relation__in=list(relations))
    by_round: dict[int, list[Rating]] = defaultdict(list)
    for one in stored.select_related("round"):
        by_round[one.round_id].append(one)
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for rows in by_round.values():
        of = rows[0].round
        period = rules.Period(of.period, of.opens, of.closes)
        public = rules.publication(period, [as_rule(one, of.period) for one in rows], today())
        for fact in rules.rating_facts(public):
            values = {name: fact[name] for name in COLUMNS} | {table.date: fact["published"]}
            found[of.relation_id][TABLE].append(Row(str(fact["id"]), values))
    return found
