"""The rooms that were opened from partnerships, for those who sit in them."""

from __future__ import annotations

from uuid import UUID

from mutualist.apps.core.actor import Actor
from mutualist.apps.programme.models import Relation, RelationRoom
from mutualist.apps.rooms.public import RoomCard, rooms_of


def rooms_of_relation(actor: Actor, relation: int) -> list[RoomCard]:
    """Return the rooms of a partnership that the actor may enter, newest first."""
    uids = set(RelationRoom.objects.filter(relation=relation).values_list("room_uid", flat=True))
    return [card for card in rooms_of(actor) if card.uid in uids] if uids else []


def relation_of_room(actor: Actor, room: UUID) -> Relation | None:
    """Return the partnership a room was opened from, where the actor belongs to either side."""
    found = RelationRoom.objects.filter(
        room_uid=room, relation__in=Relation.objects.visible_to(actor)
    )
    first = found.select_related("relation__programme__organisation").first()
    return first.relation if first else None
