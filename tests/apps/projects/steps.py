"""The cast of a programme and the steps that tests of projects begin with; made by actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from apps.rooms.cast import Cast, make_cast
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.programme.actions.partners import add_contact, add_partner
from mutualist.apps.programme.models import Programme, Relation
from mutualist.apps.programme.public import (
    Standing,
    link_standing,
    make_link,
    partner_standing,
    vendor_standing,
)
from mutualist.apps.projects import actions
from mutualist.apps.projects.content import Content
from mutualist.apps.projects.models import Registration

MUELLER = Content(
    name="Müller Chemie GmbH",
    postal_code="70173",
    domain="mueller-chemie.de",
    title="Predictive maintenance of 40 pumps",
    need="Pumps fail unplanned.",
    person="Petra Geheim",
    role="Head of production",
    email="petra@mueller-chemie.example",
    amount="125000",
)
#: The same firm as somebody else writes it.
DOUBLE = replace(MUELLER, name="MUELLER CHEMIE Gesellschaft mit beschränkter Haftung", domain="")
DOUBTFUL = replace(MUELLER, name="Müller Chemie GmbH & Co. KG", domain="")
OTHER = replace(MUELLER, name="Schmidt Wärme AG", postal_code="20095", domain="schmidt.example")


@dataclass(frozen=True)
class Play:
    """Nordwerk runs a programme; Tauwerk and Grauwerk are partners; Grauwerk runs a programme of its own."""

    cast: Cast
    anna: Standing
    ben: Standing
    clara: Standing
    dora: Standing
    #: Dora as a vendor.
    rival: Standing
    tauwerk: Relation
    grauwerk: Relation
    #: A partner of Grauwerk's programme: Tauwerk again.
    abroad: Standing

    @property
    def everybody(self) -> tuple[Standing, ...]:
        return (self.anna, self.ben, self.clara, self.dora, self.rival, self.abroad)


def make_play(cast: Cast | None = None) -> Play:
    cast = cast or make_cast()
    programme = Programme.objects.create(
        organisation=cast.nordwerk, name="Nordwerk Partner", slug=f"n-{uuid4().hex}", language="en"
    )
    other = Programme.objects.create(
        organisation=cast.grauwerk, name="Grauwerk Select", slug=f"g-{uuid4().hex}", language="en"
    )
    anna, rival = vendor_standing(cast.anna, programme.uid), vendor_standing(cast.dora, other.uid)
    tauwerk = add_partner(standing=anna, name="Tauwerk Sensorik GmbH", organisation=cast.tauwerk.pk)
    grauwerk = add_partner(standing=anna, name="Grauwerk GmbH", organisation=cast.grauwerk.pk)
    abroad = add_partner(standing=rival, name="Tauwerk", organisation=cast.tauwerk.pk)
    for standing, relation, name in (
        (anna, tauwerk, "Clara"),
        (anna, grauwerk, "Dora"),
        (rival, abroad, "Clara"),
    ):
        add_contact(
            standing=standing,
            relation=relation,
            name=name,
            email=f"{name.lower()}@example.org",
            language="en",
            topics=["projects"],
        )
    return Play(
        cast,
        anna,
        vendor_standing(cast.ben, programme.uid),
        partner_standing(cast.clara, tauwerk.uid),
        partner_standing(cast.dora, grauwerk.uid),
        rival,
        tauwerk,
        grauwerk,
        partner_standing(cast.clara, abroad.uid),
    )


def by_link(play: Play) -> Standing:
    """Clara again, by a mailed link only."""
    path = make_link(play.tauwerk.contacts.get())
    return link_standing(path.split("/")[2])


def everything(play: Play) -> Scope:
    """The scope of both programmes on both sides, as nobody ever has it."""
    programmes = {standing.programme for standing in play.everybody}
    relations = {standing.relation for standing in play.everybody} - {None}
    return Scope(programmes=frozenset(programmes), relations=frozenset(relations))  # type: ignore[arg-type]


def stored(play: Play, model: type[PrivateModel] = Registration) -> list[Any]:
    with private_scope(everything(play)):
        return list(model.objects.order_by("pk"))


def fresh(play: Play, row: Registration) -> Registration:
    return next(one for one in stored(play) if one.pk == row.pk)


def protected(play: Play, who: Standing | None = None, content: Content = MUELLER) -> Registration:
    """A project that was accepted."""
    row = actions.register(standing=who or play.clara, content=content)
    actions.approve(standing=play.anna, project=row.uid)
    return fresh(play, row)


@contextmanager
def days_later(days: float) -> Iterator[datetime]:
    moment = now() + timedelta(days=days)
    with stopped_at(moment):
        yield moment
