"""A party's own answers: the drafts of its people, and where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.models import Answerer, Draft, Room, SealedAnswers, SealedSheet, Seat
from mutualist.apps.rooms.queries.access import parties_of
from mutualist.apps.rooms.sealing import SeatVault, vault_of
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import DraftSheet, HousePerson, HouseSpread, Progress
from mutualist.domain.assess import builtin_ruleset, minutes_left, progress

HEADER = "header"
DONT_KNOW = "dont_know"


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A person's answers of the current round: the last sealed sheet with the own drafts over it."""

    previous: Mapping[str, Any]
    drafts: Mapping[str, Any]
    versions: Mapping[str, int]
    saved_at: datetime | None

    @property
    def answers(self) -> dict[str, Any]:
        """What counts now; a cleared item is absent."""
        merged = {**self.previous, **self.drafts}
        return {item: value for item, value in merged.items() if value is not None}

    @property
    def changed(self) -> tuple[str, ...]:
        """Items that differ from the last sealed sheet."""
        now = self.answers
        items = {*now, *self.previous} - {HEADER}
        return tuple(sorted(i for i in items if now.get(i) != self.previous.get(i)))


_drafts = Prepared(
    lambda person, seat, number: Draft.objects.filter(answerer=person, seat=seat, round=number),
    private=True,
)
_sealed = Prepared(
    lambda room, seat, number: SealedAnswers.objects.filter(
        room=room, seat=seat, round=number
    ).select_related("sheet"),
    private=True,
)


def load_sheet(room: Room, seat: Seat, person: Answerer, vault: SeatVault | None = None) -> Sheet:
    """Decrypt one person's answers of the current round."""
    vault = vault or vault_of(room, seat)
    rows = _drafts(person=person.pk, seat=seat.pk, number=room.round)
    return Sheet(
        previous=last_sealed(room, seat, vault, before=room.round),
        drafts={row.item: vault.decrypt_draft(row) for row in rows},
        versions={row.item: row.version for row in rows},
        saved_at=max((row.saved_at for row in rows), default=None),
    )


def last_sealed(room: Room, seat: Seat, vault: SeatVault, *, before: int) -> dict[str, Any]:
    """Return the seat's own sealed answers of the round before, if any."""
    if before <= 1:
        return {}
    sealed = sealed_answers(room, seat, before - 1)
    return vault.unseal(sealed) if sealed else {}


def sealed_answers(room: Room, seat: Seat, round_: int) -> SealedAnswers | None:
    """Return what a seat has sealed in a round, within a scope that may read it."""
    found: SealedAnswers | None = _sealed.first(room=room.pk, seat=seat.pk, number=round_)
    return found


def open_items(room: Room, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the items without any answer; "don't know" is an answer."""
    return tuple(i for i in builtin_ruleset(room.ruleset).items if i not in answers)


def progress_of(room: Room, answers: Mapping[str, Any]) -> Progress:
    """Return how far these answers are."""
    rules = builtin_ruleset(room.ruleset)
    return Progress(
        tuple(float(part) for part in progress(answers, rules)), minutes_left(answers, rules)
    )


def draft_sheet(actor: Actor, room: Room, seat: str | None = None) -> DraftSheet:
    """Return the actor's own answers; after sealing, the sealed ones."""
    here = standing(actor, room)
    person = here.require_answerer(seat)
    sealed = SealedSheet.objects.filter(room=room, seat=person.seat, round=room.round).first()
    with scopes.own(here):
        vault = vault_of(room, person.seat)
        sheet = load_sheet(room, person.seat, person, vault)
        handed_in = sealed_answers(room, person.seat, room.round) if sealed else None
        answers = vault.unseal(handed_in) if handed_in and person.is_lead else sheet.answers
    if sealed:
        sheet = Sheet(sheet.previous, answers, sheet.versions, sealed.sealed_at)
    return DraftSheet(
        seat=person.seat.key,
        parties=parties_of(here.seats),
        ruleset=room.ruleset,
        round=room.round,
        answers=answers,
        versions={**dict.fromkeys(answers, 0), **sheet.versions},
        saved_at=sheet.saved_at,
        previous=sheet.previous,
        changed=sheet.changed if room.round > 1 else (),
        open_items=open_items(room, answers),
        is_sealed=sealed is not None,
        progress=progress_of(room, answers),
    )


def house_spread(actor: Actor, room: Room, seat: str | None = None) -> HouseSpread:
    """Return how the people of the own seat answer differently; nobody else ever sees it.

    A colleague appears once they have saved an answer in this round. When the round is opened the
    drafts are gone, and the spread with them.
    """
    here = standing(actor, room)
    me = here.require_answerer(seat)
    if not any(person.is_lead for person in here.answerers):
        raise NotAllowed
    people = list(Answerer.objects.filter(seat=me.seat).order_by("-is_lead", "pk"))
    with scopes.own(here):
        vault = vault_of(room, me.seat)
        drafts = Draft.objects.filter(seat=me.seat, round=room.round)
        started = set(drafts.values_list("answerer_id", flat=True))
        shown = tuple(
            _house_person(room, me.seat, person, vault)
            for person in people
            if person.pk in started or person.is_lead
        )
    lead = next((person.name for person in shown if person.is_lead), "")
    return HouseSpread(lead, shown, _differing(person.answers for person in shown))


def _house_person(room: Room, seat: Seat, person: Answerer, vault: SeatVault) -> HousePerson:
    answers = load_sheet(room, seat, person, vault).answers
    answers.pop(HEADER, None)
    return HousePerson(person.name, person.is_lead, answers, len(answers))


def _differing(sheets: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    values: dict[str, list[Any]] = {}
    for sheet in sheets:
        for item, value in sheet.items():
            if value != DONT_KNOW:
                values.setdefault(item, []).append(value)
    return tuple(sorted(i for i, found in values.items() if any(v != found[0] for v in found)))


def own_sheets(here: Standing) -> dict[str, dict[str, Any]]:
    """Return what the actor's own seats have said so far, for an export before the opening."""
    found: dict[str, dict[str, Any]] = {}
    with scopes.own(here):
        for person in here.answerers:
            vault = vault_of(here.room, person.seat)
            found[person.seat.key] = load_sheet(here.room, person.seat, person, vault).answers
    return found
