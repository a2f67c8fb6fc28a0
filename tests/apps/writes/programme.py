"""Every write of programmes, by programs and by forms, each with a programme that is ready for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from apps.programme.cast import RULES, Channel, free_name, make_channel
from apps.rooms.cast import Cast
from apps.writes.scenarios import Ready, Write
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.fact_imports import put_by
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.actions.joining import add_agreement, apply, save_checklist
from mutualist.apps.programme.actions.levels import settle
from mutualist.apps.programme.actions.notes import add_note
from mutualist.apps.programme.actions.partners import add_contact
from mutualist.apps.programme.actions.plans import begin_plan
from mutualist.apps.programme.models import (
    FactRow,
    LevelProposal,
    Relation,
    RuleSetVersion,
)


def _api(channel: Channel, name: str, body: Any) -> Write:
    return Write("POST", reverse(f"api:{name}", args=[channel.programme.uid]), body)


def _page(channel: Channel, name: str, form: dict[str, str], *more: Any) -> Write:
    address = reverse(f"programme:{name}", args=[channel.programme.uid, *more])
    return Write("POST", address, form=form)


def _sale() -> dict[str, str]:
    return {
        "partner": "P-1",
        "id": "S-1",
        "day": today().isoformat(),
        "customer": "A",
        "amount": "5",
    }


def _facts_by_program(cast: Cast) -> Write:
    channel = make_channel(cast)
    made = import_facts(standing=channel.anna, table="sales", rows=[(2, _sale())])
    return Write(
        "POST", reverse("api:take_facts_back", args=[channel.programme.uid, made.import_uid])
    )


def _facts_by_form(cast: Cast) -> Write:
    channel = make_channel(cast)
    made = import_facts(standing=channel.anna, table="sales", rows=[(2, _sale())])
    return _page(channel, "facts_back", {}, made.import_uid)


def _facts_waiting(cast: Cast) -> Write:
    channel, sale = make_channel(cast), _sale()
    content = ",".join(sale) + "\n" + ",".join(sale.values()) + "\n"
    made = put_by(standing=channel.anna, table="sales", file_name="s.csv", content=content.encode())
    return _page(channel, "facts_looked_at", {"do": "store"}, made.uid)


def _plan(cast: Cast) -> tuple[Channel, dict[str, str]]:
    channel = make_channel(cast)
    action = """
actions:
  sale: {words: {de: "ein Verkauf", en: "a sale"}, adds: {table: sales, row: {customer: new, amount: 50000}}, cost: {money: 1}, at_most: 2, days: 1}
