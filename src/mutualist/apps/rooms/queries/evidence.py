"""What a party takes home to prove things later: receipts of its seals, and the head of the room's log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.anchors import present_head
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.signing import public_fingerprint, signed_receipt
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.chains import room_chain
from mutualist.apps.rooms.models import Opening, Room, SealedSheet, Seat
from mutualist.apps.rooms.queries.sheets import sealed_answers
from mutualist.apps.rooms.sealing import vault_of
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.domain.shared import Head, fingerprint
from mutualist.domain.shared.receipts import RECEIPT_SCHEMA


@dataclass(frozen=True, slots=True)
class ReceiptCard:
    """A receipt somebody may download; nothing of it but what everybody sees."""

    seat: str
    name: str
    round: int
    fingerprint: str
    is_opened: bool


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a room gives its people to keep.

    Attributes
    ----------
    receipts
        Those the reader may download, newest round first.
    head
        The present head of the room's log, signed; it is not an anchor, since nobody else got it.
    key_fingerprint
        The installation's public key as people compare it.
    """

    receipts: tuple[ReceiptCard, ...]
    head: Head
    key_fingerprint: str


def proofs(actor: Actor, room: Room) -> Proofs:
    """Return what somebody in a room may take home."""
    here = _insider(actor, room)
    cards = tuple(_cards(here, _opened_rounds(room)))
    return Proofs(cards, present_head(room_chain(room)), public_fingerprint())


def room_head(actor: Actor, room: Room) -> Head:
    """Return the present head of the room's log, signed."""
    _insider(actor, room)
    return present_head(room_chain(room))


def receipt(
    actor: Actor,
    room: Room,
    round: int | None = None,  # noqa: A002 - the word of the scheme
    seat: str | None = None,
) -> dict[str, Any]:
    """Return the receipt of an own seal (``mutualist-receipt/1``); none named: the newest of the own seat.

    Raises
    ------
    NotAllowed
        If it is not an own one, not sealed, or not to be read by this person yet.
    """
    here = _insider(actor, room)
    for card in _cards(here, _opened_rounds(room)):
        if round in {None, card.round} and seat in {None, card.seat}:
            return _receipt(here, card)
    raise NotAllowed


def _insider(actor: Actor, room: Room) -> Standing:
    here = standing(actor, room)
    if not (here.mine or here.is_host):
        raise NotAllowed
    return here


def _opened_rounds(room: Room) -> frozenset[int]:
    return frozenset(Opening.objects.filter(room=room).values_list("round", flat=True))


def _cards(here: Standing, opened: frozenset[int]) -> Iterator[ReceiptCard]:
    """Yield the receipts of the own side: the lead's at once, the others' once the round is open."""
    led = {person.seat_id for person in here.answerers if person.is_lead}
    seats = {seat.pk: seat for seat in here.mine}
    rows = SealedSheet.objects.filter(room=here.room, seat__in=seats)
    for row in rows.order_by("-round", "seat__position"):
        if row.seat_id in led or (row.round in opened and here.sees_result):
            seat = seats[row.seat_id]
            mark = fingerprint(row.commitment)
            yield ReceiptCard(seat.key, seat.name, row.round, mark, row.round in opened)


def _receipt(here: Standing, card: ReceiptCard) -> dict[str, Any]:
    room, seat = here.room, here.seat_named(card.seat)
    with _scope(here, seat):
        answers = sealed_answers(room, seat, card.round)
        if answers is None:
            raise NotAllowed
        nonce, sheet = vault_of(room, seat).evidence(answers)
    sealed = answers.sheet
    return signed_receipt(
        {
            "schema": RECEIPT_SCHEMA,
            "room": str(room.uid),
            "name": room.name,
            "party": seat.key,
            "party_name": seat.name,
            "round": card.round,
            "ruleset": room.ruleset,
            "questions": sealed.question_set,
            "sheet": sheet,
            "nonce": nonce,
            "commitment": sealed.commitment,
            "fingerprint": card.fingerprint,
            "sealed_at": sealed.sealed_at.isoformat(timespec="seconds"),
        }
    )


def _scope(here: Standing, seat: Seat) -> AbstractContextManager[Any]:
    led = any(person.is_lead and person.seat_id == seat.pk for person in here.answerers)
    return scopes.own(here) if led else scopes.result(here)
