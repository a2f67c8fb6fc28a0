"""Nordwerk's programme with two partners, its commission rules, and the few steps all tests begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from apps.programme.cast import free_name
from apps.rooms.cast import Cast, make_cast
from mutualist.apps.commissions.actions.booking import Given, book_invoice
from mutualist.apps.commissions.actions.paying import keep_account
from mutualist.apps.commissions.actions.ruling import save_rules
from mutualist.apps.commissions.models import Earning, Invoice
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.partners import add_contact, add_partner
from mutualist.apps.programme.actions.programmes import begin_programme
from mutualist.apps.programme.models import LevelChange, Programme, Relation
from mutualist.apps.programme.public import (
    Standing,
    link_standing,
    make_link,
    partner_standing,
    vendor_standing,
)

START = date(2026, 1, 1)
IBAN, OTHER_IBAN, OWN_IBAN = (
    "AT611904300234573201",
    "CH9300762011623852957",
    "DE89370400440532013000",
)
PROGRAMME = """
schema: programme/1
id: nordwerk
version: "2026"
words: {de: Nordwerk Partner, en: Nordwerk Partner}
effective: {from: 2026-01-01}
facts:
  sales: {date: day, fields: {amount: number}}
measures:
  sold: {from: sales, take: count}
metrics:
  sales: {words: {de: Verkauft, en: Sold}, value: sold}
levels:
  - {id: silver, words: {de: Silber, en: Silver}, requires: [{if: "sold >= 1"}]}
  - {id: gold, words: {de: Gold, en: Gold}, requires: [{if: "sold >= 5"}]}
"""
RULES = """
schema: commission/1
id: nordwerk
version: "2026.1"
words: {de: Provision, en: Commission}
effective: {from: 2026-01-01}
levels: [silver, gold]
products:
  licence:
    words: {de: Lizenz, en: Licence}
    rate: {none: 5 %, silver: 15 %, gold: 20 %}
  hosting:
    rate: 50 %
    caps:
      - {per: subscription, each: month, amount: {EUR: 150}}
      - {per: subscription, each: year, amount: {EUR: 1440}}
  project:
    rate: 10 %
    earned:
      milestones:
        - {id: signed, words: {de: Unterschrieben, en: Signed}, share: 40 %}
        - {id: live, words: {de: In Betrieb, en: Live}, share: 60 %}
  spread:
    rate: 10 %
    earned: {spread: {parts: 6, every: year}}
minimum_payout: {EUR: 10}
"""


@dataclass(frozen=True)
class World:
    """Nordwerk is the vendor; Tauwerk and Grauwerk are rival partners, both with accounts."""

    cast: Cast
    programme: Programme
    tauwerk: Relation
    grauwerk: Relation

    @property
    def anna(self) -> Standing:
        return vendor_standing(self.cast.anna, self.programme.uid)

    @property
    def ben(self) -> Standing:
        return vendor_standing(self.cast.ben, self.programme.uid)

    @property
    def clara(self) -> Standing:
        return partner_standing(self.cast.clara, self.tauwerk.uid)

    @property
    def dora(self) -> Standing:
        return partner_standing(self.cast.dora, self.grauwerk.uid)

    def linked(self) -> Standing:
        """Tom of Tauwerk, who has no account and came by a mailed link."""
        return link_standing(self.token())

    def token(self) -> str:
        return make_link(self.tauwerk.contacts.get()).split("/")[2]


def make_world(cast: Cast | None = None) -> World:
    cast = cast or make_cast()
    programme = begin_programme(
        actor=cast.anna,
        organisation=cast.nordwerk.uid,
        name=free_name(),
        rules=PROGRAMME,
        since=START,
    )
    vendor = vendor_standing(cast.anna, programme.uid)
    tauwerk = add_partner(
        standing=vendor, name="Tauwerk Sensorik GmbH", organisation=cast.tauwerk.pk
    )
    grauwerk = add_partner(
        standing=vendor, name="Grauwerk Messtechnik GmbH", organisation=cast.grauwerk.pk
    )
    add_contact(
        standing=vendor,
        relation=tauwerk,
        name="Tom",
        email="tom@tauwerk.example",
        language="de",
        topics=["money"],
    )
    hold(tauwerk, "silver", START)
    hold(grauwerk, "gold", START)
    save_rules(standing=vendor, text=RULES)
    return World(cast, programme, tauwerk, grauwerk)


def hold(relation: Relation, level: str, day: date) -> None:
    """Let a partner hold a level from a day on."""
    LevelChange.objects.create(relation=relation, day=day, level=level, cause="start")


def given(world: World, number: str = "R-1", amount: int = 1000_00, **more: Any) -> Given:
    """An invoice of last week for Tauwerk alone, unless said otherwise."""
    values = {
        "day": today() - timedelta(days=7),
        "currency": "EUR",
        "product": "licence",
        "credited": ((world.tauwerk.pk, Fraction(1)),),
    }
    return Given(number=number, amount=amount, **{**values, **more})


def book(world: World, number: str = "R-1", amount: int = 1000_00, **more: Any) -> Invoice:
    return book_invoice(
        standing=world.anna, given=given(world, number, amount, **more), source="form"
    )


def earning(invoice: Invoice) -> Earning:
    return invoice.earnings.get()


def accounts(world: World) -> None:
    """Everybody's account is known."""
    keep_account(standing=world.anna, name="Nordwerk Pumpen AG", iban=OWN_IBAN, bic="COBADEFFXXX")
    keep_account(standing=world.clara, name="Tauwerk Sensorik GmbH", iban=IBAN)
    keep_account(standing=world.dora, name="Grauwerk Messtechnik GmbH", iban=OTHER_IBAN)
