"""Every write of ventures: load, authorise, change, record, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import CHANGED, ActionError, Conflict, NotAllowed
from mutualist.apps.core.isolation import NOTHING, private_scope
from mutualist.apps.core.numbers import format_number
from mutualist.apps.identity.models import Organisation
from mutualist.apps.identity.queries import organisation_for
from mutualist.apps.rooms.public import OpenedPlace, opened_place, own_rows
from mutualist.apps.ventures.described import PRIVATE, templates
from mutualist.apps.ventures.models import NAME_LENGTH, Venture, Version
from mutualist.apps.ventures.private import PrivateFigures, sealed
from mutualist.apps.ventures.queries import Place, get_venture, latest, own_figures_as_kept
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import Description, VentureError, read_description
from mutualist.domain.venture.effort import effort

#: A venture as a file; more is a slip of the hand.
MOST_CHARACTERS = 200_000
MOST_VERSIONS = 500
#: Numbers computed per scenario: 10,000 scenarios take about a second, a paper with 100,000 ten.
MOST_OPERATIONS = 100_000
MOST_MEMORY = 400_000_000
#: Cases for the values of groups: about three seconds.
MOST_GROUPS = 15_000_000


def check(description: Mapping[str, Any]) -> Description:
    """Refuse a description that cannot be computed, with everything that is wrong, or not at once."""
    try:
        found = read_description(dict(description))
    except VentureError as error:
        raise ActionError("venture", "{problems}", problems=error.message(language())) from error
    asked = effort(found)
    if asked.operations > MOST_OPERATIONS or asked.memory > MOST_MEMORY:
        raise ActionError(
            "venture_effort",
            _(
                "The venture takes {times} times the computing that a page can do while you wait: {lines} lines and "
                "{terms} terms over {periods} periods. Count in longer periods or put lines together; the command "
                "line computes it as it is."
            ),
            times=_rounded(
                max(asked.operations / MOST_OPERATIONS, asked.memory / MOST_MEMORY),
            ),
            lines=len(found.lines),
            terms=len(found.terms),
            periods=found.periods.count,
        )
    if asked.groups > MOST_GROUPS:
        raise ActionError(
            "venture_groups",
            _(
                "{contributions} contributions, {lines} lines and {parties} parties make too many cases for a fair "
                "split on a page. Put contributions or parties that act together into one; the command line "
                "computes it as it is."
            ),
            contributions=len(found.contributions),
            lines=len(found.lines),
            parties=len(found.parties),
        )
    return found


def _rounded(times: float) -> str:
    return format_number(round(times, 1) if times < 10 else round(times), language())


def _text(description: Mapping[str, Any]) -> str:
    content = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
    if len(content) > MOST_CHARACTERS:
        raise ActionError(
            "venture_size",
            _("The venture has {length} characters; {most} are possible. Leave out some lines."),
            length=len(content),
            most=MOST_CHARACTERS,
        )
    check(description)
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
    """Refuse what is no template; none at all is a venture described from nothing."""
    if template and template not in templates():
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
    for key, party in (parties if isinstance(parties, dict) else {}).items():
        told = [name for name in PRIVATE if isinstance(party, dict) and name in party]
        if told:
            raise ActionError(
                "venture_private",
                _(
                    "parties.{party}.{field} is for one party alone, and everybody in the room reads this "
                    "description. Keep it with “Your private figures”, and leave it out here."
                ),
                party=key,
                field=told[0],
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
def delete_venture(*, actor: Actor, venture: UUID | str, seen: int | None = None) -> None:
    """Delete a venture of the own organisation; one of a room belongs to all its parties.

    Raises
    ------
    Conflict
        If it is not the version that was `seen`.
    """
    place = get_venture(actor, venture)
    if place.room is not None or not place.writes:
        raise NotAllowed
    Venture.objects.select_for_update().get(pk=place.venture.pk)
    reached = latest(place).number
    if seen is not None and seen != reached:
        raise Conflict(
            "changed_elsewhere", CHANGED, mine=None, theirs=None, version=reached, status=412
        )
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
def keep_figures(
    *,
    actor: Actor,
    venture: UUID | str,
    figures: Mapping[str, Any],
    seen: int | None = None,
) -> None:
    """Keep the own party's private figures; the other side never sees them.

    Parameters
    ----------
    seen
        Number of the state the change was made from; 0 where there was none.

    Raises
    ------
    ActionError
        If the venture cannot be computed with them.
    Conflict
        If a colleague has changed them in the meantime.
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
    Venture.objects.select_for_update().get(pk=place.venture.pk)
    kept, reached = own_figures_as_kept(place)
    if kept == figures:
        return
    if seen is not None and seen != reached:
        raise Conflict(
            "changed_elsewhere", CHANGED, mine=dict(figures), theirs=kept, version=reached
        )
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
