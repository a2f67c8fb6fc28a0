"""How answers are kept: encrypted under the seat's key, bound to their place, padded.

A ciphertext is bound (as associated data) to its table, room, seat, person, round and item, so that
a row copied elsewhere does not open. Lengths are hidden in steps: 256 bytes for drafts,
4 KiB for sealed sheets. A sealed sheet is {nonce, sheet}; beside it stands the salted commitment
(reliability: SHA-256 over room, party, question set, round, nonce and canonical JSON), which is
recomputed at the opening.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mutualist.apps.core.prepared import Prepared
from mutualist.apps.core.vault import Vault, new_wrapped_key
from mutualist.apps.rooms.models import Draft, Room, RoomKey, SealedAnswers, Seat
from mutualist.domain.assess import builtin_ruleset
from mutualist.domain.shared import canonical_json, commitment, question_set_hash

DRAFT_STEP = 256
SHEET_STEP = 4096
LENGTH_BYTES = 4


class BrokenSealError(Exception):
    """A sealed sheet does not match the commitment given when it was handed in."""


def pad(content: bytes, step: int) -> bytes:
    """Prefix the length and fill with zeros up to a multiple of `step`."""
    body = len(content).to_bytes(LENGTH_BYTES, "big") + content
    return body + b"\0" * (-len(body) % step)


def unpad(padded: bytes) -> bytes:
    """Undo :func:`pad`."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def _place(*parts: object) -> bytes:
    encoded = [str(part).encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def context_of(room: Room, seat: Seat) -> bytes:
    """Return what the key of a seat is wrapped for."""
    return _place("room", room.uid, seat.key)


def make_key(room: Room, seat: Seat) -> RoomKey:
    """Give a new seat its key."""
    wrapped = new_wrapped_key(context=context_of(room, seat))
    made: RoomKey = RoomKey.objects.create(room=room, seat=seat, wrapped=wrapped)
    return made


@dataclass(frozen=True, slots=True, repr=False)
class SealParts:
    """What a sealed sheet consists of."""

    question_set: str
    commitment: str
    ciphertext: bytes


class SeatVault:
    """Reads and writes the secrets of one seat."""

    __slots__ = ("_vault", "room", "seat")

    def __init__(self, room: Room, seat: Seat, key: RoomKey) -> None:
        self.room = room
        self.seat = seat
        self._vault = Vault(bytes(key.wrapped), context_of(room, seat))

    def encrypt_draft(self, person: int, round_: int, item: str, value: Any) -> bytes:
        """Encrypt one answer; ``None`` stands for a cleared one."""
        content = json.dumps(value, ensure_ascii=False).encode()
        place = _place("draft", self.room.uid, self.seat.key, person, round_, item)
        return self._vault.encrypt(pad(content, DRAFT_STEP), aad=place)

    def decrypt_draft(self, draft: Draft) -> Any:
        """Decrypt one answer."""
        place = _place(
            "draft", self.room.uid, self.seat.key, draft.answerer_id, draft.round, draft.item
        )
        return json.loads(unpad(self._vault.decrypt(bytes(draft.ciphertext), aad=place)))

    def seal(self, round_: int, sheet: Mapping[str, Any]) -> SealParts:
        """Commit to a sheet and encrypt it together with the nonce of the commitment."""
        nonce = secrets.token_bytes(32)
        questions = question_set(self.room)
        content = {"nonce": nonce.hex(), "sheet": dict(sheet)}
        return SealParts(
            questions,
            self._commitment(round_, questions, nonce, sheet),
            self._vault.encrypt(
                pad(canonical_json(content), SHEET_STEP), aad=self._sheet_place(round_)
            ),
        )

    def unseal(self, answers: SealedAnswers) -> dict[str, Any]:
        """Decrypt sealed answers and check them against the commitment of their sheet."""
        return self.evidence(answers)[1]

    def evidence(self, answers: SealedAnswers) -> tuple[str, dict[str, Any]]:
        """Return the nonce of a commitment in hex and the sheet, checked: what a receipt holds."""
        sealed = answers.sheet
        place = self._sheet_place(sealed.round)
        padded = self._vault.decrypt(bytes(answers.ciphertext), aad=place)
        content = json.loads(unpad(padded))
        nonce, sheet = bytes.fromhex(content["nonce"]), content["sheet"]
        found = self._commitment(sealed.round, sealed.question_set, nonce, sheet)
        if not secrets.compare_digest(found, sealed.commitment):
            raise BrokenSealError(self.seat.key)
        return nonce.hex(), dict(sheet)

    def _sheet_place(self, round_: int) -> bytes:
        return _place("sheet", self.room.uid, self.seat.key, round_, "")

    def _commitment(
        self, round_: int, questions: str, nonce: bytes, sheet: Mapping[str, Any]
    ) -> str:
        return commitment(
            room=str(self.room.uid),
            party=self.seat.key,
            questions=questions,
            round=round_,
            nonce=nonce,
            answers=sheet,
        )


def question_set(room: Room) -> str:
    """Return the hash of the questions this room asks."""
    return _question_set(room.ruleset)


@cache
def _question_set(version: str) -> str:
    return question_set_hash(builtin_ruleset(version))


_key = Prepared(lambda seat, room: RoomKey.objects.filter(seat=seat, room=room), private=True)
_keys = Prepared(lambda room: RoomKey.objects.filter(room=room), private=True)


def vault_of(room: Room, seat: Seat) -> SeatVault:
    """Open the vault of one seat."""
    found = _key.first(seat=seat.pk, room=room.pk)
    if found is None:
        raise RoomKey.DoesNotExist
    return SeatVault(room, seat, found)


def vaults_of(room: Room, seats: Iterable[Seat]) -> dict[int, SeatVault]:
    """Open the vaults of several seats with one query."""
    keys = {key.seat_id: key for key in _keys(room=room.pk)}
    return {seat.pk: SeatVault(room, seat, keys[seat.pk]) for seat in seats}
