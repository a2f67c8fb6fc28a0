"""Bringing in a room file that already holds the answers of all parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.create import MAX_PARTIES, clean_frame, seat_down
from mutualist.apps.rooms.actions.ground import note
from mutualist.apps.rooms.actions.openings import finish_opening
from mutualist.apps.rooms.errors import Refused
from mutualist.apps.rooms.models import Opening, Room, SealedAnswers, SealedSheet
from mutualist.apps.rooms.queries.access import parties_of
from mutualist.apps.rooms.sealing import vaults_of
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import PartySpec
from mutualist.domain.assess import AnswerError
from mutualist.domain.assess import Room as DomainRoom


@transaction.atomic
def import_room_file(
    *,
    actor: Actor,
    host: Organisation,
    data: Mapping[str, Any],
    later: Sequence[Mapping[str, Any]] = (),
) -> Room:
    """Make an opened room of a room file; `later` holds the files of the following rounds.

    Whoever imports knows all answers anyway. The host is shown what a neutral host is shown with the
    consent of all parties; seats stay free, so the parties can be invited for a next round.
    """
    if host.pk not in actor.organisations("owner", "member"):
        raise NotAllowed
    files = [_read(content) for content in (data, *later)]
    first = files[0]
    parties = first["parties"]
    if not 2 <= len(parties) <= MAX_PARTIES or any(f["parties"] != parties for f in files):
        raise ActionError(
            "parties",
            _("All rounds of a room need the same two to {most} parties."),
            most=MAX_PARTIES,
        )
    room = _make_room(actor, host, first)
    here = standing(actor, room)
    note("rooms.room.imported", here, data={"rounds": len(files), "seats": len(parties)})
    for number, content in enumerate(files, start=1):
        _import_round(here, number, content)
    return room


def _read(content: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return dict(DomainRoom.from_dict(dict(content)).to_dict())
    except AnswerError as error:
        raise Refused(
            "room_file", _("This room file has errors."), problems=tuple(error.problems)
        ) from error


def _own_frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("name", "offer", "horizon", "currency", "relation", "public_since")
    found = {key: frame[key] for key in kept if frame.get(key) not in (None, "dont_know")}
    found.setdefault("name", _("Imported room") + "")
    return clean_frame(found)


def _make_room(actor: Actor, host: Organisation, content: Mapping[str, Any]) -> Room:
    if content["ruleset"] != settings.MUTUALIST_RULESET:
        raise ActionError(
            "ruleset",
            _("This file was answered under rules {found}; this server has {known}."),
            found=content["ruleset"],
            known=settings.MUTUALIST_RULESET,
        )
    room = Room.objects.create(
        mode=Room.Mode.CONVENED,
        host=host,
        created_by_id=actor.user_id,
        frame=_own_frame(content["frame"]),
        ruleset=content["ruleset"],
        state=Room.State.ANSWERING,
    )
    for position, (key, name) in enumerate(content["parties"].items()):
        seat = seat_down(room, PartySpec(name), position, key)
        seat.shares_result_with_host = True
        seat.save(update_fields=["shares_result_with_host"])
    return room


def _import_round(here: Standing, number: int, content: Mapping[str, Any]) -> None:
    room = here.room
    frame = content["frame"]
    room.round = number
    room.deadline = _day(frame.get("deadline"))
    room.frame = _own_frame(frame)
    room.state = Room.State.ANSWERING
    room.save(update_fields=["round", "deadline", "frame", "state"])
    with scopes.founding(*here.seats):
        vaults = vaults_of(room, here.seats)
        for seat in here.seats:
            parts = vaults[seat.pk].seal(number, content["answers"].get(seat.key, {}))
            sheet = SealedSheet.objects.create(
                room=room,
                seat=seat,
                round=number,
                question_set=parts.question_set,
                commitment=parts.commitment,
                sealed_at=now(),
            )
            SealedAnswers.objects.create(
                room=room, seat=seat, round=number, sheet=sheet, ciphertext=parts.ciphertext
            )
    opening = Opening(
        room=room,
        round=number,
        as_of=str(frame.get("as_of") or f"{today():%Y-%m}"),
        opened_at=now(),
        ruleset=room.ruleset,
        parties=list(parties_of(here.seats).items()),
    )
    finish_opening(here, opening)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
