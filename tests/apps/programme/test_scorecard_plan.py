"""Ways up and the plan made of one: both sides see and tick it, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.programme.cast import RULES, browser
from apps.programme.test_api import Program
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.programme.actions.plans import begin_plan, change_step, end_plan
from mutualist.apps.programme.demo import RULES as DEMO
from mutualist.apps.programme.models import FactRow, Plan, PlanStep, RuleSetVersion

EXAM = "an exam on basics"


@pytest.fixture
def ahead(channel):
    """Tauwerk has 100,000 of revenue: 20 points; silver asks for 40 and one person with basics."""
    RuleSetVersion.objects.filter(programme=channel.programme).update(content=DEMO)
    FactRow.objects.create(
        relation=channel.tauwerk,
        table="sales",
        external_id="S-1",
        day=today(),
        values={"day": today().isoformat(), "customer": "A", "amount": "100000"},
    )
    return channel


def vendor(channel, what: str = "") -> str:
    return f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/{what}"


WAY = {"do": "begin", "level": "silver", "way": "basics:4"}


def test_both_sides_see_the_cheapest_way_with_cost_and_time(ahead):
    for page in (
        browser(ahead.cast.anna).get(vendor(ahead, "ways/")),
        browser(ahead.cast.clara).get(f"/partner/{ahead.tauwerk.uid}/ways/"),
        browser().get(ahead.link(to="ways/")),
    ):
        told = page.content.decode()
        assert page.status_code == 200
        assert f"4 × {EXAM} (+20)" in told
        assert "800 EUR" in told
        assert "64 hours" in told
        assert "Make it our plan" in told


def test_an_hour_that_is_worth_more_makes_another_way_the_cheapest(ahead):
    RuleSetVersion.objects.update(
        content=DEMO.replace("cost: {money: 900, hours: 60}", "cost: {money: 2900, hours: 1}")
    )
    page = browser(ahead.cast.anna)
    cheap = page.get(vendor(ahead, "ways/") + "?hour=0&part=shortest").content.decode()
    dear = page.get(vendor(ahead, "ways/") + "?hour=500&part=shortest").content.decode()
    assert cheap.index(f"4 × {EXAM}") < (cheap + "for experts").index("for experts")
    assert dear.index("for experts") < (dear + f"4 × {EXAM}").index(f"4 × {EXAM}")
    assert page.get(vendor(ahead, "ways/") + "?hour=-1e9x").status_code == 200


def test_where_no_way_is_it_says_why(channel):
    page = browser(channel.cast.anna)
    assert "The rules name no actions" in page.get(vendor(channel, "ways/")).content.decode()
    one = """
actions:
  sale: {words: {de: "ein Verkauf", en: "one sale"}, adds: {table: sales, row: {customer: new, amount: 10}}, cost: {money: 1}, at_most: 2, days: 1}
