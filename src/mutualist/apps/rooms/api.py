"""The JSON API of rooms: the same queries and actions as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from ninja import Body, Router, Status

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import Conflict, NotAllowed
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.identity.queries import organisations_of
from mutualist.apps.rooms import actions, etags, queries
from mutualist.apps.rooms import schemas as s
from mutualist.apps.rooms.offers import offer
from mutualist.apps.rooms.values import PartySpec
from mutualist.domain.assess import Room as DomainRoom
from mutualist.domain.assess import apply_moves, assess

router = Router(tags=["rooms"])
NO_VERSION = 10**9


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _room(request: HttpRequest, uid: UUID) -> Any:
    room = queries.get_room(_actor(request), uid)
    if room.opens == "deadline" and actions.open_due(room=room):
        room = queries.get_room(_actor(request), uid)
    return room


def _status(request: HttpRequest, uid: UUID, response: HttpResponse) -> s.RoomOut:
    room = _room(request, uid)
    # Before the rest: a tag that is too old is only refused, one that is too new would let through.
    version = queries.room_version(room)
    shown = s.RoomOut.of(queries.room_status(_actor(request), room))
    response["ETag"] = etags.room_tag(version, shown)
    return shown


def _as_seen(request: HttpRequest, room: Any) -> Any:
    """Hold the room in the state ``If-Match`` names."""
    tags = etags.tags_in(request.headers.get("If-Match"))
    return actions.unchanged(room, None if tags is None else etags.room_versions(tags))


@router.get("/rooms", response={200: list[s.CardOut], **REFUSED}, summary="Your rooms")
def list_rooms(request: HttpRequest, start: s.Start = 0) -> Any:
    """Return up to 200 rooms you belong to, newest first, from the one with number `start`."""
    return list(queries.room_cards(_actor(request), start=start))


@router.post("/rooms", response={201: s.RoomOut, **REFUSED}, summary="Open a room")
def create_room(request: HttpRequest, body: s.RoomIn, response: HttpResponse) -> Any:
    """Open a room; invited parties get their link by mail."""
    actor = _actor(request)
    allowed = organisations_of(actor).filter(pk__in=actor.organisations("owner", "member"))
    host = next((o for o in allowed if body.organisation in (None, o.uid)), None)
    if host is None:
        raise NotAllowed
    room = actions.create_room(
        actor=actor,
        mode=body.mode,
        frame={key: value for key, value in body.frame.dict().items() if value is not None},
        parties=[PartySpec(**party.dict()) for party in body.parties],
        host=host,
        opens=body.opens,
        deadline=body.deadline,
        my_name=actor.name,
        language=actor.language,
    )
    response["Location"] = reverse("api:get_room", args=[room.uid])
    return Status(201, _status(request, room.uid, response))


@router.get("/rooms/{uid}", response={200: s.RoomOut, **REFUSED}, summary="A room")
def get_room(request: HttpRequest, uid: UUID, response: HttpResponse) -> Any:
    """Return where a room stands."""
    return _status(request, uid, response)


@router.put("/rooms/{uid}/frame", response={200: s.RoomOut, **REFUSED}, summary="Change the frame")
def change_frame(request: HttpRequest, uid: UUID, body: s.FrameIn, response: HttpResponse) -> Any:
    """Write the frame anew while nobody has sealed; what is left out gets its usual value."""
    room = _room(request, uid)
    frame = {key: value for key, value in body.dict().items() if value is not None}
    with _as_seen(request, room):
        actions.update_frame(actor=_actor(request), room=room, frame=frame)
    return _status(request, uid, response)


@router.delete("/rooms/{uid}", response={204: None, **REFUSED}, summary="Delete a room")
def delete_room(request: HttpRequest, uid: UUID) -> Any:
    """Delete a room with everything in it."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.delete_room(actor=_actor(request), room=room)
    return Status(204, None)


@router.put(
    "/rooms/{uid}/deadline", response={200: s.RoomOut, **REFUSED}, summary="Move the deadline"
)
def move_deadline(
    request: HttpRequest, uid: UUID, body: s.DeadlineIn, response: HttpResponse
) -> Any:
    """Move the deadline; the parties are told."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.move_deadline(actor=_actor(request), room=room, deadline=body.deadline)
    return _status(request, uid, response)


@router.get(
    "/rooms/{uid}/timeline", response={200: list[s.EntryOut], **REFUSED}, summary="What happened"
)
def get_timeline(request: HttpRequest, uid: UUID) -> Any:
    """Return what happened in a room, as far as you may see it."""
    return queries.room_timeline(_actor(request), _room(request, uid))


@router.get(
    "/rooms/{uid}/people", response={200: list[s.SeatPeopleOut], **REFUSED}, summary="People"
)
def list_people(request: HttpRequest, uid: UUID) -> Any:
    """Return the seats and their people, as far as you may see them."""
    return list(queries.people(_actor(request), _room(request, uid)))


@router.post(
    "/rooms/{uid}/seats/{seat}/people", response={201: s.PersonOut, **REFUSED}, summary="Invite"
)
def invite(request: HttpRequest, uid: UUID, seat: str, body: s.InviteIn) -> Any:
    """Invite the lead of a seat (host) or a colleague (lead of the own seat)."""
    actor, room = _actor(request), _room(request, uid)
    mine = queries.my_answerer(actor, room)
    with _as_seen(request, room):
        if mine is not None and mine.seat.key == seat:
            made = actions.add_colleague(actor=actor, room=room, **body.dict())
        else:
            made = actions.invite_answerer(actor=actor, room=room, seat=seat, **body.dict())
    person = made.answerer
    out = s.PersonOut(
        id=person.pk,
        name=person.name,
        email=person.email,
        language=person.language,
        is_lead=person.is_lead,
        link_state="sent",
    )
    return Status(201, out)


@router.post(
    "/rooms/{uid}/people/{person}/resend", response={204: None, **REFUSED}, summary="Resend a link"
)
def resend(request: HttpRequest, uid: UUID, person: int) -> Any:
    """Send a new link; the old one ends."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.resend_link(actor=_actor(request), room=room, answerer_id=person)
    return Status(204, None)


