"""A room in a folder that two firms share: draft at home, commit first, show the sheets later.

The shared folder holds the frame, one commitment per party and round, and -- once all have
committed -- the sheets::

    pumpenpuls/room.yaml                 frame, parties, rule version; the same for all
    pumpenpuls/round-1/A.commitment.json  a salted fingerprint of A's sheet; says nothing about it
    pumpenpuls/round-1/A.sheet.json       A's answers, put here by A once all have committed

Drafts and sealed sheets stay in a private folder of each party's own machine until then. A sheet
that does not fit its commitment is refused, so nobody can change answers after seeing others'.
What no shared folder can prevent: a party may look at the others' sheets and then keep its own
back. Everybody sees that it did. The web application has no such gap, since it holds all sheets.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from mutualist.domain.assess import Room, builtin_ruleset, check_sheet
from mutualist.domain.shared import canonical_json, commitment, fingerprint, question_set_hash
from mutualist.library.errors import FileError
from mutualist.library.files import load_yaml
from mutualist.library.words import N_
from mutualist.library.yamlfile import dump

ROOM_FILE: Final = "room.yaml"


def private_home() -> Path:
    """Return where drafts and sealed sheets of this machine's parties stay.

    ``MUTUALIST_PRIVATE``, else the user's data folder.
    """
    given = os.environ.get("MUTUALIST_PRIVATE")
    if given:
        return Path(given)
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "mutualist" / "rooms"


class NotOpenError(FileError):
    """The room can't be opened yet; says who is awaited for what."""


@dataclass(frozen=True)
class PartyStatus:
    """How far one party is in a round; nothing here tells an answer."""

    party: str
    name: str
    sealed: str | None
    shown: bool


