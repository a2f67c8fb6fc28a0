"""Levels rise by themselves, fall by decision, and every change is on record and told by mail."""

from __future__ import annotations

from datetime import date

import pytest

from apps.programme.cast import browser
from apps.rooms.cast import mails_to
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions import levels
from mutualist.apps.programme.actions.levels import decide, decide_all, review, settle
from mutualist.apps.programme.models import FactRow, LevelChange, LevelProposal, Relation
from mutualist.apps.programme.public import level_on


def sale(channel, day: str, amount: str, id_: str = "S-1") -> None:
    FactRow.objects.update_or_create(
        relation=channel.tauwerk,
        table="sales",
        external_id=id_,
        defaults={
            "day": date.fromisoformat(day),
            "values": {"day": day, "customer": "A", "amount": amount},
        },
    )


def settled(channel, day: str) -> int:
    return settle(programme=channel.programme, actor=Actor.system(), day=date.fromisoformat(day))


@pytest.fixture
def gold(channel):
    """Return both partners as if they had joined long ago; Tauwerk has gold since March."""
    Relation.objects.update(joined=date(2026, 1, 1), level="", level_since=None)
    LevelChange.objects.all().delete()
    sale(channel, "2026-02-10", "100000")
    settled(channel, "2026-03-01")
    channel.tauwerk.refresh_from_db()
    return channel


def test_an_earned_level_is_held_at_once_and_told(gold):
    assert gold.tauwerk.level == "gold"
    assert level_on(gold.tauwerk.pk, date(2026, 3, 1)) == "gold"
    assert level_on(gold.tauwerk.pk, date(2026, 2, 28)) == ""
    assert len(mails_to("clara@tauwerk.example")) == 1
    assert settled(gold, "2026-03-02") == 0


def test_nothing_falls_before_the_review_nor_without_a_decision(gold):
    assert settled(gold, "2027-02-20") == 0
    # The sale left the window on 10 February 2027; the programme looks down each January.
    assert settled(gold, "2028-01-02") == 1
    proposal = LevelProposal.objects.get()
    assert (proposal.before, proposal.after, proposal.day) == ("gold", "partner", date(2028, 1, 1))
    gold.tauwerk.refresh_from_db()
    assert gold.tauwerk.level == "gold"
    assert settled(gold, "2028-01-03") == 0
    decide(standing=gold.anna, proposal=proposal.pk, keep=False)
    gold.tauwerk.refresh_from_db()
    assert gold.tauwerk.level == "partner"
    assert LevelChange.objects.filter(relation=gold.tauwerk).count() == 2


def test_a_level_is_kept_with_a_reason_that_the_partner_reads(gold):
    settled(gold, "2028-01-02")
    proposal = LevelProposal.objects.get()
    with pytest.raises(ActionError, match="proposal_reason"):
        decide(standing=gold.anna, proposal=proposal.pk, keep=True)
    decide(standing=gold.anna, proposal=proposal.pk, keep=True, reason="A large order is coming.")
    assert "A large order is coming." in browser().get(gold.link()).content.decode()
    with pytest.raises(ActionError, match="proposal_decided"):
        decide(standing=gold.anna, proposal=proposal.pk, keep=False)


def test_a_proposal_goes_when_the_facts_have_changed(gold):
    settled(gold, "2028-01-02")
    sale(gold, "2027-12-30", "200000", "S-2")
    settled(gold, "2028-01-03")
    assert LevelProposal.objects.get().state == "gone"


def test_only_the_vendor_decides(gold):
    settled(gold, "2028-01-02")
    proposal = LevelProposal.objects.get().pk
    for standing in (gold.ben, gold.clara, gold.dora):
        with pytest.raises(NotAllowed):
            decide(standing=standing, proposal=proposal, keep=False)
        with pytest.raises(NotAllowed):
            review(standing=standing)


@pytest.fixture
def both_fall(gold):
    FactRow.objects.create(
        relation=gold.grauwerk,
        table="sales",
        external_id="S-2",
        day=date(2026, 2, 10),
        values={"day": "2026-02-10", "customer": "B", "amount": "60000"},
    )
    settled(gold, "2026-03-02")
    assert settled(gold, "2028-01-02") == 2
    return gold