"""
    RuleSetVersion.objects.update(content=RULES + one)
    told = page.get(vendor(channel, "ways/")).content.decode()
    assert "With the actions that the rules name, Silver cannot be reached." in told
    FactRow.objects.create(
        relation=channel.tauwerk,
        table="sales",
        external_id="S-1",
        day=today(),
        values={"day": today().isoformat(), "customer": "A", "amount": "100000"},
    )
    assert "The highest level is reached." in page.get(vendor(channel, "ways/")).content.decode()


def test_the_card_asks_for_the_way_by_itself_and_without_script(ahead):
    page = browser(ahead.cast.anna).get(vendor(ahead)).content.decode()
    address = vendor(ahead, "ways/")
    assert f'hx-get="{address}?part=shortest"' in page
    assert f'<a href="{address}">' in page


def test_a_partner_makes_a_plan_by_link_and_the_vendor_ticks_it(ahead):
    answer = browser().post(ahead.link(to="plan/"), WAY)
    assert answer.status_code == 302
    plan = Plan.objects.get(relation=ahead.tauwerk, ended=None)
    assert [step.due for step in plan.steps.all()] == [today() + timedelta(days=30)] * 4
    anna = browser(ahead.cast.anna)
    assert "Plan to reach Silver" in anna.get(vendor(ahead)).content.decode()
    due = today() + timedelta(days=14)
    form = {"number": "2", "done": "yes", "due": due.isoformat(), "contact": ahead.contact.pk}
    assert anna.post(vendor(ahead, "plan/"), form).status_code == 302
    own = browser().get(ahead.link()).content.decode()
    assert "1 of 4 done" in own
    assert "Clara" in own.partition("Plan to reach")[2]
    step = PlanStep.objects.get(plan=plan, number=2)
    assert (step.done, step.due, step.contact) == (today(), due, ahead.contact)
    anna.post(vendor(ahead, "plan/"), {"number": "2", "done": "no"})
    step.refresh_from_db()
    assert (step.done, step.due, step.contact) == (None, due, None)
    assert anna.post(vendor(ahead, "plan/"), {"do": "end"}).status_code == 302
    assert "Plan to reach" not in browser().get(ahead.link()).content.decode()


def test_every_step_is_on_record(ahead):
    begin_plan(standing=ahead.anna, relation=ahead.tauwerk, level="silver", counts={"basics": 4})
    change_step(
        standing=ahead.clara, relation=ahead.tauwerk, number=1, done=True, due=None, contact=None
    )
    end_plan(standing=ahead.clara, relation=ahead.tauwerk)
    kinds = [
        one.action for one in AuditEntry.objects.filter(chain=ahead.clara.chain).order_by("pk")
    ]
    assert kinds[-3:] == [
        "programme.plan.begun",
        "programme.plan.changed",
        "programme.plan.ended",
    ]


def test_a_second_plan_takes_the_place_of_the_first(ahead):
    for _time in range(2):
        begin_plan(
            standing=ahead.anna, relation=ahead.tauwerk, level="silver", counts={"basics": 4}
        )
    assert Plan.objects.filter(relation=ahead.tauwerk, ended=None).count() == 1
    assert Plan.objects.filter(relation=ahead.tauwerk).count() == 2


@pytest.mark.parametrize(
    ("level", "counts"),
    [
        ("silver", {"basics": 1}),
        ("silver", {"basics": 99}),
        ("silver", {"basics": 0}),
        ("silver", {"nothing": 1}),
        ("silver", {}),
        ("partner", {"basics": 4}),
        ("platinum", {"basics": 4}),
    ],
)
def test_what_does_not_lead_to_the_level_is_no_plan(ahead, level, counts):
    with pytest.raises(ActionError, match="do not lead to the level"):
        begin_plan(standing=ahead.anna, relation=ahead.tauwerk, level=level, counts=counts)
    assert not Plan.objects.exists()


def test_bad_forms_are_answered_and_change_nothing(ahead):
    anna = browser(ahead.cast.anna)
    address = vendor(ahead, "plan/")
    for way in ("", "basics", "basics:x", "basics:99999", ":", "basics:-1"):
        assert anna.post(address, {**WAY, "way": way}).status_code == 409
    assert anna.post(address, {"number": "1", "done": "yes"}).status_code == 404
    anna.post(address, WAY)
    assert anna.post(address, {"number": "9", "done": "yes"}).status_code == 404
    rival = {"number": "1", "done": "yes", "contact": ahead.rival_contact.pk}
    assert anna.post(address, rival).status_code == 404
    for due in ("31.12.2026x", date.max.isoformat(), "0001-01-01"):
        answer = anna.post(address, {"number": "1", "done": "yes", "due": due})
        assert answer.status_code in {400, 409, 422}, due
    assert not PlanStep.objects.exclude(done=None).exists()


def test_nobody_else_sees_or_makes_a_plan(ahead):
    plan = begin_plan(
        standing=ahead.anna, relation=ahead.tauwerk, level="silver", counts={"basics": 4}
    )
    for rival in (browser(ahead.cast.dora), browser()):
        for address in (vendor(ahead), f"/partner/{ahead.tauwerk.uid}/"):
            assert rival.get(f"{address}ways/").status_code in {302, 404}
            assert rival.post(f"{address}plan/", WAY).status_code in {302, 404}
    link = ahead.link(ahead.rival_contact)
    assert "Plan to reach" not in browser().get(link).content.decode()
    assert browser().post(f"{link}plan/", {"do": "end"}).status_code == 404
    with pytest.raises(NotAllowed):
        end_plan(standing=ahead.dora, relation=ahead.tauwerk)
    with pytest.raises(NotAllowed):
        end_plan(standing=ahead.ben, relation=ahead.tauwerk)
    plan.refresh_from_db()
    assert plan.ended is None


def test_a_reader_of_the_vendor_sees_the_plan_without_buttons(ahead):
    begin_plan(standing=ahead.anna, relation=ahead.tauwerk, level="silver", counts={"basics": 4})
    ben = browser(ahead.cast.ben)
    page = (
        ben.get(vendor(ahead)).content.decode().partition('id="plan"')[2].partition("</section>")[0]
    )
    assert EXAM in page
    assert "<form" not in page
    assert "Make it our plan" not in ben.get(vendor(ahead, "ways/")).content.decode()
    assert ben.post(vendor(ahead, "plan/"), WAY).status_code == 404


def test_programs_of_both_sides_ask_for_ways_and_make_a_plan(ahead):
    base = f"/relations/{ahead.tauwerk.uid}/"
    anna, clara, dora, ben = (
        Program(getattr(ahead.cast, name)) for name in ("anna", "clara", "dora", "ben")
    )
    ways = clara.call("GET", f"{base}ways").json()
    assert (ways["target"], ways["none"]) == ("silver", "")
    first = ways["ways"][0]
    assert (first["actions"], first["money"], first["gain"]) == ({"basics": 4}, "800", "20")
    assert anna.call("GET", f"{base}plan").status_code == 404
    body = {"level": "silver", "actions": first["actions"]}
    for client in (dora, ben):
        answer = client.call("POST", f"{base}plan", body)
        assert answer.status_code == 404
    assert dora.call("GET", f"{base}ways").status_code == 404
    assert clara.call("POST", f"{base}plan", body).status_code == 201
    assert dora.call("GET", f"{base}plan").status_code == 404
    step = anna.call("PUT", f"{base}plan/steps/1", {"done": True})
    assert step.json()["steps"][0]["done"] == today().isoformat()
    assert ben.call("GET", f"{base}plan").json()["steps"][0]["text"] == EXAM
    assert dora.call("DELETE", f"{base}plan").status_code == 404
    assert anna.call("DELETE", f"{base}plan").status_code == 204
    assert not Plan.objects.filter(ended=None).exists()
