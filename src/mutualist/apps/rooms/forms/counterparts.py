"""An answer for all other parties, or one for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.forms.controls import Control, Option
from mutualist.apps.rooms.forms.parts import Body, Boxes, Errors, Part, drop_prefix, is_known
from mutualist.apps.rooms.forms.typed import ABSENT, Reading, Typed

MODE = "towards"


def part_name(party: str) -> str:
    """Return the name below which the boxes towards a party stand."""
    return f"to-{party}"


@dataclass(frozen=True)
class Counterparts(Part):
    """The same question towards each other party, folded into one by default.

    Attributes
    ----------
    part
        The question towards all.
    each
        The question towards each party, by its id.
    names
        Names of the other parties by id.
    """

    part: Part
    each: Mapping[str, Part]
    names: Mapping[str, str]

    def is_unfolded(self, value: Any) -> bool:
        """Whether a value is written towards each party."""
        return isinstance(value, dict) and bool(value) and all(key in self.each for key in value)

    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""
        if not self.is_unfolded(value):
            return {MODE: ("all",), **self.part.write(value)}
        boxes: Boxes = {MODE: ("each",)}
        for party, towards in value.items():
            written = self.each[party].write(towards) if is_known(towards) else {}
            boxes |= {f"{part_name(party)}.{name}": texts for name, texts in written.items()}
        return boxes

    def read(self, typed: Typed) -> Reading:
        """Return what was typed as a value, with messages."""
        if typed.one(MODE) != "each":
            return self.part.read(typed)
        reading = Reading()
        found = {}
        for party, part in self.each.items():
            towards = part.read(typed.below(part_name(party)))
            reading.take(towards, part_name(party))
            if is_known(towards.value):
                found[party] = towards.value
        reading.value = found or ABSENT
        return reading

    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""
        mode = typed.one(MODE) or "all"
        options = (
            Option("all", _("the same for all"), checked=mode != "each"),
            Option("each", _("answer per party"), checked=mode == "each"),
        )
        switch = Control("radio", MODE, "", label=_("Towards the other parties"), options=options)
        whole = self.part.body(typed, errors, prefix)
        parts = [Body("part", (), (whole,), facts={"towards": "all"})]
        for party, part in self.each.items():
            name = part_name(party)
            inner = part.body(typed.below(name), drop_prefix(errors, name), f"{prefix}.{name}")
            parts.append(Body("part", (), (inner,), self.names[party], {"towards": "each"}))
        return Body("counterparts", (switch.placed(prefix, errors),), tuple(parts))

    def say(self, value: Any) -> list[str]:
        """Return the value in words."""
        if not self.is_unfolded(value):
            return self.part.say(value)
        lines = []
        for party, towards in value.items():
            if is_known(towards):
                said = "; ".join(self.each[party].say(towards))
                lines.append(f"{self.names[party]}: {said}")
        return lines

    def box_at(self, place: str, typed: Typed) -> str:
        """Return the box, towards all or towards one party."""
        names = {part_name(party) for party in self.each}
        if place.partition(".")[0] in names:
            return place
        return self.part.box_at(place, typed)
