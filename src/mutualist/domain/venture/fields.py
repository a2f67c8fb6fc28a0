"""Take values out of a mapping and note what is wrong with them, with their place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mutualist.domain.shared.fields import FieldReader
from mutualist.domain.venture.expressions import FUNCTIONS, KEYWORDS
from mutualist.domain.venture.problems import Problem

#: More than this is a slip of the hand, and would overflow when flows are multiplied.
MAX_NUMBER: Final = 1e12
MAX_NAME: Final = 200
#: More entries than this in one section nobody wrote by hand.
MAX_ENTRIES: Final = 1000
_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_PERCENT: Final = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*%\s*")
_ODD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
RESERVED: Final = frozenset({*KEYWORDS, *FUNCTIONS, "period", "outside"})


def odd_characters(source: Any) -> Iterator[tuple[str, str]]:
    r"""Yield place and character of every text that holds what no page can show and no database takes.

    These are control characters, halves of characters, and marks that turn the direction of what follows; tabs and ends of
    lines are none of them. Keys count as texts.

    Examples
    --------
    >>> list(odd_characters({"name": "a\x00b", "lines": {"sales": "units\n* 5"}}))
    [('name', 'U+0000')]
    """
    stack: list[tuple[str, Any]] = [("", source)]
    while stack:
        place, value = stack.pop()
        if isinstance(value, str):
            if found := _ODD.search(value):
                yield place, f"U+{ord(found[0]):04X}"
        elif isinstance(value, Mapping):
            for key, one in value.items():
                stack += [(f"{place}.{key}".strip("."), one), (place, key)]
        elif isinstance(value, list | tuple):
            stack += [(f"{place}[{at}]", one) for at, one in enumerate(value, 1)]


class Fields(FieldReader[Problem]):
    """One mapping of a venture; every getter returns a value that can be used and notes what could not."""

    def __init__(self, value: Any, place: str, found: list[Problem], known: Sequence[str]) -> None:
        super().__init__(value, place, found, known, Problem)

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Return a text of one line."""
        value = self.raw(key, required=required)
        if value is None:
            return default
        if not isinstance(value, str) or len(value) > MAX_NAME:
            self.note(key, "not_text", value=value, allowed=MAX_NAME)
            return default
        return value

    def formula(self, key: str, *, required: bool = False) -> str:
        """Return an expression as text; a number is one as well."""
        value = self.raw(key, required=required)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        number = self._number(key, value)
        return "" if number is None else repr(number)

    def number(
        self,
        key: str,
        *,
        low: float = -MAX_NUMBER,
        high: float = MAX_NUMBER,
        required: bool = False,
    ) -> float | None:
        """Return a finite number between two limits."""
        value = self.raw(key, required=required)
        number = None if value is None else self._number(key, value)
        if number is None:
            return None
        if not low <= number <= high:
            code = "too_large" if abs(number) > MAX_NUMBER else "out_of_range"
            self.note(key, code, value=number, low=low, high=high)
            return None
        return number

    def _number(self, key: str, value: Any) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note(key, "not_number", value=value)
            return None
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isnan(number):
            self.note(key, "nan")
            return None
        if abs(number) > MAX_NUMBER:
            self.note(key, "too_large", value=number, high=MAX_NUMBER)
            return None
        return number

    def share(
        self, key: str, *, required: bool = False, low: float = 0.0, code: str = "share_above"
    ) -> float | None:
        """Return a share from 0 to 1, given as 0.3 or as "30 %"."""
        value = self.raw(key, required=required)
        if isinstance(value, str) and (match := _PERCENT.fullmatch(value)):
            value = float(match[1].replace(",", ".")) / 100
        number = None if value is None else self._number(key, value)
        if number is None:
            return None
        if number > 1:
            self.note(key, code, value=number, percent=100 * number)
            return None
        if number < low:
            self.note(key, "out_of_range", value=number, low=low, high=1)
            return None
        return number

    def whole(
        self,
        key: str,
        default: int = 0,
        *,
        low: int = 0,
        high: int = 1_000_000,
        required: bool = False,
    ) -> int:
        """Return a whole number between two limits."""
        value = self.raw(key, required=required)
        if value is None:
            return default
        number = self._number(key, value)
        if number is None:
            return default
        if number != int(number):
            self.note(key, "not_whole", value=value)
            return default
        if not low <= number <= high:
            self.note(key, "out_of_range", value=int(number), low=low, high=high)
            return default
        return int(number)

    def choice(self, key: str, allowed: Sequence[str], default: str = "") -> str:
        """Return one of some words; without a default it is required."""
        value = self.raw(key, required=not default)
        if value is None:
            return default or allowed[0]
        if value not in allowed:
            self.note(key, "unknown_value", value=value, known=tuple(allowed))
            return default or allowed[0]
        return str(value)

    def words(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of names; a single one may stand alone."""
        value = self.raw(key, required=required)
        if value is None:
            return ()
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list | tuple) or not all(isinstance(e, str) for e in entries):
            self.note(key, "not_names", value=value)
            return ()
        return tuple(entries)

    def numbers(self, key: str, *, required: bool = False) -> tuple[float, ...]:
        """Return a list of numbers; a single one may stand alone."""
        value = self.raw(key, required=required)
        if value is None:
            return ()
        entries = list(value) if isinstance(value, list | tuple) else [value]
        found = [self._number(key, entry) for entry in entries]
        return tuple(one for one in found if one is not None)

    def sub(self, key: str, known: Sequence[str], *, required: bool = False) -> Fields | None:
        """Return a mapping inside of this one."""
        value = self.raw(key, required=required)
        return None if value is None else Fields(value, self.at(key), self.found, known)

    def entries(self, key: str, *, required: bool = False) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a mapping of ids."""
        value = self.raw(key, required=required)
        if value is None:
            return
        if not isinstance(value, Mapping):
            self.note(key, "not_entries", value=value)
            return
        if self._too_many(key, len(value)):
            return
        for name, entry in value.items():
            if not isinstance(name, str) or not _ID.fullmatch(name) or name in RESERVED:
                self.note(key, "bad_id", value=name)
                continue
            yield name, entry

    def _too_many(self, key: str, count: int) -> bool:
        if count > MAX_ENTRIES:
            self.note(key, "too_many_entries", count=count, allowed=MAX_ENTRIES)
        return count > MAX_ENTRIES

    def listed(self, key: str) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a list with their places, counted from 1."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list | tuple):
            self.note(key, "not_list", value=value)
            return
        if self._too_many(key, len(value)):
            return
        yield from self.numbered(key, value)
