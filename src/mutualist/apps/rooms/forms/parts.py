"""The body of an item: one box, or several that belong together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mutualist.apps.rooms.forms.controls import Control
from mutualist.apps.rooms.forms.inputs import Input, WrongInputError
from mutualist.apps.rooms.forms.typed import ABSENT, DONT_KNOW, Reading, Typed

Boxes = dict[str, tuple[str, ...]]
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Body:
    """What a template needs to draw the body of an item.

    Attributes
    ----------
    layout
        Names the template: ``single``, ``record``, ``points``, ``grid``,
        ``rows``, ``pledges`` or ``counterparts``.
    controls
        Boxes in the order of reading.
    parts
        Bodies inside this one, for example the rows of a table.
    title
        What a part is about.
    facts
        Further plain values of the layout.
    """

    layout: str
    controls: tuple[Control, ...] = ()
    parts: tuple[Body, ...] = ()
    title: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """Name of the template that draws it."""
        return f"rooms/answering/bodies/{self.layout}.html"

    @property
    def all_controls(self) -> tuple[Control, ...]:
        """Every box of it, those of its parts included."""
        inner = tuple(control for part in self.parts for control in part.all_controls)
        return self.controls + inner


class Part(ABC):
    """A way from a value to boxes and back."""

    @abstractmethod
    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""

    @abstractmethod
    def read(self, typed: Typed) -> Reading:
        """Return the value that was typed."""

    @abstractmethod
    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""

    @abstractmethod
    def say(self, value: Any) -> list[str]:
        """Return the value in words, a line each."""

    def box_at(self, place: str, typed: Typed) -> str:  # noqa: ARG002
        """Return the box in which a place of the value was typed."""
        return place


def read_input(box: Input, typed: Typed, reading: Reading) -> Any:
    """Read one box; a box that can't be read is ``ABSENT`` and leaves a message."""
    try:
        return box.read(typed)
    except WrongInputError as error:
        reading.complain(box.key, str(error))
        return ABSENT


def is_known(value: Any) -> bool:
    """Whether a field of an answer is known."""
    return value is not ABSENT and value is not None and value != DONT_KNOW


def drop_prefix(errors: Errors, prefix: str) -> Errors:
    """Return the messages of a part, named without the part's prefix."""
    start = f"{prefix}."
    return {
        name.removeprefix(start) if name != prefix else "": messages
        for name, messages in errors.items()
        if name == prefix or name.startswith(start)
    }


@dataclass(frozen=True)
class Single(Part):
    """An item whose value is that of its one box."""

    box: Input

    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""
        return self.box.write(value)

    def read(self, typed: Typed) -> Reading:
        """Return what was typed as a value, with messages."""
        reading = Reading()
        if typed.one(self.box.key) == DONT_KNOW:
            return Reading(DONT_KNOW)
        reading.value = read_input(self.box, typed, reading)
        return reading

    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""
        return Body("single", (self.box.control(typed).placed(prefix, errors),))

    def say(self, value: Any) -> list[str]:
        """Return the value in words."""
        return [self.box.say(value)] if is_known(value) else []

    def box_at(self, place: str, typed: Typed) -> str:  # noqa: ARG002
        """Return the one box there is."""
        return place or self.box.key


@dataclass(frozen=True)
class Record(Part):
    """Several fields with names.

    Attributes
    ----------
    boxes
        One input a field.
    short
        The field that may stand alone in place of the mapping.
    """

    boxes: Sequence[Input]
    short: str = ""

    def long(self, value: Any) -> dict[str, Any]:
        """Return the value as a mapping, known fields only."""
        fields = value if isinstance(value, dict) else {self.short: value}
        return {key: part for key, part in fields.items() if is_known(part)}

    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""
        fields = self.long(value)
        boxes: Boxes = {}
        for box in self.boxes:
            if box.key in fields:
                boxes |= box.write(fields[box.key])
        return boxes

    def read(self, typed: Typed) -> Reading:
        """Return what was typed as a value, with messages."""
        reading = Reading()
        found = {box.key: read_input(box, typed, reading) for box in self.boxes}
        known = {key: value for key, value in found.items() if value is not ABSENT}
        reading.value = known or ABSENT
        return reading

    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""
        controls = tuple(box.control(typed).placed(prefix, errors) for box in self.boxes)
        return Body("record", controls)

    def say(self, value: Any) -> list[str]:
        """Return the value in words."""
        fields = self.long(value)
        lines = []
        for box in self.boxes:
            if box.key in fields:
                said = box.say(fields[box.key])
                lines.append(f"{box.label}: {said}" if box.label else said)
        return lines
