"""Open a room from a partnership: both firms sit in it, and each finds it on the partner's page."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity.models import Organisation
from mutualist.apps.programme.models import Contact, Relation, RelationRoom
from mutualist.apps.programme.queries.clock import vendor_people
from mutualist.apps.programme.queries.rooms import rooms_of_relation
from mutualist.apps.programme.standing import RESTING, Standing, chain_of
from mutualist.apps.rooms.actions import create_room
from mutualist.apps.rooms.values import PartySpec


@transaction.atomic
def open_room(
    *, standing: Standing, relation: Relation, person: str, seen: str | None = None
) -> UUID:
    """Open a room with the other side and invite one of its people by mail; return the room's id.

    Parameters
    ----------
    person
        Mail address of somebody of the other side: a contact of the partner, or one of the vendor's people.
    seen
        How many rooms of the partnership the person has read of; none where any will do.
    """
    if standing.actor.user_id is None or not standing.writes:
        raise NotAllowed
    found = (
        Relation.objects.visible_to(standing)
        .select_related("programme__organisation", "organisation")
        .filter(pk=relation.pk)
        .first()
    )
    if found is None:
        raise NotAllowed
    if found.state in RESTING:
        raise ActionError(
            "room_rests",
            _("The partnership with {name} rests. Resume it first, then open the room."),
            status=409,
            name=found.name,
        )
    there = rooms_of_relation(standing.actor, found.pk)
    if there and seen not in {None, str(len(there))}:
        raise ActionError(
            "room_meanwhile",
            _(
                "A room with {name} was opened meanwhile; it stands among the rooms. "
                "If another is meant, open it once more."
            ),
            status=409,
            name=found.name if standing.side == "vendor" else found.programme.organisation.name,
        )
    host, other = _sides(standing, found, person)
    room = create_room(
        actor=standing.actor,
        mode="two_sided",
        frame={"name": f"{found.programme.organisation.name} · {found.name}"[:120]},
        parties=[PartySpec(name=host.name), other],
        host=host,
    )
    RelationRoom.objects.create(relation=found, room_uid=room.uid)
    record(
        "programme.room.opened",
        actor=standing.actor,
        obj=found,
        chain=chain_of(standing.programme, found.pk),
        data={"name": found.name},
    )
    return room.uid


def _sides(standing: Standing, relation: Relation, person: str) -> tuple[Organisation, PartySpec]:
    """Return the own organisation, and the other side with whoever is invited for it."""
    address = person.strip().lower()
    vendor = relation.programme.organisation
    if standing.side == "vendor":
        contact = Contact.objects.filter(relation=relation, email=address).first()
        if contact is None:
            raise _nobody(relation.name)
        return vendor, PartySpec(relation.name, contact.email, contact.name, contact.language)
    own = relation.organisation
    if own is None:
        raise NotAllowed
    people = {one.email.lower(): one for one in vendor_people(relation.programme_id)}
    if address not in people:
        raise _nobody(vendor.name)
    chosen = people[address]
    return own, PartySpec(vendor.name, chosen.email, chosen.name, chosen.language)


def _nobody(name: str) -> ActionError:
    return ActionError(
        "room_person", _("Choose one of the people of {name}: they are invited by mail."), name=name
    )