def test_all_that_wait_are_decided_at_once(both_fall):
    anna = browser(both_fall.cast.anna)
    home = f"/programmes/{both_fall.programme.uid}/reviews/"
    page = anna.get(home).content.decode()
    assert "from Gold to Partner" in page
    assert "from Silver to Partner" in page
    refused = anna.post(f"{home}all/", {"decision": "keep", "reason": " "})
    assert refused.status_code == 422
    assert set(LevelProposal.objects.values_list("state", flat=True)) == {"open"}
    answer = anna.post(f"{home}all/", {"decision": "keep", "reason": "A hard year."})
    assert answer.status_code == 302
    assert set(LevelProposal.objects.values_list("state", "reason")) == {("kept", "A hard year.")}
    assert "A hard year." in browser().get(both_fall.link()).content.decode()


def test_a_reason_that_was_refused_stays_with_its_partner(both_fall):
    first = LevelProposal.objects.order_by("pk").first()
    path = f"/programmes/{both_fall.programme.uid}/reviews/{first.pk}/"
    LevelProposal.objects.filter(pk=first.pk).update(state="kept", decided_at=now())
    page = browser(both_fall.cast.anna).post(path, {"decision": "keep", "reason": "Only this."})
    assert page.status_code == 409
    assert "Only this." not in page.content.decode()


def test_decisions_for_all_are_the_vendors(both_fall):
    for standing in (both_fall.ben, both_fall.clara, both_fall.dora):
        with pytest.raises(NotAllowed):
            decide_all(standing=standing, keep=False)


def test_what_stops_halfway_leaves_nobody_in_between(both_fall, monkeypatch):
    real, done = levels.decide, []

    def stops_at_the_second(**named):
        if done:
            raise RuntimeError("stopped")
        done.append(named["proposal"])
        real(**named)

    monkeypatch.setattr(levels, "decide", stops_at_the_second)
    with pytest.raises(RuntimeError):
        decide_all(standing=both_fall.anna, keep=False)
    states = dict(LevelProposal.objects.values_list("pk", "state"))
    assert [states.pop(done[0]), *states.values()] == ["applied", "open"]
    monkeypatch.undo()
    assert decide_all(standing=both_fall.anna, keep=False) == (1, 0)


def test_the_page_of_reviews_takes_a_decision(gold):
    settled(gold, "2028-01-02")
    anna = browser(gold.cast.anna)
    home = f"/programmes/{gold.programme.uid}/reviews/"
    assert "Tauwerk" in anna.get(home).content.decode()
    proposal = LevelProposal.objects.get()
    refused = anna.post(f"{home}{proposal.pk}/", {"decision": "keep", "reason": " "})
    assert refused.status_code == 422
    assert anna.post(f"{home}{proposal.pk}/", {"decision": "fall"}).status_code == 302
    assert LevelProposal.objects.get().state == "applied"


def test_the_page_of_reviews_is_cut_filtered_and_decided_as_it_was_asked_for(both_fall):
    relations = [
        Relation(programme=both_fall.programme, name=f"Partner {at:02}", level="gold")
        for at in range(30)
    ]
    Relation.objects.bulk_create(relations)
    LevelProposal.objects.bulk_create(
        LevelProposal(relation=one, day=date(2028, 1, 1), before="gold", after="", why="fallen")
        for one in relations
    )
    anna = browser(both_fall.cast.anna)
    home = f"/programmes/{both_fall.programme.uid}/reviews/"
    first, second = (anna.get(home, {"page": page}).content.decode() for page in (1, 2))
    assert "32 levels are to fall" in first
    assert (first.count('value="fall"'), second.count('value="fall"')) == (26, 8)
    found = anna.get(home, {"q": "partner 1", "level": "gold"}).content.decode()
    assert "10 levels are to fall" in found
    assert "Partner 19" in found
    assert "Tauwerk" not in found
    assert "Nothing fits" in anna.get(home, {"q": "nobody"}).content.decode()
    answer = anna.post(f"{home}all/", {"decision": "fall", "q": "partner 1", "level": "gold"})
    assert answer.url == f"{home}?q=partner+1&level=gold"
    assert LevelProposal.objects.filter(state="applied").count() == 10
    assert decide_all(standing=both_fall.anna, keep=False, most=15) == (15, 7)
    one = LevelProposal.objects.filter(state="open").first()
    answer = anna.post(f"{home}{one.pk}/", {"decision": "fall", "level": "gold"})
    assert answer.url == f"{home}?level=gold"


def test_a_partner_holds_its_level_as_soon_as_it_is_there(channel):
    assert channel.tauwerk.level == "partner"
    assert LevelChange.objects.get(relation=channel.tauwerk).cause == "risen"
    page = browser(channel.cast.anna).get(f"/programmes/{channel.programme.uid}/")
    assert page.content.decode().count(">Partner</td>") == 2
