"""What words in a cell mean: choices, ticks, "none" and "don't know"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mutualist.library.form import DONT_KNOW, NONE, Slot
from mutualist.library.words import LANGUAGES, N_, text
from mutualist.library.workbook.cells import parse_day, parse_month, parse_number

_TICKS: Final = frozenset({"x", "✓", "✔", "ja", "yes", "true", "wahr", "1"})
_BLANKS: Final = frozenset({"", "nein", "no", "false", "falsch", "0"})
_UNSURE: Final = frozenset({DONT_KNOW, "dont know", "don’t know", "weiss nicht", "?"})
EXPECTED: Final = {
    "number": N_("{value} is no number. Write 1234.5 or 1.234,50."),
    "points": N_("{value} is no number of points. Write a whole number from 0 to 100."),
    "month": N_("{value} is no month. Write 2028-12 or 12/2028."),
    "day": N_("{value} is no day. Write 2028-12-31 or 31.12.2028."),
    "status": N_("{value} can't stand here. Write “none”, “don't know” or nothing."),
    "tick": N_("{value} is no tick. Write x or leave the cell empty."),
    "text": N_("{value} is no text."),
}


def parse_value(slot: Slot, value: Any, lang: str) -> Any:
    """Return what a cell's content means for a slot; None for an empty tick.

    Raises
    ------
    ValueError
        When it means nothing there.
    """
    if isinstance(value, str) and _is_unsure(value) and (slot.kind != "text" or slot.key == "1.1"):
        return DONT_KNOW
    if slot.kind in {"number", "points"}:
        return parse_number(value, lang)
    if slot.kind in _PARSERS:
        return _PARSERS[slot.kind](value)
    return _chosen(slot, value)


def parse_text(value: Any) -> str:
    """Return a cell's text; numbers that stand in a text cell are written as they are."""
    return (
        value
        if isinstance(value, str)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def _is_unsure(value: str) -> bool:
    folded = value.casefold().replace("ß", "ss")
    return folded in _UNSURE or folded in {
        text(N_("don't know"), lang).casefold().replace("ß", "ss") for lang in LANGUAGES
    }


def _status(value: Any) -> str:
    if isinstance(value, str) and value.casefold() in {
        NONE,
        "keine",
        *(text(N_("none"), lang).casefold() for lang in LANGUAGES),
    }:
        return NONE
    raise ValueError(value)


def _tick(value: Any) -> bool | None:
    folded = str(value).casefold()
    if folded in _TICKS:
        return True
    if folded in _BLANKS:
        return None
    raise ValueError(value)


def _chosen(slot: Slot, value: Any) -> Any:
    """Return the key that a cell's words, key, code or number stand for."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    folded = str(value).casefold().strip()
    for option in slot.options:
        names = {
            option.key,
            option.de,
            option.en,
            f"{option.key} {option.de}",
            f"{option.key} {option.en}",
            option.de.split(" ")[0] if _coded(option.de) else "",
        }
        if folded and folded in {name.casefold() for name in names}:
            return int(option.key) if slot.kind == "level" else option.key
    raise ValueError(value)


def _coded(label: str) -> bool:
    """Tell whether a label starts with a code like G1 or E3."""
    head = label.split(" ", maxsplit=1)[0]
    return len(head) > 1 and head[0] in "GE" and head[1:].isdigit()


def list_of(slot: Slot, lang: str) -> str:
    """Return the words that can be chosen, for messages."""
    return ", ".join(option.label(lang) for option in slot.options)


_PARSERS: Final[dict[str, Callable[[Any], Any]]] = {
    "month": parse_month,
    "day": parse_day,
    "text": parse_text,
    "status": _status,
    "tick": _tick,
}
