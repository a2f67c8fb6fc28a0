"""Every write of ventures: load, authorise, change, record, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import CHANGED, ActionError, Conflict, NotAllowed
from mutualist.apps.core.isolation import NOTHING, private_scope
from mutualist.apps.identity.models import Organisation
from mutualist.apps.identity.queries import organisation_for
from mutualist.apps.rooms.public import OpenedPlace, opened_place, own_rows
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.models import NAME_LENGTH, Venture, Version
from mutualist.apps.ventures.private import PrivateFigures, sealed
from mutualist.apps.ventures.queries import Place, get_venture, latest
from mutualist.domain.venture import VentureError, read_description

#: A venture as a file; more is a slip of the hand.
MOST_CHARACTERS = 200_000
MOST_VERSIONS = 500


def check(description: Mapping[str, Any]) -> None:
    """Refuse a description that cannot be computed, with everything that is wrong."""
    try:
        read_description(dict(description))
    except VentureError as error:
        lang = "de" if (get_language() or "").startswith("de") else "en"
        raise ActionError("venture", "{problems}", problems=error.message(lang)) from error


def _text(description: Mapping[str, Any]) -> str:
    check(description)
    content = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
    if len(content) > MOST_CHARACTERS:
        raise ActionError(
            "venture_size",
            _("The venture has {length} characters; {most} are possible. Leave out some lines."),
            length=len(content),
            most=MOST_CHARACTERS,
        )
    return content


def _name(description: Mapping[str, Any]) -> str:
    name = " ".join(str(description.get("name", "")).split())
    if not name or len(name) > NAME_LENGTH:
        raise ActionError(
            "venture_name",
            _("Give the venture a name of 1 to {most} characters (now {length})."),
            most=NAME_LENGTH,
            length=len(name),
        )
    return name


@transaction.atomic
def describe_for_room(
    *, actor: Actor, room: UUID | str, template: str, description: Mapping[str, Any]
) -> Venture:
    """Describe a venture of an opened room; every party of the room sees it."""
    place = opened_place(actor, room)
    if not place.writes:
        raise NotAllowed
    _require_template(template)
    _require_parties(description, place)
    content = _text(description)
    made = Venture.objects.create(name=_name(description), template=template, room_id=place.room)
    _store(made, 1, content, "", Place(made, actor, place))
    record(
        "ventures.venture.described",
        actor=place.signed,
        obj=made,
        chain=place.chain,
        data={"venture": made.name},
    )
    return made


@transaction.atomic
def describe_for_organisation(
    *, actor: Actor, organisation: UUID, template: str, description: Mapping[str, Any]
) -> Venture:
    """Describe a venture for the own organisation alone."""
    own: Organisation = organisation_for(actor, organisation, "owner", "member")
    _require_template(template)
    content = _text(description)
    made = Venture.objects.create(name=_name(description), template=template, organisation=own)
    _store(made, 1, content, "", Place(made, actor, None))
    record(
        "ventures.own.described",
        actor=actor,
        obj=made,
        chain=f"organisation:{own.pk}",
        data={"venture": made.name},
    )
    return made


def _require_template(template: str) -> None:
    if template not in templates():
        raise ActionError(
            "template",
            _("There is no template {template}. Choose one of the list."),
            template=template,
        )


def _require_parties(description: Mapping[str, Any], place: OpenedPlace) -> None:
    """Refuse parties that have no seat: what each sees hangs on them."""
    parties = description.get("parties")
    unknown = (
        [key for key in parties if key not in place.seats] if isinstance(parties, dict) else []
    )
    if unknown:
        raise ActionError(
            "venture_parties",
            _("{unknown} has no seat in the room. The parties are {known}."),
            unknown=", ".join(map(str, unknown)),
            known=", ".join(place.seats),
        )


def _store(venture: Venture, number: int, content: str, note: str, place: Place) -> Version:
    return Version.objects.create(
        venture=venture,
        number=number,
        content=content,
        note=note,
        party=place.party[:NAME_LENGTH],
        author_id=place.actor.user_id,
    )


@transaction.atomic
def save_version(
    *,
    actor: Actor,
    venture: UUID | str,
    description: Mapping[str, Any],
    seen: int,
    note: str = "",
) -> Version:
    """Save a venture as a new version; earlier ones stay as they are.

    Parameters
    ----------
    seen
        The version the change was made from.

    Raises
    ------
    Conflict
        If a newer version was saved in the meantime.
    """
    place = get_venture(actor, venture)
    if not place.writes:
        raise NotAllowed
    if place.room is not None:
        _require_parties(description, place.room)
    content = _text(description)
    locked = Venture.objects.select_for_update().get(pk=place.venture.pk)
    last = Version.objects.filter(venture=locked).first()
    reached = last.number if last else 0
    if last is not None and last.content == content:
        return last
    if reached != seen:
        theirs = last.content if last else ""
        raise Conflict("changed_elsewhere", CHANGED, mine=content, theirs=theirs, version=reached)
    if reached >= MOST_VERSIONS:
        raise ActionError(
            "too_many_versions",
            _("A venture has up to {most} versions. Describe a new venture."),
            most=MOST_VERSIONS,
        )
    locked.name = _name(description)
    locked.save(update_fields=["name"])
    made = _store(locked, reached + 1, content, " ".join(note.split())[:NAME_LENGTH], place)
    record(
        "ventures.version.saved" if place.room else "ventures.own.saved",
        actor=place.signed,
        obj=locked,
        chain=place.room.chain if place.room else f"organisation:{locked.organisation_id}",
        data={"number": made.number},
    )
    return made


@transaction.atomic
def delete_venture(*, actor: Actor, venture: UUID | str) -> None:
    """Delete a venture of the own organisation; one of a room belongs to all its parties."""
    place = get_venture(actor, venture)
    if place.room is not None or not place.writes:
        raise NotAllowed
    record(
        "ventures.own.deleted",
        actor=actor,
        obj=place.venture,
        chain=f"organisation:{place.venture.organisation_id}",
    )
    # A venture of one organisation has no private figures; only whoever deletes looks for some.
    with private_scope(NOTHING):
        place.venture.delete()


@transaction.atomic
def keep_figures(*, actor: Actor, venture: UUID | str, figures: Mapping[str, Any]) -> None:
    """Keep the own party's private figures; the other side never sees them.

    Raises
    ------
    ActionError
        If the venture cannot be computed with them.
    """
    place = get_venture(actor, venture)
    room = place.room
    if room is None or not room.writes or room.mine is None:
        raise NotAllowed
    described = latest(place).description
    if room.mine in described["parties"]:
        own = {**described["parties"][room.mine], **figures}
        check({**described, "parties": {**described["parties"], room.mine: own}})
    seat = room.seats[room.mine]
    with own_rows(actor, room.uid):
        place_in = {"room_id": room.room, "seat_id": seat, "venture": place.venture}
        PrivateFigures.objects.filter(**place_in).delete()
        if figures:
            PrivateFigures.objects.create(**place_in, **sealed(place.venture.pk, seat, figures))
    record(
        "ventures.figures.kept",
        actor=room.signed,
        obj=place.venture,
        chain=f"{room.chain}:{room.mine}",
    )
