"""The demo: fictional firms, made by the same actions people use. Loading it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from django.db import transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.demo import demo_link
from mutualist.apps.identity.models import Membership, Organisation, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Answerer, Room
from mutualist.apps.rooms.values import Invitation, PartySpec
from mutualist.library.datasets import load_archetype, load_pumpenpuls
from mutualist.library.yamlfile import load as load_yaml

ALLIANCES = ("pfizer-biontech", "sony-ericsson", "dell-emc-resale")
ROOM_FILE = ("ruleset", "frame", "parties", "answers")


@dataclass(frozen=True, slots=True)
class DemoLink:
    """An address that logs in as one of the demo's people."""

    de: str
    en: str
    url: str

    def label(self, language: str) -> str:
        """Return who it is, in a language."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """The links of all roles of the demo."""

    links: tuple[DemoLink, ...]

    def __iter__(self) -> Iterator[DemoLink]:
        return iter(self.links)


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody in the demo."""

    name: str
    email: str
    organisation: str
    role: str
    de: str
    en: str
    operator: bool = False


NORDWERK = "Nordwerk Pumpen AG"
TAUWERK = "Tauwerk Sensorik GmbH"
GRAUWERK = "Grauwerk Messtechnik GmbH"
CLUSTER = "Clusterbüro Fließtechnik"
PEOPLE = (
    _Person("Anna Harms", "anna@nordwerk.example", NORDWERK, "owner",
            "Anna, Nordwerk Pumpen (Gastgeberin und Partei)", "Anna, Nordwerk Pumpen (host and party)"),
    _Person("Ben Krüger", "ben@nordwerk.example", NORDWERK, "reader",
            "Ben, Nordwerk Pumpen (liest nur)", "Ben, Nordwerk Pumpen (reads only)"),
    _Person("Clara Jansen", "clara@tauwerk.example", TAUWERK, "owner",
            "Clara, Tauwerk Sensorik (andere Partei)", "Clara, Tauwerk Sensorik (the other party)"),
    _Person("Greta Thoms", "greta@cluster.example", CLUSTER, "owner",
            "Greta, Clusterbüro (lädt ein, antwortet nie)", "Greta, cluster office (convenes, never answers)"),
    _Person("Dora Weiss", "dora@grauwerk.example", GRAUWERK, "owner",
            "Dora, Grauwerk (Wettbewerberin ohne Sitz)", "Dora, Grauwerk (rival without a seat)"),
    _Person("Oskar Lind", "oskar@betrieb.example", "", "",
            "Oskar, Betrieb dieses Servers", "Oskar, operator of this server", operator=True),
)  # fmt: skip


def load_demo() -> DemoLinks:
    """Load people and rooms unless they are there; return one link for each role."""
    if not User.objects.filter(email=PEOPLE[0].email).exists():
        with transaction.atomic():
            _load()
    users = {user.email: user for user in User.objects.filter(email__in=[p.email for p in PEOPLE])}
    links = (DemoLink(p.de, p.en, demo_link(users[p.email])) for p in PEOPLE if p.email in users)
    return DemoLinks(tuple(links))


def _load() -> None:
    users = {person.name.split()[0]: _settle(person) for person in PEOPLE}
    anna, clara, greta = (actor_of(users[name]) for name in ("Anna", "Clara", "Greta"))
    _alliances(greta)
    _convened(greta)
    _half_way(anna, clara)
    _pumpenpuls(anna, clara)


def _settle(person: _Person) -> User:
    """Make a person and, where named, the organisation with its role."""
    user = identity.create_user(
        email=person.email, name=person.name, language="de", operator=person.operator
    )
    if not person.organisation:
        return user
    organisation = Organisation.objects.filter(name=person.organisation).first()
    if organisation is None:
        identity.create_organisation(person.organisation, actor=actor_of(user))
        return user
    # A colleague joins as anybody does: invited by the owner. The demo skips only the mail.
    Membership.objects.create(user=user, organisation=organisation, role=person.role)
    return user


def _host(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=next(iter(actor.organisations("owner"))))


def _enter(invitation: Invitation, actor: Actor | None = None) -> Actor:
    """Open an invitation: with an account, or with nothing but the link."""
    token = invitation.url.rstrip("/").rsplit("/", 1)[-1]
    guest = actor or Actor("link", name=invitation.answerer.name, language="de")
    accepted = actions.accept_link(actor=guest, token=token)
    if actor is not None:
        return actor
    return Actor("link", link_ids=frozenset({accepted.link_id}), name=guest.name, language="de")


def _fill(actor: Actor, room: Room, answers: Mapping[str, Any], questions: int = 6) -> None:
    """Save answers to the first questions, as someone answering page by page would."""
    wanted = {
        item: value
        for item, value in answers.items()
        if item == "header" or int(item[0]) <= questions
    }
    mine = Answerer.objects.filter(room=room)
    versions = _versions(actor, room) if mine else {}
    actions.save_page(actor=actor, room=room, answers=wanted, versions=versions)


def _versions(actor: Actor, room: Room) -> Mapping[str, int]:
    from mutualist.apps.rooms.queries import draft_sheet

    return draft_sheet(actor, room).versions


def _seal(actor: Actor, room: Room) -> None:
    actions.seal_sheet(actor=actor, room=room, confirm_open_items=True)


def _months_ago(months: int) -> str:
    day = today()
    count = day.year * 12 + day.month - 1 - months
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def _in_days(days: int) -> date:
    return today() + timedelta(days=days)


