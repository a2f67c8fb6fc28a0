"""The grid of capabilities: able to, firmly brought in, needed of the other side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.forms.controls import Control, Option
from mutualist.apps.rooms.forms.inputs import ChoiceInput
from mutualist.apps.rooms.forms.parts import Body, Boxes, Errors, Part, is_known, read_input
from mutualist.apps.rooms.forms.typed import ABSENT, Reading, Typed

NONE = "none"


@dataclass(frozen=True)
class Grid(Part):
    """Levels of having and needing, and ticks, for each capability.

    A level left open counts as 0 as soon as one of its column is given; a
    column without any is unknown. "None of these" answers a column that has
    nothing to tick.

    Attributes
    ----------
    words
        Words of the capabilities.
    levels
        Words of the levels.
    have_word, bring_word, need_word
        What the three columns ask.
    proof
        The level of proof for the whole grid.
    """

    words: Mapping[str, str]
    levels: Mapping[int, str]
    have_word: str
    bring_word: str
    need_word: str
    proof: ChoiceInput

    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""
        boxes: Boxes = {}
        if is_known(value.get("have")):
            boxes |= self._write_levels("have", value["have"] or dict.fromkeys(self.words, 0))
        if is_known(value.get("need")):
            boxes |= self._write_levels("need", value["need"])
            if not value["need"]:
                boxes[f"need.{NONE}"] = ("1",)
        if is_known(value.get("bring")):
            boxes["bring"] = tuple(key for key in self.words if key in value["bring"])
            if not value["bring"]:
                boxes[f"bring.{NONE}"] = ("1",)
        return boxes | self.proof.write(value.get("proof", ABSENT))

    @staticmethod
    def _write_levels(column: str, levels: Mapping[str, int]) -> Boxes:
        return {f"{column}.{key}": (str(level),) for key, level in levels.items()}

    def read(self, typed: Typed) -> Reading:
        """Return what was typed as a value, with messages."""
        reading = Reading()
        found: dict[str, Any] = {
            "have": self._read_levels("have", typed, reading),
            "need": self._read_levels("need", typed, reading),
            "bring": self._read_bring(typed, reading),
            "proof": read_input(self.proof, typed, reading),
        }
        known = {key: value for key, value in found.items() if value is not ABSENT}
        reading.value = known or ABSENT
        return reading

    def _read_levels(self, column: str, typed: Typed, reading: Reading) -> Any:
        """Read a column of levels; levels of 0 need not be kept."""
        given: dict[str, int] = {}
        for key in self.words:
            box = self._box(column, key)
            level = read_input(box, typed, reading)
            if level is not ABSENT:
                given[key] = level
        levels = {key: level for key, level in given.items() if level}
        none = bool(typed.one(f"{column}.{NONE}"))
        if levels and none:
            self._complain_none(f"{column}.{NONE}", reading)
        return levels if given or none else ABSENT

    def _read_bring(self, typed: Typed, reading: Reading) -> Any:
        """Read the ticks."""
        ticked = typed.all("bring")
        brought = [key for key in self.words if key in ticked]
        if len(brought) < len(set(ticked)):
            reading.complain("", _("A capability is not in the list."))
        none = bool(typed.one(f"bring.{NONE}"))
        if brought and none:
            self._complain_none(f"bring.{NONE}", reading)
        return brought if brought or none else ABSENT

    @staticmethod
    def _complain_none(name: str, reading: Reading) -> None:
        reading.complain(name, _("“None of these” is ticked beside an entry: please untick one."))

    def _box(self, column: str, key: str) -> ChoiceInput:
        """Return the scale of one capability in one column."""
        label = self.have_word if column == "have" else self.need_word
        numbers = {level: str(level) for level in self.levels}
        return ChoiceInput(
            key=f"{column}.{key}", label=label, words=self.levels, shorts=numbers, kind="scale"
        )

    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""
        brought = typed.all("bring")
        parts = []
        for key, word in self.words.items():
            tick = Control(
                kind="ticks",
                name="bring",
                id="",
                options=(Option(key, self.bring_word, checked=key in brought),),
            ).placed(prefix, {})
            tick = replace(
                tick,
                id=f"{tick.id}-{key}",
                options=(replace(tick.options[0], id=f"{tick.id}-{key}"),),
            )
            controls = (
                self._box("have", key).control(typed).placed(prefix, errors),
                tick,
                self._box("need", key).control(typed).placed(prefix, errors),
            )
            parts.append(Body("capability", controls, title=word))
        facts = {
            "levels": [{"level": level, "word": word} for level, word in self.levels.items()],
            "words": (self.have_word, self.bring_word, self.need_word),
        }
        return Body("grid", self._foot(typed, errors, prefix), tuple(parts), facts=facts)

    def _foot(self, typed: Typed, errors: Errors, prefix: str) -> tuple[Control, ...]:
        """Return the two "none" ticks and the proof."""
        words = {
            "bring": _("We firmly bring in none of these"),
            "need": _("We need none of these"),
        }
        ticks = tuple(
            Control(
                kind="ticks",
                name=f"{column}.{NONE}",
                id="",
                options=(
                    Option("1", word, checked=bool(typed.one(f"{column}.{NONE}")), short="none"),
                ),
            ).placed(prefix, errors)
            for column, word in words.items()
        )
        return (*ticks, self.proof.control(typed).placed(prefix, errors))

    def say(self, value: Any) -> list[str]:
        """Return the value in words."""
        lines = []
        for column, word in (("have", self.have_word), ("need", self.need_word)):
            if is_known(value.get(column)):
                said = self._say_levels(value[column]) or _("none of these")
                lines.append(f"{word}: {said}")
        if is_known(value.get("bring")):
            said = ", ".join(self.words[key] for key in self.words if key in value["bring"])
            lines.insert(1, f"{self.bring_word}: {said or _('none of these')}")
        if is_known(value.get("proof")):
            lines.append(f"{self.proof.label}: {self.proof.say(value['proof'])}")
        return lines

    def _say_levels(self, levels: Mapping[str, int]) -> str:
        given = (f"{self.words[key]} {levels[key]}" for key in self.words if levels.get(key))
        return ", ".join(given)
