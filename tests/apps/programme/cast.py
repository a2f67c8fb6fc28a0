"""Nordwerk's programme with two partners: Tauwerk, and its rival Grauwerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.test import Client

from apps.rooms.cast import Cast
from mutualist.apps.core.actor import Actor
from mutualist.apps.identity.models import User
from mutualist.apps.programme.actions.partners import add_contact, add_partner
from mutualist.apps.programme.actions.programmes import begin_programme
from mutualist.apps.programme.models import Contact, Programme, Relation
from mutualist.apps.programme.public import (
    Standing,
    make_link,
    partner_standing,
    vendor_standing,
)

RULES = """
schema: programme/1
id: small
version: "1"
words: {de: "Kleines Programm", en: "Small programme"}
effective: {from: 2026-01-01}
facts:
  sales:
    words: {de: "Umsätze", en: "Sales"}
    date: day
    fields: {customer: text, amount: money}
measures:
  sold: {words: {de: "Umsatz", en: "Revenue"}, from: sales, take: sum(amount), during: last 12 months}
metrics:
  revenue: {words: {de: "Umsatz", en: "Revenue"}, value: sold, points: "linear(value, 100000, 100)"}
levels:
  - {id: partner, words: {de: "Partner", en: "Partner"}, requires: []}
  - {id: silver, words: {de: "Silber", en: "Silver"}, requires: [{if: total >= 50}]}
  - {id: gold, words: {de: "Gold", en: "Gold"}, requires: [{if: total >= 100}]}
"""


@dataclass
class Channel:
    """The programme, its partners, and everybody's standing."""

    cast: Cast
    programme: Programme
    tauwerk: Relation
    grauwerk: Relation
    contact: Contact
    rival_contact: Contact

    @property
    def anna(self) -> Standing:
        """The vendor's owner."""
        return vendor_standing(self.cast.anna, self.programme.uid)

    @property
    def ben(self) -> Standing:
        """The vendor's reader."""
        return vendor_standing(self.cast.ben, self.programme.uid)

    @property
    def clara(self) -> Standing:
        """The partner."""
        return partner_standing(self.cast.clara, self.tauwerk.uid)

    @property
    def dora(self) -> Standing:
        """The rival partner of the same programme."""
        return partner_standing(self.cast.dora, self.grauwerk.uid)

    def link(self, contact: Contact | None = None, to: str = "") -> str:
        """Return the path of a new mailed link of Tauwerk's contact, or of another."""
        return make_link(contact or self.contact, to=to)


def free_name() -> str:
    """Return what the next programme is called: one vendor has no two of one name."""
    there = Programme.objects.count()
    return f"Nordwerk Partner {there + 1}" if there else "Nordwerk Partner"


def make_channel(cast: Cast) -> Channel:
    """Begin Nordwerk's programme and take both partners in."""
    anna = cast.anna
    programme = begin_programme(
        actor=anna,
        organisation=cast.nordwerk.uid,
        name=free_name(),
        rules=RULES,
        since=date(2026, 1, 1),
    )
    standing = vendor_standing(anna, programme.uid)
    tauwerk = add_partner(
        standing=standing,
        name="Tauwerk GmbH",
        organisation=cast.tauwerk.pk,
        external_id="P-1",
        postal_code="70173",
        place="Stuttgart",
        languages=["de", "en"],
        abilities=["iot", "ai"],
        in_finder=True,
    )
    grauwerk = add_partner(
        standing=standing,
        name="Grauwerk AG",
        organisation=cast.grauwerk.pk,
        external_id="P-2",
        postal_code="20095",
        place="Hamburg",
        languages=["de"],
        abilities=["iot"],
        in_finder=True,
    )
    contact = add_contact(
        standing=standing, relation=tauwerk, name="Clara", email="clara@tauwerk.example"
    )
    rival = add_contact(
        standing=standing, relation=grauwerk, name="Dora", email="dora@grauwerk.example"
    )
    return Channel(cast, programme, tauwerk, grauwerk, contact, rival)


def browser(actor: Actor | None = None) -> Client:
    """Return a browser, of a person if one is named."""
    client = Client()
    if actor is not None:
        client.force_login(User.objects.get(pk=actor.user_id))
    return client
