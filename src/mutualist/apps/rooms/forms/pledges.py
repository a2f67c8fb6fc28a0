"""The ten pledges: yes, yes if the other side does, no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mutualist.apps.rooms.forms.inputs import ChoiceInput
from mutualist.apps.rooms.forms.parts import Body, Boxes, Errors, Part, read_input
from mutualist.apps.rooms.forms.typed import ABSENT, Reading, Typed


@dataclass(frozen=True)
class Pledges(Part):
    """An answer for each pledge; once one is answered, the others count as "no".

    Attributes
    ----------
    words
        The sentences by key.
    answers
        Words of the answers by key.
    caution
        Keys that may raise questions of competition law.
    """

    words: Mapping[str, str]
    answers: Mapping[str, str]
    caution: frozenset[str] = frozenset()

    def _box(self, key: str) -> ChoiceInput:
        return ChoiceInput(key=key, label=self.words[key], words=self.answers)

    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""
        given = value or dict.fromkeys(self.words, "no")
        return {key: (answer,) for key, answer in given.items()}

    def read(self, typed: Typed) -> Reading:
        """Return what was typed as a value, with messages."""
        reading = Reading()
        found = {key: read_input(self._box(key), typed, reading) for key in self.words}
        known = {key: answer for key, answer in found.items() if answer is not ABSENT}
        reading.value = known or ABSENT
        return reading

    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""
        controls = tuple(self._box(key).control(typed).placed(prefix, errors) for key in self.words)
        answered = sum(bool(control.value) for control in controls)
        facts = {"answered": answered, "all": len(controls), "rest": len(controls) - answered}
        parts = tuple(
            Body("pledge", (control,), title=key, facts={"caution": key in self.caution})
            for key, control in zip(self.words, controls, strict=True)
        )
        return Body("pledges", (), parts, facts=facts)

    def say(self, value: Any) -> list[str]:
        """Return the value in words."""
        said = []
        for answer, word in self.answers.items():
            keys = [key for key in self.words if value.get(key, "no") == answer]
            if keys:
                said.append(f"{word}: {', '.join(keys)}")
        return said
