"""Saving answers while a round is being answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, Conflict
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.ground import enter, note, require_answering
from mutualist.apps.rooms.errors import Refused
from mutualist.apps.rooms.models import Answerer, Draft, Room, SealedSheet, SheetProgress
from mutualist.apps.rooms.queries.access import parties_of
from mutualist.apps.rooms.queries.sheets import HEADER, load_sheet, progress_of
from mutualist.apps.rooms.sealing import SeatVault, vault_of
from mutualist.apps.rooms.standing import Standing
from mutualist.apps.rooms.values import ItemConflict, PageSaved, Progress, SavedAnswer
from mutualist.domain.assess import Problem, builtin_ruleset, check_answer, check_sheet
from mutualist.domain.shared import canonical_json

MAX_VALUE_LENGTH = 8000


@transaction.atomic
def save_answer(
    *,
    actor: Actor,
    room: Room,
    item: str,
    value: Any,
    version: int,
    seat: str | None = None,
) -> SavedAnswer:
    """Save one answer of the actor; ``None`` clears it.

    Parameters
    ----------
    version
        The version the actor last saw, 0 for none. Saving what is stored already always succeeds, so
        a request sent twice has one effect.

    Raises
    ------
    Refused
        If the value is not allowed; `problems` says why.
    Conflict
        If the answer was changed elsewhere meanwhile; it carries both values.
    """
    with _sit_down(actor, room, seat) as desk:
        value = _plain(value)
        problems = _problems(desk, item, value)
        if problems:
            raise Refused(
                "invalid_answer", _("This answer cannot be saved as it is."), problems=problems
            )
        outcome = _store(desk, item, value, version)
        if isinstance(outcome, ItemConflict):
            raise Conflict(
                "changed_elsewhere",
                _("This answer was changed in another window. Please choose which one counts."),
                mine={"value": value, "version": version},
                theirs={"value": outcome.theirs, "version": outcome.version},
                version=outcome.version,
            )
        reached = _keep_progress(desk)
    if outcome.is_new:
        _note(desk, [item])
    return _saved(outcome, reached)


@transaction.atomic
def save_page(
    *,
    actor: Actor,
    room: Room,
    answers: Mapping[str, Any],
    versions: Mapping[str, int],
    seat: str | None = None,
) -> PageSaved:
    """Save several answers: each valid one; what is not saved comes back with the reason."""
    stored: list[_Stored] = []
    problems: list[Problem] = []
    conflicts: list[ItemConflict] = []
    with _sit_down(actor, room, seat) as desk:
        for item, raw in answers.items():
            value = _plain(raw)
            found = _problems(desk, item, value)
            if found:
                problems += found
                continue
            outcome = _store(desk, item, value, versions.get(item, 0))
            if isinstance(outcome, ItemConflict):
                conflicts.append(outcome)
            else:
                stored.append(outcome)
        reached = _keep_progress(desk)
    new = [outcome.item for outcome in stored if outcome.is_new]
    if new:
        _note(desk, new)
    saved = tuple(_saved(outcome, reached) for outcome in stored)
    return PageSaved(saved, tuple(problems), tuple(conflicts))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where somebody answers: the room is locked, the round open, the sheet not sealed."""

    here: Standing
    person: Answerer
    vault: SeatVault
    drafts: dict[str, Draft]

    @property
    def room(self) -> Room:
        return self.here.room


@dataclass(frozen=True, slots=True)
class _Stored:
    item: str
    value: Any
    version: int
    saved_at: datetime
    is_new: bool


@contextmanager
def _sit_down(actor: Actor, room: Room, seat: str | None) -> Iterator[_Desk]:
    """Lock the room and give the own drafts for the time of the block."""
    here = enter(actor, room)
    person = here.require_answerer(seat)
    require_answering(here.room)
    if SealedSheet.objects.filter(seat=person.seat, round=here.room.round).exists():
        raise ActionError(
            "sealed",
            _(
                "The answers of {party} are sealed. While another party is still answering, the seal "
                "can be taken back; then they can be changed."
            ),
            party=person.seat.name,
        )
    with scopes.own(here):
        drafts = Draft.objects.filter(answerer=person, round=here.room.round)
        vault = vault_of(here.room, person.seat)
        yield _Desk(here, person, vault, {draft.item: draft for draft in drafts})