@router.post(
    "/rooms/{uid}/people/{person}/revoke",
    response={204: None, **REFUSED},
    summary="Take a link back",
)
def revoke(request: HttpRequest, uid: UUID, person: int) -> Any:
    """End a person's link."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.revoke_link(actor=_actor(request), room=room, answerer_id=person)
    return Status(204, None)


@router.get("/rooms/{uid}/sheet", response={200: s.SheetOut, **REFUSED}, summary="Your answers")
def get_sheet(
    request: HttpRequest, uid: UUID, response: HttpResponse, seat: str | None = None
) -> Any:
    """Return your own answers of the current round; `seat` matters in a self-check only."""
    sheet = queries.draft_sheet(_actor(request), _room(request, uid), seat)
    response["ETag"] = etags.sheet_tag(sheet)
    return s.SheetOut.of(sheet)


@router.get(
    "/rooms/{uid}/sheet/{item}", response={200: s.ItemOut, **REFUSED}, summary="One of your answers"
)
def get_answer(
    request: HttpRequest, uid: UUID, item: str, response: HttpResponse, seat: str | None = None
) -> Any:
    """Return one of your own answers of the current round; null while there is none."""
    sheet = queries.draft_sheet(_actor(request), _room(request, uid), seat)
    if item not in sheet.answers and item not in sheet.open_items and item != "header":
        raise NotAllowed
    version = sheet.versions.get(item, 0)
    response["ETag"] = etags.item_tag(sheet.round, version)
    return {"item": item, "value": sheet.answers.get(item), "version": version}


@router.put(
    "/rooms/{uid}/sheet/{item}", response={200: s.AnswerOut, **REFUSED}, summary="Save an answer"
)
def save_answer(
    request: HttpRequest,
    uid: UUID,
    item: str,
    body: s.AnswerIn,
    response: HttpResponse,
    seat: str | None = None,
) -> Any:
    """Save one answer; 409 with both versions when it was changed elsewhere in the meantime.

    `If-Match` with the tag of the answer takes the place of `version`; the refusal is then 412.
    """
    room = _room(request, uid)
    tags = etags.tags_in(request.headers.get("If-Match"))
    version = body.version
    if tags is not None:
        named = etags.item_version(tags, room.round)
        # No version is this great: whatever stands there now was not the one that was read.
        version = NO_VERSION if named is None else named
    try:
        saved = actions.save_answer(
            actor=_actor(request),
            room=room,
            item=item,
            value=body.value,
            version=version,
            seat=seat,
        )
    except Conflict as error:
        if tags is not None:
            error.status = 412
            error.mine = {**error.mine, "version": None if version == NO_VERSION else version}
        error.etag = etags.item_tag(room.round, error.version)
        raise
    response["ETag"] = etags.item_tag(room.round, saved.version)
    return saved


@router.post(
    "/rooms/{uid}/seal", response={200: s.SealedOut, **REFUSED}, summary="Seal and hand in"
)
def seal(request: HttpRequest, uid: UUID, body: s.SealIn) -> Any:
    """Seal your sheet; unanswered items have to be confirmed as “don't know”.

    `If-Match` with the tag of the sheet seals only what you have read.
    """
    actor, room = _actor(request), _room(request, uid)
    tags = etags.tags_in(request.headers.get("If-Match"))
    with actions.unchanged_sheet(actor, room, tags, etags.sheet_tag):
        return actions.seal_sheet(
            actor=actor, room=room, confirm_open_items=body.confirm_open_items
        )


@router.delete("/rooms/{uid}/seal", response={204: None, **REFUSED}, summary="Take the seal back")
def take_back(request: HttpRequest, uid: UUID) -> Any:
    """Undo your seal while not everybody has sealed."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.take_back(actor=_actor(request), room=room)
    return Status(204, None)


