"""What the presenters start from: one opened round, in the language of its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mutualist.apps.rooms.presenters.answers import Sheets, sheets
from mutualist.domain.assess import Room, Verdict
from mutualist.domain.assess.model import Ruleset
from mutualist.library.charts import Language


@dataclass(frozen=True)
class Given:
    """An opened round.

    Attributes
    ----------
    room
        With all answers: only figures may be computed from it, its answers are never shown.
    visible
        Party id -> item -> answer as the reader may see it; what not every party sees is left
        out once more before anything is shown.
    rounds
        Numbers of all opened rounds.
    before
        Stored result of the round before, if there is one.
    key
        Name of this round in the cache.
    """

    verdict: Verdict
    room: Room
    visible: Mapping[str, Mapping[str, Any]]
    lang: Language
    name: str
    key: str
    round: int = 1
    rounds: Sequence[int] = ()
    changed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    self_check: bool = False

    @property
    def ruleset(self) -> Ruleset:
        """The rule file of the round."""
        return self.room.ruleset

    @property
    def parties(self) -> Mapping[str, str]:
        """Party id -> name, in the order of the room."""
        return self.room.parties

    @property
    def names(self) -> list[str]:
        """Names in the order of the room."""
        return list(self.room.parties.values())

    @cached_property
    def sheets(self) -> Sheets:
        """The answers that may be shown."""
        return sheets(
            self.ruleset,
            self.lang,
            self.parties,
            self.visible,
            currency=str(self.room.frame.get("currency") or "EUR"),
            changed=self.changed,
        )
