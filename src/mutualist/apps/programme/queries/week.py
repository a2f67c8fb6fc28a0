"""What a partner is told by mail: where it stands, what changed, what comes next and what runs out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from django.utils import timezone

from mutualist.apps.programme.models import Contact, FactRow, LevelProposal, Relation
from mutualist.apps.programme.queries.joining import has_accepted, newest_agreement
from mutualist.apps.programme.queries.levels import case_of, held_now
from mutualist.apps.programme.queries.rules import all_rules, rules_of, version_on
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.ahead.falling import Falling, falling
from mutualist.domain.programme.ahead.forecasting import Forecast, forecast
from mutualist.domain.programme.ahead.paths import cheapest_paths
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.numbers import shown
from mutualist.domain.programme.status.rhythm import next_review
from mutualist.library.programme_ahead import shortest_text

#: What runs out within so many days is told.
AHEAD = 90
#: So many facts that run out are named.
NAMED = 8


@dataclass(frozen=True, slots=True)
class Ending:
    """A fact that holds until a day: a certificate, a contract."""

    id: int
    relation: int
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class OpenAgreement:
    """The newest version of an agreement, which a partner has not accepted yet."""

    id: int
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A partner's contact, by ids of rows."""

    name: str
    programme: int
    relation: int


class Week:
    """A partner on a day, worked out when it is asked for and only once."""

    def __init__(self, relation: Relation, day: date, versions: list[RuleSet]) -> None:
        self.relation, self.day, self.versions = relation, day, versions

    @cached_property
    def case(self) -> Case:
        """Facts and rules."""
        return case_of(self.relation, self.versions, self.day)

    @cached_property
    def rules(self) -> RuleSet:
        """The rules in force on the day."""
        return self.case.rules(self.day)

    @cached_property
    def figures(self) -> dict[str, str]:
        """Level, total and points by metric, exactly, to be kept and compared a week later."""
        score = self.case.score(self.day)
        found = {"level": self.relation.level, "total": str(score.total)}
        for name, one in score.metrics.items():
            if one.applies and one.points is not None:
                found[f"metric.{name}"] = str(one.points)
        return found

    @cached_property
    def ahead(self) -> Forecast:
        """What changes by itself."""
        held = held_now(self.relation, self.versions, self.day)
        until, level = self.day + timedelta(days=AHEAD), self.relation.level
        return forecast(self.case, self.day, until, held=held, recorded=level or None)

    @cached_property
    def falling(self) -> tuple[Falling, ...]:
        """The levels that are lost within the next days, soonest first."""
        return falling(self.ahead)

    def level(self, name: str, language: str) -> str:
        """Return the word for a level; a dash for none."""
        for each in (self.rules, *self.versions):
            for one in each.levels:
                if one.name == name:
                    return one.words.of(language)
        return name or "–"

    def metric(self, name: str, language: str) -> str:
        """Return the word for a metric."""
        found = self.rules.metrics.get(name)
        return found.words.of(language) if found else name

    def total(self, language: str) -> str:
        """Return the points as they are read; empty where rules have none."""
        if self.rules.total.way == "none":
            return ""
        return shown(Fraction(self.figures["total"]), language)

    def next_step(self, language: str) -> tuple[str, str]:
        """Return the next level and the cheapest way to it, in words; empty where there is none."""
        found = cheapest_paths(self.case, self.day, ways=1)
        if found.target is None or found.reached or not found.paths:
            return "", ""
        return self.level(found.target, language), shortest_text(found, self.rules, language)

    def way_to_keep(self, level: str, day: date, language: str) -> str:
        """Return the cheapest way to have a level on the day it would be lost; empty where there is none."""
        if level not in [one.name for one in self.case.rules(day).levels]:
            return ""
        found = cheapest_paths(self.case, day, target=level, ways=1)
        return shortest_text(found, self.case.rules(day), language)

    def changes(self, before: Mapping[str, str], language: str) -> list[str]:
        """Return what is different from figures kept before: the total first, then metric by metric."""
        if not before:
            return []
        now, lines = self.figures, []
        if before.get("level", "") != now["level"]:
            old, new = (
                self.level(one, language) for one in (before.get("level", ""), now["level"])
            )
            lines.append(f"{old} → {new}")
        old_total, new_total = (Fraction(one.get("total", "0")) for one in (before, now))
        if old_total != new_total and self.rules.total.way != "none":
            change = _signed(new_total - old_total, language)
            lines.append(f"{shown(old_total, language)} → {shown(new_total, language)} ({change})")
        for key in [one for one in now if one.startswith("metric.")]:
            change_of = Fraction(now[key]) - Fraction(before.get(key, "0"))
            if change_of:
                name = self.metric(key.removeprefix("metric."), language)
                lines.append(f"{name}: {_signed(change_of, language)}")
        return lines

    def ending(self, language: str) -> list[Ending]:
        """Return the facts that run out, soonest first."""
        last = self.day + timedelta(days=AHEAD)
        return endings([self.relation.pk], self.rules, self.day, last, language)[:NAMED]

    @property
    def lacks_agreement(self) -> bool:
        """Whether the newest agreement waits for the partner."""
        return open_agreement(self.relation) is not None