"""
    RuleSetVersion.objects.filter(programme=channel.programme).update(content=RULES + action)
    return channel, {"do": "begin", "level": "silver", "way": "sale:1"}


def _api_plan(cast: Cast, method: str) -> Write:
    channel, form = _plan(cast)
    made = {"level": form["level"], "actions": {"sale": 1}}
    if method == "POST":
        address = reverse("api:create_plan", args=[channel.tauwerk.uid])
        return Write("POST", address, made)
    begin_plan(standing=channel.anna, relation=channel.tauwerk, level="silver", counts={"sale": 1})
    if method == "DELETE":
        return Write("DELETE", reverse("api:delete_plan", args=[channel.tauwerk.uid]))
    address = reverse("api:change_plan_step", args=[channel.tauwerk.uid, 1])
    return Write("PUT", address, {"done": True})


def _to_fall(cast: Cast) -> tuple[Channel, int]:
    channel = make_channel(cast)
    Relation.objects.filter(pk=channel.tauwerk.pk).update(joined=date(2026, 1, 1))
    day = date(2026, 2, 10)
    FactRow.objects.create(
        relation=channel.tauwerk,
        table="sales",
        external_id="S-1",
        day=day,
        values={"day": day.isoformat(), "customer": "A", "amount": "100000"},
    )
    for when in (day, date(2028, 1, 2)):
        settle(programme=channel.programme, actor=Actor.system(), day=when)
    return channel, LevelProposal.objects.get(relation=channel.tauwerk).pk


def _falling(cast: Cast) -> Write:
    channel, proposal = _to_fall(cast)
    return _page(channel, "decision", {"decision": "fall"}, proposal)


def _all_falling(cast: Cast) -> Write:
    channel, _proposal = _to_fall(cast)
    return _page(channel, "decisions", {"decision": "fall"})


def _falling_by_program(cast: Cast) -> Write:
    channel, proposal = _to_fall(cast)
    address = reverse("api:decide_review", args=[channel.programme.uid, proposal])
    return Write("POST", address, {"keep": False})


def _reviewed(cast: Cast) -> Write:
    channel = make_channel(cast)
    return Write("POST", reverse("api:run_review", args=[channel.programme.uid]))


def _saved(cast: Cast) -> Write:
    since = (today() + timedelta(days=1)).isoformat()
    address = reverse("api:put_rules", args=[make_channel(cast).programme.uid])
    return Write("PUT", address, {"rules": RULES, "since": since})


def _applied(cast: Cast) -> Write:
    channel = make_channel(cast)
    apply(
        programme=channel.programme.pk,
        name="Dreiwerk GmbH",
        person="Eve",
        email="eve@dreiwerk.example",
        language="de",
        fields={"country": "DE", "postal_code": "10115"},
    )
    made = Relation.objects.get(programme=channel.programme, state="applied")
    return _page(channel, "answering", {"answer": "accept"}, made.uid)


def _profile(cast: Cast) -> Write:
    channel = make_channel(cast)
    form = {"country": "DE", "postal_code": "70173", "abilities": "iot", "languages": "de"}
    return Write("POST", channel.link(to="profile/"), form=form)


def _agreement(cast: Cast) -> Write:
    channel = make_channel(cast)
    add_agreement(standing=channel.anna, title="Agreement", text="We keep promises.")
    return Write("POST", channel.link(to="agreement/"), form={"number": "1"})


def _of_tauwerk(cast: Cast, name: str, form: dict[str, str]) -> Write:
    channel = make_channel(cast)
    return _page(channel, name, form, channel.tauwerk.uid)


def _ticked(cast: Cast, by: str) -> Write:
    channel = make_channel(cast)
    words = "{de: Auftakt, en: Kick-off}"
    text = f"schema: checklist/1\nsteps: [{{id: kickoff, by: {by}, words: {words}}}]"
    save_checklist(standing=channel.anna, text=text)
    Relation.objects.filter(pk=channel.tauwerk.pk).update(state="onboarding")
    if by == "vendor":
        return _page(channel, "ticking", {"task": "kickoff"}, channel.tauwerk.uid)
    return Write("POST", channel.link(to="steps/"), form={"task": "kickoff"})


def _people(cast: Cast) -> Write:
    channel = make_channel(cast)
    form = {"do": "add", "name": "Eve", "email": "eve@tauwerk.example"}
    return Write("POST", channel.link(to="people/"), form=form)


def _plan_of_vendor(cast: Cast) -> Write:
    channel, form = _plan(cast)
    return _page(channel, "plan", form, channel.tauwerk.uid)


def _plan_by_link(cast: Cast) -> Write:
    channel, form = _plan(cast)
    return Write("POST", channel.link(to="plan/"), form=form)


def _api_of_tauwerk(cast: Cast, method: str, name: str, body: Any = None) -> Write:
    channel = make_channel(cast)
    if name == "remove_partner_person":
        add_contact(
            standing=channel.anna, relation=channel.tauwerk, name="E", email="e@tauwerk.example"
        )
    person = () if name in {"move_partner", "add_partner_person"} else (channel.contact.pk,)
    address = reverse(f"api:{name}", args=[channel.tauwerk.uid, *person])
    return Write(method, address, body)


def _api_note(cast: Cast, method: str) -> Write:
    channel = make_channel(cast)
    where = [channel.programme.uid, channel.tauwerk.uid]
    if method == "POST":
        return Write(
            "POST", reverse("api:add_partner_note", args=where), {"text": "Call on Monday."}
        )
    note = add_note(standing=channel.anna, relation=channel.tauwerk, text="Call on Monday.")
    return Write("DELETE", reverse("api:remove_partner_note", args=[*where, note.pk]))


PROGRAMME_API: dict[str, Ready] = {
    "move_partner": lambda cast: _api_of_tauwerk(
        cast, "POST", "move_partner", {"step": "suspend", "reason": "Late."}
    ),
    "add_partner_person": lambda cast: _api_of_tauwerk(
        cast, "POST", "add_partner_person", {"name": "Eve", "email": "eve@tauwerk.example"}
    ),
    "remove_partner_person": lambda cast: _api_of_tauwerk(cast, "DELETE", "remove_partner_person"),
    "send_partner_link": lambda cast: _api_of_tauwerk(cast, "POST", "send_partner_link"),
    "revoke_partner_links": lambda cast: _api_of_tauwerk(cast, "DELETE", "revoke_partner_links"),
    "add_partner_note": lambda cast: _api_note(cast, "POST"),
    "remove_partner_note": lambda cast: _api_note(cast, "DELETE"),
    "create_plan": lambda cast: _api_plan(cast, "POST"),
    "change_plan_step": lambda cast: _api_plan(cast, "PUT"),
    "delete_plan": lambda cast: _api_plan(cast, "DELETE"),
    "create_partner": lambda cast: _api(make_channel(cast), "create_partner", {"name": "Eiswerk"}),
    "store_facts": lambda cast: _api(
        make_channel(cast), "store_facts", {"table": "sales", "rows": [_sale()]}
    ),
    "take_facts_back": _facts_by_program,
    "put_rules": _saved,
    "run_review": _reviewed,
    "decide_review": _falling_by_program,
}


#: By the name of the route. Anna asks; a link asks for itself.
PROGRAMME_PAGES: dict[str, Ready] = {
    "programme:new": lambda cast: Write(
        "POST",
        reverse("programme:new"),
        form={
            "organisation": str(cast.nordwerk.uid),
            "name": free_name(),
            "preset": "odoo-2023-05",
            "language": "de",
        },
    ),
    "programme:add": lambda cast: _page(
        make_channel(cast), "add", {"name": "Eiswerk", "country": "DE"}
    ),
    "programme:rules": lambda cast: _page(
        make_channel(cast),
        "rules",
        {"rules": RULES, "since": (today() + timedelta(days=1)).isoformat()},
    ),
    "programme:applications": lambda cast: _page(
        make_channel(cast), "applications", {"title": "Agreement", "text": "We keep promises."}
    ),
    "programme:answering": _applied,
    "programme:decision": _falling,
    "programme:decisions": _all_falling,
    "programme:plan": _plan_of_vendor,
    "programme:own_plan_link": _plan_by_link,
    "programme:facts_back": _facts_by_form,
    "programme:facts_looked_at": _facts_waiting,
    "programme:state": lambda cast: _of_tauwerk(
        cast, "state", {"step": "suspend", "reason": "Late."}
    ),
    "programme:notes": lambda cast: _of_tauwerk(
        cast, "notes", {"do": "add", "text": "Call on Monday."}
    ),
    "programme:change": lambda cast: _of_tauwerk(
        cast, "change", {"name": "Tauwerk SE", "country": "DE", "external_id": "P-1"}
    ),
    "programme:people": lambda cast: _of_tauwerk(
        cast, "people", {"do": "add", "name": "Eve", "email": "eve@tauwerk.example"}
    ),
    "programme:room": lambda cast: _of_tauwerk(cast, "room", {"person": "clara@tauwerk.example"}),
    "programme:people_own_link": _people,
    "programme:ticking": lambda cast: _ticked(cast, "vendor"),
    "programme:steps_own_link": lambda cast: _ticked(cast, "partner"),
    "programme:profile_link": _profile,
    "programme:agreement_link": _agreement,
}