def _two_sided(anna: Actor, clara: Actor, frame: dict[str, Any], days: int) -> Room:
    room = actions.create_room(
        actor=anna,
        mode="two_sided",
        host=_host(anna),
        frame=frame,
        parties=[PartySpec(NORDWERK), PartySpec(TAUWERK)],
        deadline=_in_days(days),
    )
    invitation = actions.invite_answerer(
        actor=anna,
        room=room,
        seat="B",
        name="Clara Jansen",
        email="clara@tauwerk.example",
        language="de",
    )
    _enter(invitation, clara)
    actions.claim_seat(actor=clara, room=room, organisation=_host(clara))
    return room


def _pumpenpuls(anna: Actor, clara: Actor) -> None:
    """Play the worked example in both rounds; dates are moved so that it happens today."""
    first, second = (load_pumpenpuls(round=number).to_dict() for number in (1, 2))
    kept = ("name", "offer", "horizon", "currency", "relation")
    frame = {key: first["frame"][key] for key in kept}
    frame["public_since"] = _months_ago(8)
    room = _two_sided(anna, clara, frame, 6)
    for number, content in enumerate((first, second), start=1):
        if number > 1:
            actions.start_round(actor=anna, room=room, deadline=_in_days(30))
        for actor, key in ((anna, "A"), (clara, "B")):
            _fill(actor, room, content["answers"][key])
            _seal(actor, room)
        for actor in (anna, clara):
            actions.press_open(actor=actor, room=room)


def _half_way(anna: Actor, clara: Actor) -> None:
    """One side has sealed, the other is in the middle, with a colleague who sees it differently."""
    frame = {
        "name": "Ventilwacht",
        "offer": "Zustandsüberwachung für Regelventile, verkauft an Stadtwerke",
        "horizon": 4,
        "currency": "EUR",
        "relation": "customer_supplier",
    }
    room = _two_sided(anna, clara, frame, 12)
    answers = load_pumpenpuls(round=1).to_dict()["answers"]
    _fill(clara, room, answers["B"])
    _seal(clara, room)
    _fill(anna, room, answers["A"], questions=3)
    colleague = actions.add_colleague(
        actor=anna,
        room=room,
        name="Jonas Petersen",
        email="jonas@nordwerk.example",
        language="de",
    )
    other = {**answers["A"], "2.2": {"years": 5, "proof": 0}, "3.4": "both", "2.3": "no"}
    _fill(_enter(colleague), room, other, questions=3)


def _convene(greta: Actor, name: str, offer: str, parties: tuple[str, str], days: int) -> Room:
    return actions.create_room(
        actor=greta,
        mode="convened",
        host=_host(greta),
        frame={"name": name, "offer": offer},
        parties=[PartySpec(party) for party in parties],
        deadline=_in_days(days),
    )


def _guests(greta: Actor, room: Room) -> list[tuple[str, Actor]]:
    """Invite both parties; return those who came in by their links."""
    found = []
    names = {"A": ("Ida Brandt", "ida"), "B": ("Paul Stern", "paul")}
    for key, (name, mail) in names.items():
        invitation = actions.invite_answerer(
            actor=greta,
            room=room,
            seat=key,
            name=name,
            email=f"{mail}.{str(room.uid)[:8]}@firma.example",
            language="de",
        )
        found.append((key, _enter(invitation)))
    return found


def _convened(greta: Actor) -> None:
    """Rooms of the cluster office in every state: five opened ones make its statistics."""
    kinds = {
        "possible": ("Netzblick", "Leitstelle für Wärmenetze", ("Brenner & Söhne KG", "Faden IT GmbH")),
        "supplier": ("Gussprüfung", "Prüfstand für Gussteile", ("Hallwerk Guss AG", "Optikum GmbH")),
        "distributor": ("Filterservice Nord", "Filter mit Wartung", ("Östra Teknik AB", "Kranich Logistik SE")),
        "logo": ("Zukunft Wasser", "Eine gemeinsame Vision", ("Stadtwerk Linn", "Morgenrot Digital GmbH")),
        "in_the_making": ("Hafenstrom", "Ladepunkte für Fähren", ("Kranich Logistik SE", "Hallig Software GmbH")),
    }  # fmt: skip
    for kind, (name, offer, parties) in kinds.items():
        answers = load_archetype(kind).to_dict()["answers"]
        room = _convene(greta, name, offer, parties, 20)
        guests = _guests(greta, room)
        for key, guest in guests:
            _fill(guest, room, answers[key])
            _seal(guest, room)
        for _key, guest in guests:
            actions.press_open(actor=guest, room=room)
    answers = load_archetype("true_partnership").to_dict()["answers"]
    room = _convene(
        greta, "Kühlkette", "Lückenlose Kühlung", ("Frostal Logistik GmbH", "Senso Nord GmbH"), 9
    )
    (first, one), (second, two) = _guests(greta, room)
    _fill(one, room, answers[first])
    _seal(one, room)
    _fill(two, room, answers[second], questions=4)
    _convene(
        greta, "Laserlicht", "Schweißköpfe mit Fernwartung", ("Strahlwerk AG", "Lumen IT GmbH"), 25
    )


def _alliances(greta: Actor) -> None:
    """Three real alliances as they stood when announced, answered from the public record."""
    folder = files("mutualist.apps.rooms") / "demo_data"
    for name in ALLIANCES:
        content = load_yaml((folder / f"{name}.yaml").read_text(encoding="utf-8"), file=name)
        data = {key: content[key] for key in ROOM_FILE}
        actions.import_room_file(actor=greta, host=_host(greta), data=data)
