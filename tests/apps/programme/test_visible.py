"""What each side sees of everything a programme holds, held against the rule in plain words, in two programmes at once.

Anna runs one programme, Greta another; Tauwerk and Grauwerk are partners in both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from apps.commissions.steps import World, accounts, book, given, make_world
from mutualist.apps.commissions import models as money
from mutualist.apps.commissions.actions.booking import book_invoice
from mutualist.apps.commissions.actions.paying import due, make_run
from mutualist.apps.commissions.actions.settling import approve
from mutualist.apps.commissions.actions.stating import issue_statements
from mutualist.apps.core.clock import now, stopped_at, today
from mutualist.apps.enquiries.actions import enter, hand_to
from mutualist.apps.enquiries.actions.receiving import Wish
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.letters import queries as letters
from mutualist.apps.letters.actions import choose_weekly, make_feed
from mutualist.apps.letters.models import Feed, Outlook, Quiet
from mutualist.apps.programme.models import Programme, Relation
from mutualist.apps.programme.public import Standing
from mutualist.apps.ratings.actions import give_rating
from mutualist.apps.ratings.models import Rating, Round

#: Of a row: the programme it belongs to and the partners it is about; None where it is the vendor's alone.
Owners = Callable[[Any], tuple[int, set[int] | None]]
RULES: dict[type[Any], Owners] = {
    Enquiry: lambda row: (row.programme_id, None),
    Offer: lambda row: (row.enquiry.programme_id, {row.relation_id}),
    Round: lambda row: (row.relation.programme_id, {row.relation_id}),
    money.Invoice: lambda row: (
        row.programme_id,
        {one.relation_id for one in row.earnings.all()},
    ),
    money.Earning: lambda row: (row.invoice.programme_id, {row.relation_id}),
    money.Entry: lambda row: (row.programme_id, {one.relation_id for one in row.lines.all()}),
    money.Line: lambda row: (row.entry.programme_id, {row.relation_id}),
    money.Payment: lambda row: (row.run.programme_id, {row.relation_id}),
    money.PaymentRun: lambda row: (row.programme_id, None),
    money.Statement: lambda row: (row.programme_id, {row.relation_id}),
    Relation: lambda row: (row.programme_id, {row.pk}),
}
#: What partners see nothing of.
VENDORS = {Enquiry, money.PaymentRun}


def fill(world: World) -> None:
    """Let everything happen once with each of both partners."""
    both = ((world.tauwerk.pk, Fraction(1, 2)), (world.grauwerk.pk, Fraction(1, 2)))
    for number, who in enumerate((world.tauwerk, world.grauwerk), 1):
        book(world, f"R-{number}", credited=((who.pk, Fraction(1)),))
        made = enter(standing=world.anna, wish=Wish("DE", "70173"))
        hand_to(standing=world.anna, enquiry=made.uid, relation=who.uid)
        Outlook.objects.create(relation=who, day=today(), level="gold")
    book_invoice(standing=world.anna, given=given(world, "R-3", credited=both), source="form")
    accounts(world)
    earned = money.Earning.objects.filter(invoice__programme=world.programme)
    approve(standing=world.anna, earnings=[one.uid for one in earned])
    payable = due(world.anna, "EUR")
    make_run(standing=world.anna, currency="EUR", execute_on=today(), total=payable.total)
    with stopped_at(now() + timedelta(days=1)):
        issue_statements(
            standing=world.anna, first=today() - timedelta(days=9), last=today() - timedelta(days=1)
        )
    # Grauwerk alone has rated, Tauwerk and the vendor have rated each other.
    for rater, about in (
        (world.anna, world.tauwerk),
        (world.clara, world.tauwerk),
        (world.dora, world.grauwerk),
    ):
        give_rating(standing=rater, relation=str(about.uid), stars={"fairness": 4})
    for one in (world.anna, world.clara, world.dora, world.linked()):
        make_feed(standing=one)
    choose_weekly(standing=world.anna, wanted=False)
    choose_weekly(standing=world.linked(), wanted=False)


@pytest.fixture
def worlds(db: None, settings: Any) -> tuple[World, World]:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    one = make_world()
    cast = replace(one.cast, anna=one.cast.greta, ben=one.cast.greta, nordwerk=one.cast.cluster)
    other = make_world(cast)
    fill(one)
    fill(other)
    return one, other


def standings(worlds: tuple[World, World]) -> dict[str, Standing]:
    return {
        f"{name} of {number}": getattr(world, name)
        for number, world in enumerate(worlds)
        for name in ("anna", "ben", "clara", "dora")
    } | {"link": worlds[0].linked()}


def naive(model: type[Any], standing: Standing) -> list[int]:
    found = []
    for row in model.objects.order_by("pk"):
        programme, partners = RULES[model](row)
        mine = standing.side == "vendor" or (partners is not None and standing.relation in partners)
        found += [row.pk] if programme == standing.programme and mine else []
    return found


def test_each_side_sees_its_own_of_everything_once(worlds):
    there = standings(worlds)
    for model in RULES:
        # What all see shows nothing: there is something of everybody.
        assert model.objects.count() >= 2, model
        for name, standing in there.items():
            seen = sorted(model.objects.visible_to(standing).values_list("pk", flat=True))
            assert seen == naive(model, standing), (model, name)
            assert bool(seen) == (standing.side == "vendor" or model not in VENDORS), (model, name)


def test_rules_of_commission_are_open_within_the_programme_only(worlds):
    for standing in standings(worlds).values():
        (rules,) = money.RuleVersion.objects.visible_to(standing)
        assert rules.programme_id == standing.programme


def test_a_rating_is_read_by_the_own_side_and_by_the_other_once_both_have_rated(worlds):
    for world in worlds:
        seen = {
            name: sorted(
                (one.round.relation.name.split()[0], one.side)
                for one in Rating.objects.visible_to(getattr(world, name))
            )
            for name in ("anna", "ben", "clara", "dora")
        }
        both = [("Tauwerk", "partner"), ("Tauwerk", "vendor")]
        assert seen == {"anna": both, "ben": both, "clara": both, "dora": [("Grauwerk", "partner")]}
    closes = Round.objects.first().closes
    for days, there in ((0, 2), (1, 3)):
        with stopped_at(now() + timedelta(days=(closes - today()).days + days)):
            assert Rating.objects.visible_to(worlds[0].anna).count() == there
    assert Rating.objects.count() == 6


def test_without_a_standing_one_sees_programmes_one_runs_and_partners_on_either_side(worlds):
    one, other = worlds
    cast = one.cast
    every = {one.tauwerk, one.grauwerk, other.tauwerk, other.grauwerk}
    expected = {
        cast.anna: ({one.programme}, {one.tauwerk, one.grauwerk}),
        cast.ben: ({one.programme}, {one.tauwerk, one.grauwerk}),
        cast.greta: ({other.programme}, {other.tauwerk, other.grauwerk}),
        cast.clara: (set(), {one.tauwerk, other.tauwerk}),
        cast.dora: (set(), {one.grauwerk, other.grauwerk}),
    }
    assert set(Relation.objects.all()) == every
    for actor, (programmes, partners) in expected.items():
        assert set(Programme.objects.visible_to(actor)) == programmes
        assert set(Relation.objects.visible_to(actor)) == partners


def test_a_standing_that_names_no_partner_sees_none(worlds):
    nobody = replace(worlds[0].clara, relation=None)
    for model in (Relation, Offer, Round, Rating):
        assert not model.objects.visible_to(nobody).exists()
    assert not letters.losses(nobody, today()).exists()


def test_calendars_and_refused_letters_are_those_of_the_person_in_the_programme(worlds):
    for world in worlds:
        for standing in (world.anna, world.clara, world.dora, world.linked()):
            (feed,) = letters.feeds_of(standing)
            assert feed.programme_id == standing.programme
            assert feed.relation_id == standing.relation
            person = None if standing.contact else standing.actor.user_id
            assert (feed.contact_id, feed.user_id) == (standing.contact, person)
        quiet = {name: letters.is_quiet(getattr(world, name)) for name in ("anna", "clara", "dora")}
        assert quiet == {"anna": True, "clara": False, "dora": False}
        assert letters.is_quiet(world.linked())
        assert letters.quiet_contacts(world.programme.pk) == {world.linked().contact}
        Feed.objects.filter(letters.whose(world.clara)).update(revoked_at=now())
        assert letters.feeds_of(world.clara) == []
    assert letters.feeds_of(worlds[0].ben) == []
    assert not letters.is_quiet(worlds[0].ben)
    assert (Feed.objects.count(), Quiet.objects.count()) == (8, 4)


def test_levels_that_are_lost_are_told_to_the_vendor_and_to_whom_it_concerns(worlds):
    for world in worlds:
        for name, partners in {
            "anna": {world.tauwerk, world.grauwerk},
            "ben": {world.tauwerk, world.grauwerk},
            "clara": {world.tauwerk},
            "dora": {world.grauwerk},
        }.items():
            standing = getattr(world, name)
            assert {one.relation for one in letters.losses(standing, today())} == partners
            assert not letters.losses(standing, today() - timedelta(days=1)).exists()