@router.post("/rooms/{uid}/open", response={200: s.PressedOut, **REFUSED}, summary="Open together")
def press_open(request: HttpRequest, uid: UUID) -> Any:
    """Press “open together”; the last press opens for everybody."""
    room = _room(request, uid)
    with _as_seen(request, room):
        return actions.press_open(actor=_actor(request), room=room)


@router.get("/rooms/{uid}/result", response={200: dict[str, Any], **REFUSED}, summary="The result")
def get_result(request: HttpRequest, uid: UUID, round: int | None = None) -> Any:  # noqa: A002
    """Return the result (`verdict/1`) of a round; none named: the last opened."""
    return dict(queries.opened(_actor(request), _room(request, uid), round).result)


@router.get(
    "/rooms/{uid}/answers", response={200: dict[str, Any], **REFUSED}, summary="Opened answers"
)
def get_answers(request: HttpRequest, uid: UUID, round: int | None = None) -> Any:  # noqa: A002
    """Return the answers you may see: your own in full, the others' as far as they are shown."""
    found = queries.opened(_actor(request), _room(request, uid), round)
    return {
        "round": found.round,
        "as_of": found.as_of,
        "parties": dict(found.parties),
        "answers": {party: dict(sheet) for party, sheet in found.visible.items()},
        "changed": {party: list(items) for party, items in found.changed.items()},
        "fingerprints": dict(found.fingerprints),
    }


def _language() -> str:
    return "de" if translation.get_language() == "de" else "en"


@router.get(
    "/rooms/{uid}/changes",
    response={200: dict[str, Any], **REFUSED},
    summary="What would have to change",
)
def get_changes(request: HttpRequest, uid: UUID, round: int | None = None) -> Any:  # noqa: A002
    """Return the fewest single moves towards a true partnership, and what else may be tried."""
    found = queries.opened(_actor(request), _room(request, uid), round)
    language, on_offer = _language(), offer(found.domain_room)
    return {
        "ladder": [step.to_dict(language) for step in on_offer.steps],
        "moves": [
            move.to_dict(language)
            for move in (*(step.move for step in on_offer.steps), *on_offer.others)
        ],
    }


@router.post("/rooms/{uid}/compute", response={200: dict[str, Any], **REFUSED}, summary="Try moves")
def compute(request: HttpRequest, uid: UUID, body: s.MovesIn, round: int | None = None) -> Any:  # noqa: A002
    """Return the result after some of the moves on offer; nothing is stored."""
    leave_out(request)
    found = queries.opened(_actor(request), _room(request, uid), round)
    chosen = offer(found.domain_room).chosen(body.moves)
    return assess(apply_moves(found.domain_room, chosen)).to_dict()


@router.post("/rooms/{uid}/rounds", response={200: s.RoomOut, **REFUSED}, summary="Start a round")
def start_round(request: HttpRequest, uid: UUID, body: s.RoundIn, response: HttpResponse) -> Any:
    """Start a further round; everybody begins with their last answers."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.start_round(actor=_actor(request), room=room, deadline=body.deadline)
    return _status(request, uid, response)


@router.post("/rooms/{uid}/binding", response={204: None, **REFUSED}, summary="Choose to be bound")
def agree_binding(request: HttpRequest, uid: UUID, body: s.BindingIn) -> Any:
    """Record that your party chooses to be bound by these words; it holds once all have done so."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.agree_binding(actor=_actor(request), room=room, text=body.text)
    return Status(204, None)


@router.put("/rooms/{uid}/consent", response={204: None, **REFUSED}, summary="Consent to be asked")
def set_consent(request: HttpRequest, uid: UUID, body: s.ConsentIn) -> Any:
    """Say whether you may be asked anonymously after twelve months."""
    room = _room(request, uid)
    with _as_seen(request, room):
        actions.set_outcome_consent(actor=_actor(request), room=room, consent=body.consent)
    return Status(204, None)


@router.post("/rooms/{uid}/close", response={200: s.RoomOut, **REFUSED}, summary="Close a room")
def close(request: HttpRequest, uid: UUID, body: s.OutcomeIn, response: HttpResponse) -> Any:
    """End a room; results stay readable."""
    actor, room = _actor(request), _room(request, uid)
    with _as_seen(request, room):
        if body.outcome == "parted":
            actions.part_on_good_terms(actor=actor, room=room)
        else:
            actions.close_room(actor=actor, room=room)
    return _status(request, uid, response)


@router.get("/rooms/{uid}/file", response={200: dict[str, Any], **REFUSED}, summary="Room file")
def get_file(request: HttpRequest, uid: UUID, round: int | None = None) -> Any:  # noqa: A002
    """Return the room file with everything you may see, as it stands or as of an opened round."""
    return queries.export_room(_actor(request), _room(request, uid), round)


@router.post("/verdict", response={200: dict[str, Any], **REFUSED}, summary="Assess a room file")
def verdict(request: HttpRequest, body: Body[dict[str, Any]]) -> Any:
    """Return the result of a room file sent along; nothing is stored."""
    leave_out(request)
    return assess(DomainRoom.from_dict(body)).to_dict()
