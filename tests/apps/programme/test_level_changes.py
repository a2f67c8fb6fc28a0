"""Why a level changed: metric by metric, by facts or rules, for both sides and for programs, and for nobody else."""

from __future__ import annotations

import html
from datetime import date, timedelta

import pytest

from apps.programme.cast import RULES, browser
from apps.programme.test_api_rules import Program
from apps.programme.test_levels import gold, sale, settled  # noqa: F401 - a fixture
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.levels import decide
from mutualist.apps.programme.models import (
    FactRow,
    LevelChange,
    LevelProposal,
    Relation,
    RuleSetVersion,
)


@pytest.fixture
def fallen(gold):  # noqa: F811 - the fixture
    """Return a channel in which the sale that gave gold has left the time that counts, and the vendor agreed."""
    settled(gold, "2028-01-02")
    decide(standing=gold.anna, proposal=LevelProposal.objects.get().pk, keep=False)
    LevelChange.objects.filter(level="partner").update(day=date(2028, 1, 2))
    return gold


def change_of(channel, level):
    return LevelChange.objects.get(relation=channel.tauwerk, level=level).pk


def pages_of(channel, level):
    """Return what the vendor, the partner and a mailed link show of a change, as text."""
    change = change_of(channel, level)
    partner, programme = channel.tauwerk.uid, channel.programme.uid
    asked = (
        (browser(channel.cast.anna), f"/programmes/{programme}/partners/{partner}/"),
        (browser(channel.cast.clara), f"/partner/{partner}/"),
        (browser(), channel.link()),
    )
    found = []
    for client, home in asked:
        path = f"{home}levels/{change}/"
        assert path in client.get(home).content.decode()
        answer = client.get(path)
        assert answer.status_code == 200
        found.append(html.unescape(" ".join(answer.content.decode().split())))
    return found


def test_a_rise_names_the_facts_that_did_it(gold):  # noqa: F811 - the fixture
    for page in pages_of(gold, "gold"):
        assert "no level → Gold" in page
        assert "+100 · Revenue" in page
        assert "Begins (Sales): A." in page
        assert "0 → 100" in page
        assert "Facts have changed since" not in page


def test_a_fall_names_the_facts_that_left(fallen):
    for page in pages_of(fallen, "partner"):
        assert "Gold → Partner" in page
        assert "−100 · Revenue" in page
        assert "No longer in the time that counts (Sales): A." in page
        assert "the vendor agreed" in page


def test_facts_taken_in_later_are_newly_entered(channel):
    relation, day = channel.tauwerk, today()
    sale(channel, (day - timedelta(days=50)).isoformat(), "60000")
    settled(channel, day.isoformat())
    assert LevelChange.objects.filter(relation=relation).count() == 2
    for page in pages_of(channel, "silver"):
        assert "Partner → Silver" in page
        assert "+60 · Revenue" in page
        assert "Newly entered (Sales): A." in page


def test_new_rules_are_named_with_their_version(gold):  # noqa: F811 - the fixture
    harder = RULES.replace("linear(value, 100000, 100)", "linear(value, 160000, 100)")
    RuleSetVersion.objects.create(
        programme=gold.programme, number=2, content=harder, since=date(2027, 1, 1)
    )
    assert settled(gold, "2027-01-01") == 1
    decide(standing=gold.anna, proposal=LevelProposal.objects.get().pk, keep=False)
    LevelChange.objects.filter(level="silver").update(day=date(2027, 1, 1))
    vendor, *partner = pages_of(gold, "silver")
    for page in (vendor, *partner):
        assert "−37.5 · Revenue" in page
        assert "New rules, version 2." in page
        assert "Version 2 of the rules is in force since 1 Jan 2027." in page
    assert "What is different in it" in vendor
    compare = f"/programmes/{gold.programme.uid}/rules/compare/?from=1&to=2"
    assert compare in vendor
    assert browser(gold.cast.anna).get(compare).status_code == 200
    assert all("What is different in it" not in page for page in partner)


def test_a_level_that_was_kept_says_so_and_the_next_fall_names_the_facts(gold):  # noqa: F811 - the fixture
    settled(gold, "2028-01-02")
    keep = {"keep": True, "reason": "A large order is coming."}
    decide(standing=gold.anna, proposal=LevelProposal.objects.get().pk, **keep)
    kept = LevelChange.objects.get(cause="override")
    kept.day = date(2028, 1, 2)
    kept.save()
    page = browser(gold.cast.clara).get(f"/partner/{gold.tauwerk.uid}/levels/{kept.pk}/")
    text = html.unescape(page.content.decode())
    assert "Gold stays" in text
    assert "A large order is coming." in text
    assert settled(gold, "2029-01-02") == 1
    waiting = LevelProposal.objects.get(state="open")
    decide(standing=gold.anna, proposal=waiting.pk, keep=False)
    LevelChange.objects.filter(level="partner").update(day=date(2029, 1, 2))
    assert all("−100 · Revenue" in page for page in pages_of(gold, "partner"))


def test_facts_that_were_removed_since_are_not_made_up(gold):  # noqa: F811 - the fixture
    FactRow.objects.all().delete()
    for page in pages_of(gold, "gold"):
        assert "Facts have changed since" in page
        assert "What is known today gives Partner for that day" in page


def test_programs_get_the_same(fallen):
    anna, clara = Program(fallen.cast.anna), Program(fallen.cast.clara)
    home = f"/programmes/{fallen.programme.uid}/partners/{fallen.tauwerk.uid}/levels"
    newest = anna.call("GET", home).json()[0]
    assert (newest["id"], newest["level"]) == (change_of(fallen, "partner"), "partner")
    found = anna.call("GET", f"{home}/{newest['id']}").json()
    assert (found["schema"], found["days"]) == ("diff/1", ["2026-03-01", "2028-01-02"])
    entry = found["partners"][0]
    assert (entry["level"], entry["by_metric"]) == (["gold", "partner"], {"revenue": "-100"})
    own = f"/relations/{fallen.tauwerk.uid}/levels/{newest['id']}"
    assert clara.call("GET", own).json() == found


def test_a_change_of_another_partner_is_not_there(fallen):
    other = LevelChange.objects.create(
        relation=Relation.objects.get(pk=fallen.grauwerk.pk),
        day=date(2026, 5, 1),
        level="gold",
        cause="risen",
    )
    programme = fallen.programme.uid
    tries = [
        (fallen.cast.anna, f"/programmes/{programme}/partners/{fallen.tauwerk.uid}/"),
        (fallen.cast.clara, f"/partner/{fallen.tauwerk.uid}/"),
        (fallen.cast.clara, f"/partner/{fallen.grauwerk.uid}/"),
    ]
    for actor, home in tries:
        assert browser(actor).get(f"{home}levels/{other.pk}/").status_code == 404
    own = f"/relations/{fallen.tauwerk.uid}/levels/{other.pk}"
    assert Program(fallen.cast.clara).call("GET", own).status_code == 404
