"""Every read of ventures; each function asks who is reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms.public import OpenedPlace, opened_place, own_rows, rows_of_all
from mutualist.apps.ventures.models import Venture, Version
from mutualist.apps.ventures.private import PrivateFigures, opened


@dataclass(frozen=True, slots=True)
class Place:
    """A venture and where its reader stands towards it.

    Attributes
    ----------
    room
        The reader's place in the room it belongs to; none for a venture of an organisation.
    """

    venture: Venture
    actor: Actor
    room: OpenedPlace | None

    @property
    def mine(self) -> str | None:
        """Key of the own party; none where the whole venture is one's own."""
        return self.room.mine if self.room else None

    @property
    def writes(self) -> bool:
        """Whether the reader may save a new version."""
        if self.room is not None:
            return self.room.writes
        return self.venture.organisation_id in self.actor.organisations("owner", "member")

    @property
    def keeps_figures(self) -> bool:
        """Whether the reader has private figures here: those who answer for a party of the room."""
        return self.room is not None and self.room.writes and self.room.mine is not None

    @property
    def signed(self) -> Actor:
        """The actor with the name of the person behind a link."""
        return self.room.signed if self.room else self.actor

    @property
    def owner(self) -> str:
        """Name of the room, or of the organisation, it belongs to."""
        if self.room is not None:
            return self.room.name
        return self.venture.organisation.name if self.venture.organisation else ""

    @property
    def party(self) -> str:
        """Name of the firm the reader acts for."""
        if self.room is not None:
            return self.room.parties.get(self.room.mine or "", "")
        return self.owner


@dataclass(frozen=True, slots=True)
class Saved:
    """A version as it was saved."""

    number: int
    description: Mapping[str, Any]
    note: str
    party: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A venture in a list."""

    uid: UUID
    name: str
    template: str
    owner: str
    version: int
    saved_at: datetime


def get_venture(actor: Actor, uid: UUID | str) -> Place:
    """Return a venture the actor may know of.

    Raises
    ------
    NotAllowed
        If there is no such venture or it is none of the actor's business: both look alike.
    """
    try:
        wanted = UUID(str(uid))
    except ValueError:
        raise NotAllowed from None
    found = (
        Venture.objects.visible_to(actor)
        .select_related("room", "organisation")
        .filter(uid=wanted)
        .first()
    )
    if found is None:
        raise NotAllowed
    place = opened_place(actor, found.room.uid) if found.room is not None else None
    return Place(found, actor, place)


def sees_what_is_asked(actor: Actor, address: Mapping[str, Any]) -> bool:
    """Whether the actor may know of the venture an address names; true where it names none."""
    if "venture" not in address:
        return True
    try:
        get_venture(actor, address["venture"])
    except NotAllowed:
        return False
    return True


def versions_of(place: Place) -> tuple[Saved, ...]:
    """Return all versions, newest first."""
    return tuple(_saved(row) for row in Version.objects.filter(venture=place.venture))


def version_of(place: Place, number: int | None = None) -> Saved:
    """Return one version; without a number the newest."""
    rows = Version.objects.filter(venture=place.venture)
    row = (rows if number is None else rows.filter(number=number)).first()
    if row is None:
        raise NotAllowed
    return _saved(row)


def latest(place: Place) -> Saved:
    """Return the newest version."""
    return version_of(place)


def own_figures(place: Place) -> dict[str, Any]:
    """Return the own party's private figures, to whoever answers for it."""
    return own_figures_as_kept(place)[0]


def own_figures_as_kept(place: Place) -> tuple[dict[str, Any], int]:
    """Return the own party's private figures and the number of this state; 0 where none are kept."""
    if place.room is None or place.room.mine is None:
        return {}, 0
    with own_rows(place.actor, place.room.uid):
        row = PrivateFigures.objects.filter(
            venture=place.venture, seat=place.room.seats[place.room.mine]
        ).first()
        return (opened(row), row.pk) if row else ({}, 0)


#: The one private figure that enters what the other side sees: rules of bargaining start from it.
CROSSING = ("best_alternative",)


def computed_from(place: Place, described: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description with the private figures it is computed from; it stays on the server.

    Of the own party all are put in, of the others only what a result needs.
    """
    if place.room is None:
        return dict(described)
    keys = {seat: key for key, seat in place.room.seats.items()}
    with rows_of_all(place.actor, place.room.uid):
        rows = list(PrivateFigures.objects.filter(venture=place.venture, room=place.room.room))
    parties = {key: dict(party) for key, party in described["parties"].items()}
    for row in rows:
        key = keys.get(row.seat_id, "")
        if key in parties:
            found = opened(row)
            parties[key] |= {name: found[name] for name in CROSSING if name in found}
    # A colleague who only reads gets the same splits as everybody, and no private figure either.
    if place.room.mine in parties:
        parties[place.room.mine] |= own_figures(place)
    return {**described, "parties": parties}


def _saved(row: Version) -> Saved:
    return Saved(row.number, json.loads(row.content), row.note, row.party, row.saved_at)


def beside_result(room: int, most: int) -> list[tuple[Venture, Mapping[str, Any]]]:
    """Return the newest ventures of a room as last saved, for whoever sees its result."""
    last = Version.objects.filter(venture=OuterRef("pk")).order_by("-number")
    rows: Any = Venture.objects.filter(room=room).annotate(
        content=Subquery(last.values("content")[:1])
    )
    return [(row, json.loads(row.content)) for row in rows[:most]]


def ventures_of(actor: Actor, *, room: int | None = None, limit: int = 100) -> tuple[Card, ...]:
    """Return the ventures an actor may know of, newest first; with `room` those of this room."""
    rows = Venture.objects.visible_to(actor).select_related("room", "organisation")
    if room is not None:
        rows = rows.filter(room=room)
    found = {row.pk: row for row in rows[:limit]}
    last: dict[int, Version] = {}
    for version in Version.objects.filter(venture__in=found).only(
        "venture_id", "number", "saved_at"
    ):
        last.setdefault(version.venture_id, version)
    return tuple(
        Card(
            uid=row.uid,
            name=row.name,
            template=row.template,
            owner=row.room.name
            if row.room
            else (row.organisation.name if row.organisation else ""),
            version=last[pk].number,
            saved_at=last[pk].saved_at,
        )
        for pk, row in found.items()
    )