def endings(
    relations: list[int], rules: RuleSet, first: date, last: date, language: str
) -> list[Ending]:
    """Return facts of partners that hold until a day between two, soonest first."""
    found = []
    for table in rules.tables.values():
        if not table.until:
            continue
        column = f"values__{table.until}"
        rows = FactRow.objects.filter(
            relation__in=relations,
            table=table.name,
            **{f"{column}__gte": first.isoformat(), f"{column}__lte": last.isoformat()},
        )
        texts = [
            one.name
            for one in table.fields.values()
            if one.kind == "text" and one.name not in {table.date, table.until}
        ]
        for row in rows:
            day = date.fromisoformat(str(row.values[table.until])[:10])
            named = ", ".join(str(row.values[one]) for one in texts if row.values.get(one))
            text = f"{table.words.of(language)}: {named or row.external_id}"
            found.append(Ending(row.pk, row.relation_id, day, text))
    return sorted(found, key=lambda one: (one.day, one.text))


def week_of(relation: Relation, day: date, versions: list[RuleSet] | None = None) -> Week | None:
    """Return a partner on a day; None where no rules are in force."""
    if version_on(relation.programme_id, day) is None:
        return None
    return Week(relation, day, versions or all_rules(relation.programme_id))


def _signed(value: Fraction, language: str) -> str:
    return f"{'+' if value > 0 else '−'}{shown(abs(value), language)}"


def partners_to_write(programme: int) -> list[Relation]:
    """Return the partners of a programme that have a page, with their contacts, for what runs by itself."""
    wanted = (Relation.State.ONBOARDING, Relation.State.ACTIVE)
    found = Relation.objects.filter(programme=programme, state__in=wanted)
    return list(found.prefetch_related("contacts").order_by("pk"))


def open_agreement(relation: Relation) -> OpenAgreement | None:
    """Return the agreement that waits for a partner."""
    newest = newest_agreement(relation.programme_id)
    if newest is None or has_accepted(relation.pk, newest):
        return None
    return OpenAgreement(newest.pk, newest.number, newest.title)


def decisions_of(standing: Standing) -> tuple[int, int]:
    """Return how many levels and how many applications wait for the vendor."""
    partners = Relation.objects.visible_to(standing)
    levels = LevelProposal.objects.filter(relation__in=partners, state="open").count()
    return levels, partners.filter(state=Relation.State.APPLIED).count()


def next_reviews(programme: int, first: date, last: date) -> list[date]:
    """Return the days on which levels are looked at, between two days; none where they fall at once."""
    version = version_on(programme, first)
    if version is None:
        return []
    status, found = rules_of(version).status, []
    if status.fall != "at review":
        return []
    day = next_review(first - timedelta(days=1), status)
    while day <= last:
        found.append(day)
        day = next_review(day, status)
    return found


def endings_of(standing: Standing, first: date, last: date, language: str) -> list[Ending]:
    """Return the facts of all partners somebody may know of that run out between two days."""
    version = version_on(standing.programme, first)
    if version is None:
        return []
    named = standing.side == "vendor"
    partners = dict(
        Relation.objects.visible_to(standing)
        .filter(state__in=(Relation.State.ONBOARDING, Relation.State.ACTIVE))
        .values_list("pk", "name")
    )
    found = endings(list(partners), rules_of(version), first, last, language)
    return [
        replace(one, text=f"{partners[one.relation]}: {one.text}") if named else one
        for one in found
    ]


def contact_card(contact: int) -> ContactCard | None:
    """Return a contact; None where there is none any more."""
    found = Contact.objects.select_related("relation").filter(pk=contact).first()
    if found is None:
        return None
    return ContactCard(found.name, found.relation.programme_id, found.relation_id)


def first_partners(standing: Standing, most: int) -> list[Relation]:
    """Return the first partners by name that are written to, for a choice."""
    wanted = (Relation.State.ONBOARDING, Relation.State.ACTIVE)
    return list(Relation.objects.visible_to(standing).filter(state__in=wanted)[:most])


def partner_letter_standing(standing: Standing, relation: Relation) -> Standing:
    """Return the standing a partner's mail is written in, for the vendor to look at: it reads what the partner reads."""
    return replace(
        standing,
        side="partner",
        writes=False,
        manages=False,
        relation=relation.pk,
        relation_uid=relation.uid,
        partner_name=relation.name,
    )


@dataclass(frozen=True, slots=True)
class Membership:
    """Since when a partner is in which programme."""

    programme: int
    since: date


def memberships(relations: Iterable[int]) -> dict[int, Membership]:
    """Return since when partners take part, by relation."""
    found = Relation.objects.filter(pk__in=relations)
    return {
        pk: Membership(programme, joined or timezone.localdate(created))
        for pk, programme, joined, created in found.values_list(
            "pk", "programme_id", "joined", "created_at"
        )
    }