def _plain(value: Any) -> Any:
    """Return the value as JSON would carry it, so that what is checked is what is stored."""
    try:
        # Canonical form is what the seal commits to: what has none is refused here, not at the seal.
        text = canonical_json(value).decode()
    except (TypeError, ValueError, AttributeError):
        raise ActionError(
            "invalid_answer", _("This answer has a form that cannot be kept.")
        ) from None
    if len(text) > MAX_VALUE_LENGTH:
        raise ActionError(
            "invalid_answer",
            _("This answer is too long: {length} characters, {most} are possible."),
            length=len(text),
            most=MAX_VALUE_LENGTH,
        )
    return json.loads(text)


def _problems(desk: _Desk, item: str, value: Any) -> tuple[Problem, ...]:
    rules = builtin_ruleset(desk.room.ruleset)
    if item not in rules.items and item != HEADER:
        raise ActionError("unknown_item", _("There is no item “{item}”."), item=item)
    if value is None:
        return ()
    parties = tuple(parties_of(desk.here.seats))
    if item == HEADER:
        return tuple(check_sheet({HEADER: value}, desk.person.seat.key, parties, rules))
    return tuple(check_answer(item, value, desk.person.seat.key, parties, rules))


def _store(desk: _Desk, item: str, value: Any, version: int) -> _Stored | ItemConflict:
    person, round_ = desk.person, desk.room.round
    draft = desk.drafts.get(item)
    current = draft.version if draft else 0
    if draft is not None:
        known = desk.vault.decrypt_draft(draft)
        if known == value:
            return _Stored(item, value, current, draft.saved_at, is_new=False)
        if version != current:
            return ItemConflict(item, value, known, current)
    elif version:
        return ItemConflict(item, value, None, 0)
    moment = now()
    ciphertext = desk.vault.encrypt_draft(person.pk, round_, item, value)
    if draft is None:
        desk.drafts[item] = Draft.objects.create(
            room=desk.room,
            seat=person.seat,
            answerer=person,
            round=round_,
            item=item,
            ciphertext=ciphertext,
            saved_at=moment,
        )
    else:
        draft.ciphertext, draft.version, draft.saved_at = ciphertext, current + 1, moment
        draft.save(update_fields=["ciphertext", "version", "saved_at"])
    return _Stored(item, value, current + 1, moment, is_new=True)


def _keep_progress(desk: _Desk) -> Progress:
    """Work out how far the person is; a lead's progress is what the others see."""
    answers = load_sheet(desk.room, desk.person.seat, desk.person, desk.vault).answers
    reached = progress_of(desk.room, answers)
    if desk.person.is_lead:
        store_progress(desk.room, desk.person, reached)
        if desk.room.state == Room.State.DRAFT:
            desk.room.state = Room.State.ANSWERING
            desk.room.save(update_fields=["state"])
    return reached


def store_progress(room: Room, lead: Answerer, reached: Progress) -> None:
    """Keep the six segments of a seat."""
    SheetProgress.objects.update_or_create(
        room=room,
        seat=lead.seat,
        round=room.round,
        defaults={"segments": list(reached.public_segments), "minutes_left": reached.minutes_left},
    )


def _note(desk: _Desk, items: list[str]) -> None:
    data = {"seat": desk.person.seat.key, "round": desk.room.round, "items": sorted(items)}
    note("rooms.answers.saved", desk.here, seat=desk.person.seat, data=data)


def _saved(stored: _Stored, reached: Progress) -> SavedAnswer:
    return SavedAnswer(
        stored.item,
        stored.value,
        stored.version,
        stored.saved_at,
        reached.segments,
        reached.minutes_left,
    )
