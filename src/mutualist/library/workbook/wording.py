"""How one value is written in a cell, and what is said about what may stand there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from mutualist.library.form import DONT_KNOW, NONE, Slot
from mutualist.library.words import N_, text
from mutualist.library.workbook.cells import guard

UNITS: Final = {
    "money": N_("thousands of the currency"),
    "percent": N_("per cent"),
    "years": N_("years"),
    "months": N_("months"),
    "pieces": N_("pieces"),
    "persons": N_("persons"),
}
ALLOWED: Final = {
    "points": N_("points, together 100"),
    "tick": N_("x"),
    "status": N_("none or don't know"),
    "choice": N_("choose from the list"),
    "level": N_("choose from the list"),
    "month": N_("month"),
    "day": N_("day"),
}


class Wording:
    """Words of cells in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def _(self, message: str, **values: object) -> str:
        return text(message, self.lang, **values)

    def shown(self, slot: Slot, value: Any) -> Any:
        """Return a value the way people read it; text is safe to open."""
        if value is None or slot.kind in {"number", "points"}:
            return self._("don't know") if value == DONT_KNOW else value
        if value == DONT_KNOW and slot.kind != "text":
            return self._("don't know")
        if slot.kind == "month":
            return datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007 - a month, no moment
        if slot.kind == "day":
            return date.fromisoformat(value)
        return guard(ILLEGAL_CHARACTERS_RE.sub("", self._written(slot, value)))

    def _written(self, slot: Slot, value: Any) -> str:
        if slot.kind == "tick":
            return "x"
        if slot.kind == "status" and value == NONE:
            return self._("none")
        if slot.kind in {"choice", "level"}:
            labels = dict(zip((o.key for o in slot.options), self.labels(slot), strict=True))
            return labels.get(str(value), str(value))
        if value == DONT_KNOW and slot.key == "1.1":
            return self._("don't know")
        return str(value)

    def number_format(self, slot: Slot) -> str:
        """Return how a cell shows its number or date."""
        if slot.kind == "month":
            return "mm/yyyy"
        if slot.kind == "day":
            return "dd.mm.yyyy" if self.lang == "de" else "yyyy-mm-dd"
        return "General"

    def labels(self, slot: Slot) -> list[str]:
        """Return the words of a slot's options; a level's start with its number."""
        labels = []
        for option in slot.options:
            label = option.label(self.lang)
            bare = slot.kind == "level" and not label.startswith(f"E{option.key} ")
            labels.append(f"{option.key} {label}" if bare else label)
        return labels

    def entries(self, slot: Slot) -> tuple[str, ...]:
        """Return what a cell's list offers."""
        if slot.kind == "tick":
            return ("x",)
        labels = [self._("none")] if slot.kind == "status" else self.labels(slot)
        if slot.kind == "status" or _may_be_unknown(slot):
            labels.append(self._("don't know"))
        return tuple(guard(label) for label in labels)

    def allowed(self, slot: Slot) -> str:
        """Say what may stand in a cell."""
        if slot.kind in ALLOWED:
            return self._(ALLOWED[slot.kind])
        if slot.kind == "text":
            limit = self._("text, at most {limit} characters", limit=slot.limit)
            return limit if slot.limit else ""
        unit = self._(UNITS[slot.unit]) if slot.unit in UNITS else self._("number")
        return f"{slot.low:g}–{slot.high:g} {unit}" if slot.high is not None else unit


def _may_be_unknown(slot: Slot) -> bool:
    """Tell whether "don't know" may stand here: not inside rows and pledges."""
    head, *inside = slot.key.split("/")
    if head.startswith(("6.4", "frame", "header")):
        return False
    return len(inside) < 2 and not (inside and inside[0].isdigit())
