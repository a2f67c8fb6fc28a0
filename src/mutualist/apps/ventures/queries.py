"""Every read of ventures; each function asks who is reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms.public import OpenedPlace, opened_place
from mutualist.apps.ventures.models import Venture, Version


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


def _saved(row: Version) -> Saved:
    return Saved(row.number, json.loads(row.content), row.note, row.party, row.saved_at)


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
