"""Levels in danger: the list, the counter, the card, the API and the letters say the same; what keeps a level is said."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from apps.programme.cast import browser
from apps.programme.test_api import Program
from apps.programme.test_levels import sale
from apps.programme.test_quiet import BEGUN, SHORT, STATUSES, rules_with, something_happens
from apps.rooms.cast import mails_to
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import stopped_at
from mutualist.apps.letters.models import Outlook as Kept
from mutualist.apps.letters.notices import run
from mutualist.apps.programme.actions.ahead import look_ahead
from mutualist.apps.programme.actions.levels import settle
from mutualist.apps.programme.models import LevelChange, LevelProposal, Relation, RuleSetVersion
from mutualist.apps.programme.pages.cards import card_of
from mutualist.apps.programme.queries.listing import risks_of
from mutualist.apps.programme.queries.week import AHEAD

STEPS = 6


def use(channel, status: str, text: str = SHORT) -> None:
    RuleSetVersion.objects.filter(programme=channel.programme, number=1).update(
        content=rules_with(status, text)
    )
    Relation.objects.update(joined=BEGUN, level="", level_since=None)
    LevelChange.objects.all().delete()


def settled(channel, day) -> int:
    return settle(programme=channel.programme, actor=Actor.system(), day=day)


def noon(day):
    return stopped_at(datetime.combine(day, time(12), UTC))


@pytest.mark.parametrize("status", STATUSES)
def test_the_list_the_card_the_api_and_the_letters_agree(channel, status):
    use(channel, STATUSES[status])
    rng, day = random.Random(status), BEGUN
    for number in range(STEPS):
        day += timedelta(days=rng.choice((1, 2, 9, 20)))
        something_happens(rng, channel, day, number)
        with noon(day):
            settled(channel, day)
            Relation.objects.update(looked_on=None)
            look_ahead(channel.programme.pk, day=day)
            run(day)
            relations = Relation.objects.filter(programme=channel.programme)
            risky = 0
            for one in relations:
                near = [
                    loss["day"]
                    for loss in card_of(one)["losses"]
                    if loss["day"] <= day + timedelta(days=AHEAD)
                ]
                assert one.falls_on == min(near, default=None), (one.name, day)
                told = Kept.objects.filter(relation=one).values_list("day", flat=True)
                assert sorted(told) == sorted(near)
                address = f"/programmes/{channel.programme.uid}/partners/{one.uid}/forecast"
                answer = Program(channel.cast.anna).call("GET", address).json()
                said = [loss["day"] for loss in answer["partners"][0]["losses"]]
                assert [d for d in said if d <= (day + timedelta(days=AHEAD)).isoformat()] == [
                    d.isoformat() for d in sorted(near)
                ]
                risky += bool(near)
            assert risks_of(channel.anna, day)[0] == risky


def test_a_level_given_for_a_time_ends_after_that_time(channel):
    use(channel, "held: 13 months\n  fall: monthly", SHORT)
    sale(channel, "2026-02-10", "100000")
    given = date(2026, 2, 11)
    settled(channel, given)
    assert LevelChange.objects.get(relation=channel.tauwerk, level="gold").day == given
    # The sale counts for thirty days; the level is held for its thirteen months all the same.
    for day in ((2026, 6, 1), (2027, 3, 10)):
        settled(channel, date(*day))
        assert not LevelProposal.objects.filter(relation=channel.tauwerk).exists()
    settled(channel, date(2027, 3, 11))
    proposal = LevelProposal.objects.get(relation=channel.tauwerk)
    assert (proposal.why, proposal.after) == ("term_over", "partner")


PROMISE = "fall: monthly\n  grandfathered: partner.country = 'AT'"


def test_the_card_says_that_a_promise_keeps_a_level(channel):
    use(channel, PROMISE)
    Relation.objects.filter(pk=channel.tauwerk.pk).update(country="AT")
    sale(channel, "2026-02-10", "100000")
    settled(channel, date(2026, 2, 11))
    day = date(2026, 6, 15)
    path = reverse("programme:partner", args=[channel.programme.uid, channel.tauwerk.uid])
    with noon(day):
        settled(channel, day)
        pages = [browser(channel.cast.anna).get(path), browser().get(channel.link())]
        with translation.override("de"):
            german = card_of(Relation.objects.get(pk=channel.tauwerk.pk))["staying"]
    for page in pages:
        said = "Gold stays by an earlier promise. By the rules of today it would be Partner."
        assert said in page.content.decode()
    assert german == "Gold bleibt nach alter Zusage. Nach den Regeln von heute wäre es Partner."
    assert browser(channel.cast.dora).get(path).status_code == 404


def test_the_card_says_that_grace_or_the_next_review_keeps_a_level(channel):
    use(channel, "fall: monthly\n  grace: 20 days")
    sale(channel, "2026-02-10", "100000")
    settled(channel, date(2026, 2, 11))
    channel.tauwerk.refresh_from_db()
    with noon(date(2026, 2, 12)):
        assert card_of(channel.tauwerk)["staying"] == ""
    with noon(date(2026, 4, 5)):
        said = card_of(channel.tauwerk)["staying"]
    assert "days of grace" in said
    assert "2026-04-21" in said
    use(channel, "fall: quarterly")
    settled(channel, date(2026, 2, 11))
    channel.tauwerk.refresh_from_db()
    with noon(date(2026, 3, 20)):
        card = card_of(channel.tauwerk)
    assert "until it is looked at on" in card["staying"]
    assert [one["is_gone"] for one in card["losses"]] == [True]


def test_a_fall_that_waits_for_a_decision_is_in_danger_and_not_told_again(channel):
    use(channel, "fall: monthly")
    sale(channel, "2026-02-10", "100000")
    settled(channel, date(2026, 2, 11))
    day = date(2026, 4, 5)
    with noon(day):
        settled(channel, day)
        look_ahead(channel.programme.pk, day=day)
        before = len(mails_to("clara@tauwerk.example"))
        run(day)
        assert len(mails_to("clara@tauwerk.example")) == before
        relation = Relation.objects.get(pk=channel.tauwerk.pk)
        card = card_of(relation)
    assert LevelProposal.objects.get(relation=relation).after == "partner"
    assert relation.falls_on == date(2026, 4, 1)
    assert card["staying"] == "Gold stays until somebody decides; by the rules it is Partner."
    assert [(one["day"], one["is_undecided"]) for one in card["losses"]] == [
        (date(2026, 4, 1), True)
    ]
    assert risks_of(channel.anna, day)[0] == 1
