"""Up to a few rows of the same fields: promises, income, risks, milestones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.forms.controls import Control, Option
from mutualist.apps.rooms.forms.inputs import Input
from mutualist.apps.rooms.forms.parts import Body, Boxes, Errors, Part, Record, drop_prefix
from mutualist.apps.rooms.forms.typed import ABSENT, Reading, Typed

NONE = "none"
RADIOS = frozenset({"radio", "scale", "segments"})


@dataclass(frozen=True)
class Rows(Part):
    """A short list of records.

    Attributes
    ----------
    boxes
        Inputs of a row.
    most
        How many rows there may be.
    required
        Fields without which a row says nothing.
    none_word
        Sentence to tick for an empty list; without it a list can't be empty.
    row_word
        What one row is called.
    percent_total
        Whether the field ``percent`` has to add up to 100.
    """

    boxes: Sequence[Input]
    most: int
    required: frozenset[str]
    none_word: str = ""
    row_word: str = ""
    percent_total: bool = False

    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""
        if not value:
            return {NONE: ("1",)} if self.none_word else {}
        return {
            f"{number}.{name}": texts
            for number, row in enumerate(value)
            for name, texts in Record(self.boxes).write(row).items()
        }

    def read(self, typed: Typed) -> Reading:
        """Return what was typed as a value, with messages."""
        reading = Reading()
        rows = [row for number in range(self.most) if (row := self._row(number, typed, reading))]
        none = bool(typed.one(NONE))
        if none and (rows or not reading.ok):
            message = _("“%(none)s” is ticked, but a row is filled in: please clear one of them.")
            reading.complain("", message % {"none": self.none_word})
        reading.value = rows or ([] if none else ABSENT)
        if rows and self.percent_total and reading.ok:
            self._check_total(rows, reading)
        return reading

    def _row(self, number: int, typed: Typed, reading: Reading) -> dict[str, Any] | None:
        """Read one row; ``None`` for an empty one."""
        if not self._is_filled(number, typed):
            return None
        row = Record(self.boxes).read(typed.below(str(number)))
        found = row.value or {}
        self._fill_in(found)
        for box in self.boxes:
            if box.key in self.required and box.key not in found and box.key not in row.errors:
                row.miss(box.key, _("%(field)s is missing in this row.") % {"field": box.label})
        reading.take(row, str(number))
        return found

    def _fill_in(self, row: dict[str, Any]) -> None:
        """Earning nothing is the whole of an income; no need to type 100."""
        if self.percent_total and row.get("source") == "none":
            row.setdefault("percent", 100)

    @staticmethod
    def _check_total(rows: list[dict[str, Any]], reading: Reading) -> None:
        """Complain unless the shares add up to 100."""
        total = sum(row["percent"] for row in rows)
        if total != 100:
            message = _("The shares add up to %(total)s %%: please make it 100 %%.")
            reading.miss("", message % {"total": total})

    def box_at(self, place: str, typed: Typed) -> str:
        """Return the box of a place in the list: empty rows between were left out of it."""
        index, dot, name = place.partition(".")
        filled = [number for number in range(self.most) if self._is_filled(number, typed)]
        if not index.isdecimal() or int(index) >= len(filled):
            return place
        return f"{filled[int(index)]}{dot}{name}"

    def _is_filled(self, number: int, typed: Typed) -> bool:
        """Tell whether anything stands in a row.

        A radio button once pressed cannot be released, so alone it does not make a row:
        emptying the other boxes takes the row away.
        """
        row = typed.below(str(number))
        kept = [box for box in self.boxes if getattr(box, "kind", "") not in RADIOS]
        return any(row.one(box.key) for box in kept or self.boxes)

    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""
        rows = []
        for number in range(self.most):
            row_typed = typed.below(str(number))
            row_errors = drop_prefix(errors, str(number))
            inner = Record(self.boxes).body(row_typed, row_errors, f"{prefix}.{number}")
            filled = self._is_filled(number, typed)
            title = f"{number + 1}. {self.row_word}" if self.row_word else str(number + 1)
            facts = {"open": filled or number == 0}
            rows.append(Body("row", inner.controls, title=title, facts=facts))
        return Body("rows", self._none_control(typed, prefix), tuple(rows))

    def _none_control(self, typed: Typed, prefix: str) -> tuple[Control, ...]:
        """Return the tick for an empty list."""
        if not self.none_word:
            return ()
        option = Option("1", self.none_word, checked=bool(typed.one(NONE)))
        return (Control("ticks", NONE, "", options=(option,)).placed(prefix, {}),)

    def say(self, value: Any) -> list[str]:
        """Return the value in words."""
        if not value:
            return [self.none_word or "–"]
        return [" · ".join(Record(self.boxes).say(row)) for row in value]
