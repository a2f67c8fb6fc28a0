"""The demo's enquiries: in every state, over the partners of Nordwerk's programme."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.enquiries import actions, queries
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.actions.clock import lapse_offer
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.public import (
    Standing,
    contacts_of,
    link_standing,
    make_link,
    programmes_of,
    vendor_standing,
)

ANNA = "anna@nordwerk.example"
#: Days ago, country, postal code, ability, company, person, what it is about, what became of it.
ENQUIRIES: tuple[tuple[float, str, str, str, str, str, str, str], ...] = (
    (58, "DE", "70565", "iot", "Filder Kunststoff GmbH", "Jana Roth", "Zwölf Pumpen im Kühlkreis überwachen", "win"),
    (55, "AT", "6900", "iot", "Rheintal Textil AG", "Urs Nigg", "Pumpen in zwei Färbereien", "win"),
    (51, "DE", "50667", "ai", "Domstadt Logistik KG", "Lena Kurz", "Vorhersage von Ausfällen", "lose"),
    (47, "CH", "8001", "erp", "Limmat Präzision AG", "Reto Graf", "Anbindung an das ERP", "win"),
    (44, "DE", "28195", "erp", "Weser Feinkost GmbH", "Imke Hansen", "Schnittstelle zur Warenwirtschaft", "lose"),
    (39, "DE", "01067", "ai", "Elbtal Porzellan GmbH", "Paul Wendt", "Energieverbrauch der Öfen", "decline"),
    (33, "DE", "89073", "twin", "Donau Getriebe AG", "Mira Schott", "Digitaler Zwilling einer Prüfbank", "accept"),
    (28, "DE", "80331", "iot", "Isarbräu GmbH", "Toni Huber", "Pumpen im Sudhaus", "accept"),
    (26, "DE", "20095", "erp", "Alster Spedition GmbH", "Nils Petersen", "Wartungspläne im ERP", "give_back"),
    (21, "AT", "4020", "ai", "Linzer Walzwerk AG", "Eva Pichler", "Schwingungen an Walzen", "accept"),
    (19, "DE", "10115", "twin", "Spree Aufzüge GmbH", "Tarek Aydin", "Zwilling von 200 Aufzügen", "accept"),
    (15, "CH", "6003", "ai", "Pilatus Käserei AG", "Vreni Odermatt", "Qualität im Reiferaum", "lapse"),
    (12, "DE", "76133", "iot", "Fächer Galvanik GmbH", "Olaf Benz", "Bäder und Pumpen", "accept"),
    (9, "DE", "33602", "robots", "Teuto Möbel KG", "Heike Brandt", "Greifarme am Band", "close"),
    (6, "DE", "53111", "ai", "Rhein Papier SE", "Sina Wolf", "Stillstände vorhersagen", "decline"),
    (3, "LI", "9490", "robots", "Fürstenwerk AG", "Noah Ritter", "Roboter in der Montage", ""),
    (2.5, "DE", "99084", "robots", "Erfurter Optik GmbH", "Greta Lohse", "Zuführung an der Linse", ""),
    (1.2, "DE", "70173", "iot", "Nesenbach Chemie GmbH", "Till Maier", "40 Pumpen in zwei Hallen", ""),
    (0.8, "AT", "6020", "iot", "Nordkette Lifte GmbH", "Anna Gruber", "Pumpen der Beschneiung", ""),
    (0.3, "DE", "79098", "ai", "Dreisam Medizintechnik AG", "Luis Kern", "Ausschuss früh erkennen", ""),
    (0.1, "DE", "60311", "erp", "Mainufer Handel GmbH", "Ida Voss", "Ersatzteile aus dem ERP", ""),
)  # fmt: skip


@transaction.atomic
def load_demo_enquiries() -> None:
    """Take the demo's enquiries in, once."""
    user = User.objects.filter(email=ANNA).first()
    if user is None:
        return
    actor = actor_of(user)
    for programme in programmes_of(actor)[:1]:
        vendor = vendor_standing(actor, programme.uid)
        if queries.board(vendor).exists():
            return
        for row in ENQUIRIES:
            _one(vendor, row)


def _one(vendor: Standing, row: tuple[Any, ...]) -> None:
    """Take one enquiry in as it was some days ago, and what became of it."""
    days, country, code, ability, company, person, about, outcome = row
    wish = Wish(
        country,
        code,
        text=about,
        company=company,
        person=person,
        email=f"{person.split()[-1].lower()}@kunde.example",
        abilities=(ability,),
    )
    moment = now() - timedelta(days=days)
    with stopped_at(moment):
        made = actions.receive(
            actor=Actor.system(),
            programme=vendor.programme,
            wish=wish,
            source="finder",
            consent=True,
        )
    with stopped_at(moment + timedelta(hours=20)):
        _answer(vendor, made, outcome)
    if outcome == "lapse":
        with stopped_at(moment + timedelta(hours=49)):
            lapse_offer(made.offers.get(state="open").pk, vendor.programme)
            _answer(vendor, made, "accept")
    if outcome in {"win", "lose", "give_back"}:
        with stopped_at(moment + timedelta(days=8)):
            _end(vendor, made, outcome)


def _partner(made: Enquiry) -> tuple[Standing, Any]:
    held = made.offers.filter(state__in=("open", "accepted")).get()
    contact = contacts_of(held.relation_id)[0]
    return link_standing(make_link(contact).split("/")[2], "de"), held


def _answer(vendor: Standing, made: Enquiry, outcome: str) -> None:
    if outcome == "close":
        actions.close(standing=vendor, enquiry=made.uid, reason="no_partner")
    elif outcome == "decline":
        here, held = _partner(made)
        actions.decline(
            standing=here, offer=held.uid, reason="no_time", words="Erst im Mai wieder."
        )
        here, held = _partner(made)
        actions.accept(standing=here, offer=held.uid)
    elif outcome not in {"", "lapse"}:
        here, held = _partner(made)
        actions.accept(standing=here, offer=held.uid)


def _end(vendor: Standing, made: Enquiry, outcome: str) -> None:
    here, held = _partner(made)
    if outcome == "win":
        actions.win(standing=here, offer=held.uid)
    elif outcome == "lose":
        actions.lose(standing=here, offer=held.uid, reason="price")
    else:
        actions.give_back(standing=here, offer=held.uid, reason="too_far")
        actions.hand_to(standing=vendor, enquiry=made.uid, relation=_first(vendor, made))


def _first(vendor: Standing, made: Enquiry) -> Any:
    """Return a partner that was not asked yet."""
    asked = set(made.offers.values_list("relation", flat=True))
    return next(card.uid for pk, card in queries.partners_of(vendor).items() if pk not in asked)