@dataclass(frozen=True)
class FolderRoom:
    """A room in a folder.

    Attributes
    ----------
    path : Path
        The shared folder.
    document : Mapping
        The content of ``room.yaml``.
    """

    path: Path
    document: Mapping[str, Any]

    @property
    def uid(self) -> str:
        """The room's own name, the same on every machine."""
        return str(self.document["room"])

    @property
    def parties(self) -> dict[str, str]:
        """Party ids and names."""
        return {str(key): str(name) for key, name in self.document["parties"].items()}

    @property
    def ruleset(self) -> str:
        """The rule version the room was made with."""
        return str(self.document["ruleset"])

    @property
    def frame_hash(self) -> str:
        """Fingerprint of ``room.yaml``: commitments hold for this frame and these parties only."""
        return hashlib.sha256(canonical_json(self.document)).hexdigest()

    def party(self, wanted: str) -> str:
        """Return the id of a party given by id, name or the beginning of its name."""
        if wanted in self.parties:
            return wanted
        folded = wanted.casefold()
        hits = [key for key, name in self.parties.items() if name.casefold().startswith(folded)]
        if len(hits) == 1:
            return hits[0]
        raise FileError(
            N_("There is no party {wanted}. The parties are {parties}."),
            wanted=repr(wanted),
            parties=", ".join(f"{key} = {name}" for key, name in self.parties.items()),
        )

    def round(self) -> int:
        """Return the round that is being answered: one more than those fully shown."""
        number = 1
        while all(self._sheet(number, party).exists() for party in self.parties):
            number += 1
        return number

    # --- private: on this machine only -------------------------------------------------------

    def _private(self, party: str) -> Path:
        return private_home() / self.uid / party

    def draft_path(self, party: str) -> Path:
        """Return where a party's draft of the present round is kept on this machine."""
        return self._private(party) / f"round-{self.round()}.draft.json"

    def draft(self, party: str) -> dict[str, Any]:
        """Return a party's draft; a later round starts from the answers of the one before."""
        path = self.draft_path(party)
        if path.exists():
            return _read_json(path)
        before = self._sheet(self.round() - 1, party)
        return dict(_read_json(before)["answers"]) if before.exists() else {}

    def save_draft(self, party: str, answers: Mapping[str, Any]) -> None:
        """Keep a party's draft, readable by this user only."""
        if self.commitment(self.round(), party) is not None:
            raise FileError(
                N_("{party} has sealed round {round}; sealed answers can't be changed."),
                party=self.parties[party],
                round=self.round(),
            )
        _write_private(self.draft_path(party), answers)

    # --- shared -------------------------------------------------------------------------------

    def _commitment(self, number: int, party: str) -> Path:
        return self.path / f"round-{number}" / f"{party}.commitment.json"

    def _sheet(self, number: int, party: str) -> Path:
        return self.path / f"round-{number}" / f"{party}.sheet.json"

    def commitment(self, number: int, party: str) -> dict[str, Any] | None:
        """Return a party's commitment of a round, or None."""
        path = self._commitment(number, party)
        return _read_json(path) if path.exists() else None

    def status(self, number: int | None = None) -> list[PartyStatus]:
        """Return who has sealed and who has shown the sheet."""
        number = number or self.round()
        result = []
        for party, name in self.parties.items():
            sealed = self.commitment(number, party)
            print_ = fingerprint(sealed["commitment"]) if sealed else None
            result.append(PartyStatus(party, name, print_, self._sheet(number, party).exists()))
        return result

    def seal(self, party: str, today: date) -> str:
        """Commit to a party's draft and return the fingerprint of its sheet.

        The commitment goes into the shared folder, the sheet with its nonce stays private.

        Raises
        ------
        AnswerError
            When an answer of the draft is wrong.
        FileError
            When the round is sealed already.
        """
        number = self.round()
        answers = self.draft(party)
        if self.commitment(number, party) is not None:
            raise FileError(
                N_("{party} has sealed round {round}; sealed answers can't be changed."),
                party=self.parties[party],
                round=number,
            )
        problems = check_sheet(answers, party, tuple(self.parties), builtin_ruleset(self.ruleset))
        if problems:
            from mutualist.domain.assess import AnswerError

            raise AnswerError(problems)
        nonce = secrets.token_bytes(32)
        sealed = {
            "commitment": self._commit(number, party, nonce, answers),
            "party": party,
            "round": number,
            "frame": self.frame_hash,
            "sealed": today.isoformat(),
        }
        sheet = {"nonce": nonce.hex(), "answers": answers}
        _write_private(self._private(party) / f"round-{number}.sheet.json", sheet)
        _write_new(self._commitment(number, party), sealed)
        return fingerprint(str(sealed["commitment"]))

    def _commit(self, number: int, party: str, nonce: bytes, answers: Mapping[str, Any]) -> str:
        return commitment(
            room=self.uid,
            party=party,
            questions=question_set_hash(builtin_ruleset(self.ruleset)),
            round=number,
            nonce=nonce,
            answers=answers,
        )

    def show(self, party: str) -> None:
        """Put a party's sealed sheet into the shared folder, if all have committed.

        Raises
        ------
        NotOpenError
            When somebody has not sealed yet.
        """
        number = self.round()
        awaited = [s.name for s in self.status(number) if s.sealed is None]
        if awaited:
            raise NotOpenError(N_("Not sealed yet: {names}."), names=", ".join(awaited))
        private = self._private(party) / f"round-{number}.sheet.json"
        if self._sheet(number, party).exists():
            return
        if not private.exists():
            raise FileError(
                N_("The sealed sheet of {party} is not on this machine; open where it was sealed."),
                party=self.parties[party],
            )
        _write_new(self._sheet(number, party), _read_json(private))

    def mine(self) -> list[str]:
        """Return the parties whose sealed sheet of this round is on this machine."""
        number = self.round()
        return [
            p for p in self.parties if (self._private(p) / f"round-{number}.sheet.json").exists()
        ]

    def opened(self, number: int) -> Room:
        """Return the room of a round whose sheets are all shown, each checked.

        Raises
        ------
        NotOpenError
            When a sheet is missing.
        FileError
            When a sheet is not the one that was committed to.
        """
        answers: dict[str, Any] = {}
        months = []
        awaited = [s.name for s in self.status(number) if not s.shown]
        if awaited:
            raise NotOpenError(N_("Sealed, but not shown yet: {names}."), names=", ".join(awaited))
        for party in self.parties:
            sealed = self.commitment(number, party)
            sheet = _read_json(self._sheet(number, party))
            if not sealed or not self._fits(number, party, sealed, sheet):
                raise FileError(
                    N_("The sheet of {party} is not the one that was sealed."),
                    party=self.parties[party],
                )
            answers[party] = sheet["answers"]
            months.append(str(sealed["sealed"])[:7])
        # The room is opened once the last party has sealed: no clock, the same on every machine.
        frame = {**self.document.get("frame", {}), "as_of": max(months)}
        return Room.from_dict(
            {"ruleset": self.ruleset, "frame": frame, "parties": self.parties, "answers": answers}
        )

    def _fits(
        self, number: int, party: str, sealed: Mapping[str, Any], sheet: Mapping[str, Any]
    ) -> bool:
        try:
            expected = self._commit(number, party, bytes.fromhex(sheet["nonce"]), sheet["answers"])
        except (KeyError, TypeError, ValueError):
            return False
        return sealed.get("frame") == self.frame_hash and sealed.get("commitment") == expected


def create(path: Path, document: Mapping[str, Any]) -> FolderRoom:
    """Make the folder of a new room.

    Raises
    ------
    FileError
        When there is something at this place already.
    """
    if path.exists():
        raise FileError(N_("{path} exists already."), path=path)
    content = {"room": secrets.token_hex(8), **document}
    path.mkdir(parents=True)
    (path / ROOM_FILE).write_text(dump(content), encoding="utf-8")
    return FolderRoom(path, content)


def load(path: str | Path) -> FolderRoom:
    """Read the folder of a room.

    Raises
    ------
    FileError
        When it is no such folder or the room is of another rule version.
    """
    file = Path(path) / ROOM_FILE
    if not file.is_file():
        raise FileError(N_("There is no room in this folder."), file=str(path))
    document = load_yaml(file.read_text(encoding="utf-8"), file=str(file))
    if not isinstance(document, dict) or not {"room", "ruleset", "parties"} <= document.keys():
        raise FileError(N_("room.yaml needs the keys room, ruleset and parties."), file=str(file))
    builtin_ruleset(str(document["ruleset"]))
    return FolderRoom(Path(path), document)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(
            N_("The file is damaged: {reason}."), file=str(path), reason=error
        ) from error
    if not isinstance(content, dict):
        raise FileError(N_("The file is damaged: {reason}."), file=str(path), reason="no mapping")
    return content


def _write_private(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    temporary.replace(path)


def _write_new(path: Path, content: Mapping[str, Any]) -> None:
    """Write a shared file once; nothing there is ever replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
