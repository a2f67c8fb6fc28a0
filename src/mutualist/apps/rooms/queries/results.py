"""Opened rounds, as one viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.models import Opening, Room, SealedAnswers
from mutualist.apps.rooms.sealing import vaults_of
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import OpenedRoom, OpenedRound
from mutualist.domain.assess import Room as DomainRoom
from mutualist.domain.assess import assess, visible_answers
from mutualist.domain.shared import fingerprint


def opened(actor: Actor, room: Room, round: int | None = None) -> OpenedRoom:  # noqa: A002
    """Return an opened round: the last one, or the one asked for.

    Raises
    ------
    NotAllowed
        If the round is not open, or not for this actor.
    """
    here = standing(actor, room)
    if not here.sees_result:
        raise NotAllowed
    openings = {opening.round: opening for opening in Opening.objects.filter(room=room)}
    if not openings:
        raise NotAllowed
    wanted = max(openings) if round is None else round
    if wanted not in openings:
        raise NotAllowed
    rounds = tuple(
        OpenedRound(number, one.as_of, one.opened_at, str(one.result["kind"]))
        for number, one in sorted(openings.items())
    )
    found = _opened_room(here, openings[wanted], openings.get(wanted - 1))
    return replace(found, rounds=rounds)


def _opened_room(here: Standing, opening: Opening, before: Opening | None) -> OpenedRoom:
    rounds = [opening.round, *([before.round] if before else [])]
    with scopes.result(here):
        found = SealedAnswers.objects.filter(room=here.room, round__in=rounds)
        sealed = list(found.select_related("sheet"))
        vaults = vaults_of(here.room, here.seats)
    keys = {seat.pk: seat.key for seat in here.seats}
    sheets: dict[int, dict[str, Any]] = {number: {} for number in rounds}
    for row in sealed:
        sheets[row.round][keys[row.seat_id]] = vaults[row.seat_id].unseal(row)
    domain_room = room_of(opening, sheets[opening.round])
    viewers = _viewers(here)
    visible = _visible(domain_room, viewers)
    earlier = _visible(room_of(before, sheets[before.round]), viewers) if before else None
    return OpenedRoom(
        round=opening.round,
        as_of=opening.as_of,
        opened_at=opening.opened_at,
        viewer=here.seat.key if here.seat else None,
        domain_room=domain_room,
        verdict=assess(domain_room),
        result=opening.result,
        visible=visible,
        changed=_changed(visible, earlier),
        parties=opening.party_names,
        self_check=here.room.mode == Room.Mode.ALONE,
        ruleset=opening.ruleset,
        fingerprints={
            keys[row.seat_id]: fingerprint(row.sheet.commitment)
            for row in sealed
            if row.round == opening.round
        },
        before=before.result if before else None,
        may_add=here.answerer() is not None and here.room.state != Room.State.CLOSED,
    )


def room_of(opening: Opening, sheets: Mapping[str, Mapping[str, Any]]) -> DomainRoom:
    """Return the room the result was computed from, with the parties in their order."""
    return DomainRoom.from_dict(
        {
            "ruleset": opening.ruleset,
            "frame": opening.frame,
            "parties": opening.party_names,
            "answers": {key: dict(sheets.get(key, {})) for key in opening.party_names},
        }
    )


def _viewers(here: Standing) -> tuple[str, ...]:
    return tuple(seat.key for seat in here.mine)


def _visible(room: DomainRoom, viewers: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return the own answers in full, of the others what is shown at the opening."""
    full = room.to_dict()["answers"]
    shown = {party: visible_answers(sheet, room.ruleset) for party, sheet in room.answers.items()}
    return {party: dict(full[party] if party in viewers else shown[party]) for party in full}


def _changed(
    visible: Mapping[str, Mapping[str, Any]],
    earlier: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, tuple[str, ...]]:
    if earlier is None:
        return {}
    return {
        party: tuple(
            sorted(
                item
                for item in {*answers, *earlier.get(party, {})}
                if answers.get(item) != earlier.get(party, {}).get(item)
            )
        )
        for party, answers in visible.items()
    }
