"""A rival with a programme and partners of its own gets nothing by naming another's things, at any address.

Beside what stands at each page: here every address that names something inside a programme or a relation is asked for
with a foreign thing, below one's own programme, relation or mailed link, and has to answer as for one that nobody has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.programme.cast import RULES, browser
from apps.rooms.cast import on_every_seat, person
from apps.writes.scenarios import rows
from guards.routes import COMMISSIONS, PROGRAMME, PROJECTS, all_routes, api_operations
from mutualist.apps.commissions.demo import load_demo_commissions
from mutualist.apps.commissions.models import Earning, Entry, Invoice, PaymentRun, Statement
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.enquiries.demo import load_demo_enquiries
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.actions.partners import add_contact, add_partner
from mutualist.apps.programme.actions.programmes import begin_programme
from mutualist.apps.programme.demo import load_demo_programme
from mutualist.apps.programme.models import (
    Contact,
    FactImport,
    LevelChange,
    LevelProposal,
    PartnerNote,
    Programme,
    Relation,
)
from mutualist.apps.programme.public import make_link, vendor_standing
from mutualist.apps.projects.demo import load_demo_projects
from mutualist.apps.projects.models import Registration
from mutualist.apps.ratings.demo import load_demo_ratings
from mutualist.apps.ratings.models import Promise
from mutualist.apps.rooms.demo import load_demo

pytestmark = pytest.mark.django_db
#: What is named by a number.
NUMBERED = ("proposal", "change", "note", "person")
NOBODYS = UUID("00000000-0000-4000-8000-000000000000")
ROUTES = sorted(PROGRAMME | COMMISSIONS | PROJECTS)
#: Parts of addresses that name nothing which somebody could own.
WORDS = {"table": "sales", "version": "1", "number": 1, "move": "accept"}
MODELS = {
    "enquiry": Enquiry,
    "offer": Offer,
    "project": Registration,
    "invoice": Invoice,
    "earning": Earning,
    "entry": Entry,
    "run": PaymentRun,
    "statement": Statement,
    "promise": Promise,
    "partner": Relation,
}
#: Imports of facts, by the state in which they are named.
IMPORTS = ("stored", "waiting")
KINDS = {*MODELS, *NUMBERED, *IMPORTS}


@dataclass(frozen=True)
class Rival:
    """Somebody with a programme of their own, and a partner in a programme of a third firm and in that of the other."""

    actor: Actor
    programme: UUID
    relations: tuple[UUID, ...]
    token: str


@pytest.fixture
def things(settings: Any) -> dict[str, Any]:
    """Return one of everything in the programme of the demo."""
    settings.MUTUALIST_DEMO = True
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    load_demo()
    for load in (
        load_demo_programme,
        load_demo_enquiries,
        load_demo_projects,
        load_demo_commissions,
        load_demo_ratings,
    ):
        load()
    _pay()
    with private_scope(MAINTENANCE):
        found = {kind: model.objects.order_by("pk").first() for kind, model in MODELS.items()}
    assert [kind for kind, row in found.items() if row is None] == []
    relation = found["partner"]
    proposal = LevelProposal.objects.create(
        relation=relation, before="silver", after="partner", why="review", day=today()
    )
    named = {kind: row.uid for kind, row in found.items()}
    change = LevelChange.objects.filter(relation=relation).first()
    assert change is not None
    note = PartnerNote.objects.create(relation=relation, text="Pays late")
    person_of = Contact.objects.create(relation=relation, name="Clara", email="c@tauwerk.example")
    numbers = {"proposal": proposal.pk, "change": change.pk}
    numbers |= {"note": note.pk, "person": person_of.pk}
    imports = {
        state: FactImport.objects.create(
            programme=relation.programme, table="sales", state=state, content=b""
        ).uid
        for state in IMPORTS
    }
    return {**named, **numbers, **imports, "programme": relation.programme.uid}


def _pay() -> None:
    relation = Relation.objects.order_by("pk").first()
    programme, day = relation.programme, today()
    PaymentRun.objects.create(programme=programme, number=1, currency="EUR", execute_on=day)
    months = {"first": day, "last": day, "number": 1, "currency": "EUR"}
    sums = dict.fromkeys(("opening", "closing", "accrued", "entries"), 0)
    Statement.objects.create(programme=programme, relation=relation, **months, **sums)


@pytest.fixture
def rival(things: dict[str, Any]) -> Rival:
    user = person("Dora")
    firm = identity.create_organisation("Grauwerk Messtechnik GmbH", actor=actor_of(user))
    actor = actor_of(user)
    own = begin_programme(
        actor=actor, organisation=firm.uid, name="Own", rules=RULES, since=today()
    )
    standing = vendor_standing(actor, own.uid)
    relations = [add_partner(standing=standing, name="Own partner", organisation=firm.pk)]
    relations += [
        Relation.objects.create(
            programme=Programme.objects.get(uid=things["programme"]),
            name="Grauwerk",
            organisation=firm,
            state="active",
        )
    ]
    contact = add_contact(
        standing=standing, relation=relations[0], name="Dora", email="dora@grauwerk.example"
    )
    token = make_link(contact).split("/")[2]
    return Rival(actor, own.uid, tuple(one.uid for one in relations), token)


def _parts(name: str) -> list[str]:
    found = re.findall(r"<([^>]+)>", all_routes()[name])
    return [one.rpartition(":")[2] for one in found]


def _ask(client: Client, name: str, address: str) -> list[tuple[str, int, str]]:
    """Ask in each way the address knows; return what came, without what is new in every answer."""
    ways = api_operations()[name] if name.startswith("api:") else ("GET", "POST")
    found = []
    for way in ways:
        answer = client.generic(way, address, "{}", content_type="application/json")
        said = b"".join(answer) if answer.streaming else answer.content
        text = said.decode(errors="replace").replace(address, "")
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text)
        found.append((way, answer.status_code, re.sub(r'"[\w-]{24}"|[0-9A-Za-z]{64}', "", text)))
    return found


def _clients(rival: Rival) -> dict[bool, Client]:
    """Return a browser, and a program for the addresses of the API."""
    secret = identity.create_api_token("t", actor=rival.actor)
    human, machine = browser(rival.actor), Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
    # What happens when somebody comes with a new device is over before anything is counted.
    human.get(reverse("identity:account"))
    machine.get(reverse("api:list_programmes"))
    return {False: human, True: machine}


def fresh(clients: dict[bool, Client], name: str) -> Client:
    """Return a window in which no message of the request before is left to be shown."""
    client = clients[name.startswith("api:")]
    for kept in set(client.cookies) - {settings.SESSION_COOKIE_NAME}:
        del client.cookies[kept]
    return client


def _counted() -> dict[str, int]:
    with on_every_seat():
        return rows()


def test_a_foreign_thing_below_ones_own_is_as_one_that_nobody_has(
    things: dict[str, Any], rival: Rival
) -> None:
    clients, wrong, asked = _clients(rival), [], set()
    for name in ROUTES:
        parts = _parts(name)
        kinds = [part for part in parts if part in KINDS]
        if not kinds:
            continue
        asked |= set(kinds)
        nobodys = {kind: 987_654 if kind in NUMBERED else NOBODYS for kind in kinds}
        below = [{"programme": rival.programme, "relation": rival.relations[0]}]
        if "programme" not in parts:
            below = [{"relation": one, "token": rival.token} for one in rival.relations]
        for own in below:
            known = {**WORDS, **own}
            before = _counted()
            answers = [
                _ask(
                    fresh(clients, name),
                    name,
                    reverse(name, kwargs={part: named[part] for part in parts}),
                )
                for named in ({**known, **things, **own}, {**known, **nobodys})
            ]
            if answers[0] != answers[1] or _counted() != before:
                wrong.append(
                    (name, [one[:2] for one in answers[0]], [one[:2] for one in answers[1]])
                )
    assert wrong == []
    assert asked == KINDS


def test_nothing_of_another_is_found_below_what_is_theirs(
    things: dict[str, Any], rival: Rival
) -> None:
    """The address as its owner has it: no page, no answer, nothing changed, whoever else is partner there."""
    clients, wrong = _clients(rival), []
    before = _counted()
    for name in ROUTES:
        parts = _parts(name)
        if "token" in parts:
            continue
        named = {**WORDS, **things, "relation": things["partner"]}
        address = reverse(name, kwargs={part: named[part] for part in parts})
        for way, status, text in _ask(clients[name.startswith("api:")], name, address):
            # What is not even understood says so to everybody; test_described_api has the words.
            if status not in {404, 405, 422}:
                wrong.append((name, way, status, text[:80]))
    assert wrong == []
    assert _counted() == before
