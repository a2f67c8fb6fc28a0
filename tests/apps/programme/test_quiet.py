"""Whoever is passed over when all are looked at would have come to the same alone: day by day, whatever changes."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import transaction

from apps.programme.cast import RULES
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.programme.actions import levels
from mutualist.apps.programme.actions.levels import decide, settle
from mutualist.apps.programme.models import (
    FactRow,
    LevelChange,
    LevelProposal,
    Relation,
    RuleSetVersion,
)

STATUSES = {
    "at once": "fall: at once",
    "at review": "fall: at review\n  review: {months: [2, 4, 6], day: 10}",
    "monthly": "rise: monthly\n  fall: quarterly",
    "grace": "fall: monthly\n  grace: 20 days",
    "any day": "fall: monthly\n  qualifies: {any_day_in: 3 calendar months}",
    "granted": "held: 2 months",
    "promised": "fall: at once\n  grandfathered: partner.country = 'AT'",
}
SHORT = RULES.replace("last 12 months", "last 30 days")
RELATIVE = SHORT + "relative:\n  top: {of: revenue, best: 40 %}\n"
BEGUN = date(2026, 1, 5)
#: More of both find more, and take longer.
SEEDS, STEPS = 1, 9


def rules_with(status: str, text: str = SHORT) -> str:
    promised = "partner:\n  country: text\n" if "grandfathered" in status else ""
    return f"{text}{promised}status:\n  {status}\n"


def sell(rng, relation, day, number):
    """Note a sale, of a day before, or after: what is told late counts late."""
    sold = day + timedelta(days=rng.randint(-40, 5))
    FactRow.objects.create(
        relation=relation,
        table="sales",
        external_id=f"S-{number}",
        day=sold,
        values={
            "day": sold.isoformat(),
            "customer": "A",
            "amount": str(rng.choice((20_000, 50_000, 60_000, 100_000, 50_000.01))),
        },
        imported_at=now(),
    )


def something_happens(rng, channel, day, number):
    relations = list(Relation.objects.filter(programme=channel.programme).order_by("name"))
    for at in range(rng.randint(0, 2)):
        sell(rng, rng.choice(relations), day, f"{number}-{at}")
    what = rng.random()
    if what < 0.15 and (rows := list(FactRow.objects.order_by("external_id"))):
        rng.choice(rows).delete()
    elif what < 0.3:
        one = rng.choice(relations)
        one.country = rng.choice(("DE", "AT"))
        one.save(update_fields=["country"])
    elif what < 0.5:
        waiting = LevelProposal.objects.filter(state="open").order_by("relation__name").first()
        if waiting is not None:
            keep = rng.random() < 0.5
            decide(standing=channel.anna, proposal=waiting.pk, keep=keep, reason="so")
    elif what < 0.55 and not RuleSetVersion.objects.filter(number=2).exists():
        first = RuleSetVersion.objects.get(number=1)
        since = day + timedelta(days=rng.randint(0, 6))
        lower = first.content.replace("linear(value, 100000, 100)", "linear(value, 60000, 100)")
        RuleSetVersion.objects.create(
            programme=channel.programme, number=2, content=lower, since=since
        )


def walked(channel, seed, *, alone):
    """Return what was held and proposed after each of some days, when whoever can is passed over or nobody is."""
    rng, day, found = random.Random(seed), BEGUN, []
    for number in range(STEPS):
        day += timedelta(days=rng.choice((0, 1, 1, 1, 2, 9, 20)))
        something_happens(rng, channel, day, number)
        if alone:
            Relation.objects.update(settled_on=None)
        settle(programme=channel.programme, actor=Actor.system(), day=day, few=-1)
        found.append(
            (
                day,
                sorted(Relation.objects.values_list("name", "level", "level_since")),
                sorted(LevelProposal.objects.values_list("relation__name", "before", "after", "day", "why", "state")),
                sorted(LevelChange.objects.values_list("relation__name", "day", "level", "cause")),
            )
        )  # fmt: skip
    return found


@pytest.fixture
def many(channel):
    Relation.objects.update(joined=BEGUN, level="")
    LevelChange.objects.all().delete()
    for name in ("Blauwerk", "Gelbwerk", "Rotwerk"):
        Relation.objects.create(programme=channel.programme, name=name, joined=BEGUN)
    Relation.objects.create(programme=channel.programme, name="Weisswerk", joined=None)
    return channel


@pytest.fixture
def passed_over(monkeypatch):
    """How many partners were passed over, all in all, and on how many of these days all were scored at once."""
    seen = {"partners": 0, "days": 0}
    real, real_levels = levels.quiet, levels.quiet.__globals__["levels_on"]

    def counting(*args, **named):
        found = real(*args, **named)
        seen["partners"] += len(found)
        return found

    def counting_days(*args, **named):
        found = real_levels(*args, **named)
        seen["days"] += len(found)
        return found

    monkeypatch.setattr(levels, "quiet", counting)
    monkeypatch.setitem(real.__globals__, "levels_on", counting_days)
    return seen


@pytest.mark.parametrize("status", STATUSES)
def test_whoever_is_passed_over_would_have_come_to_the_same(many, status, passed_over):
    text = RELATIVE if status == "at once" else SHORT
    RuleSetVersion.objects.update(content=rules_with(STATUSES[status], text))
    for seed in range(SEEDS):
        both = []
        for alone in (False, True):
            with transaction.atomic():
                both.append(walked(many, f"{status}{seed}", alone=alone))
                transaction.set_rollback(True)
        for one, other in zip(*both, strict=True):
            assert one == other
    assert passed_over["partners"] > 0
    assert passed_over["days"] > 0


def alone_of(monkeypatch, run):
    """Return the partners that are looked at alone."""
    seen, real = [], levels._settle_one
    monkeypatch.setattr(levels, "_settle_one", lambda pk, *rest: seen.append(pk) or real(pk, *rest))
    run()
    monkeypatch.undo()
    return seen


def test_only_those_of_whom_something_changed_are_looked_at_alone(many, monkeypatch):
    day = BEGUN + timedelta(days=20)

    def look(later):
        return alone_of(
            monkeypatch,
            lambda: settle(
                programme=many.programme,
                actor=Actor.system(),
                day=day + timedelta(days=later),
                few=-1,
            ),
        )

    everybody = list(Relation.objects.order_by("pk").values_list("pk", flat=True))
    assert look(0) == everybody
    look(0)
    unsettled = Relation.objects.get(name="Weisswerk").pk
    assert set(look(0)) <= {unsettled}
    sell(random.Random(1), many.tauwerk, day, "new")
    assert many.tauwerk.pk in look(0)
    look(0)
    assert set(look(1)) <= {unsettled, many.tauwerk.pk}
    assert look(30) == everybody


def test_what_is_killed_halfway_goes_on_with_the_others(many, monkeypatch):
    day, done, real = BEGUN + timedelta(days=20), [], levels._settle_one

    def stops_at_the_third(pk, *rest):
        if len(done) == 2:
            raise RuntimeError("stopped")
        done.append(pk)
        return real(pk, *rest)

    monkeypatch.setattr(levels, "_settle_one", stops_at_the_third)
    with pytest.raises(RuntimeError):
        settle(programme=many.programme, actor=Actor.system(), day=day, few=-1)
    monkeypatch.undo()
    held = dict(Relation.objects.values_list("pk", "level"))
    assert [held[pk] for pk in done] == ["partner", "partner"]
    assert LevelChange.objects.count() == 2
    settle(programme=many.programme, actor=Actor.system(), day=day, few=-1)
    assert set(Relation.objects.values_list("level", flat=True)) == {"partner"}
    assert LevelChange.objects.count() == len(held)
