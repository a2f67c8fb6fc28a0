"""Take values out of a mapping of rules and note what is wrong with them, with their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from mutualist.domain.programme.commission.money import exact, is_currency, read_amount
from mutualist.domain.programme.commission.problems import CommissionError, Problem
from mutualist.domain.shared.fields import FieldReader

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PERCENT: Final = re.compile(r"([^%]*[^%\s])\s*%\s*")
MAX_TEXT: Final = 200
MAX_ENTRIES: Final = 500


class Fields(FieldReader[Problem]):
    """One mapping of the rules; every getter returns a value that can be used and notes what could not."""

    def __init__(self, value: Any, place: str, found: list[Problem], known: Sequence[str]) -> None:
        super().__init__(value, place, found, known, Problem)

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Return a text of one line; a number counts as its text."""
        value = self.raw(key, required=required)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value.isprintable() or len(value) > MAX_TEXT:
            self.note(key, "not_text", value=value, allowed=MAX_TEXT)
            return default
        return value

    def words(self, key: str, default: str) -> Mapping[str, str]:
        """Return a name in German and English; a single text stands for both."""
        value = self.raw(key)
        if value is None:
            return {"de": default, "en": default}
        if isinstance(value, str):
            return dict.fromkeys(("de", "en"), self.text(key, default))
        inner = Fields(value, self.at(key), self.found, ("de", "en"))
        return {lang: inner.text(lang, default, required=True) for lang in ("de", "en")}

    def day(self, key: str, *, required: bool = False) -> date | None:
        """Return a day, given as a date of YAML or as text."""
        value = self.raw(key, required=required)
        if value is None:
            return None
        if isinstance(value, date) and type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.note(key, "not_day", value=value)
            return None

    def currency(self, key: str, default: str) -> str:
        """Return a currency of three capital letters."""
        value = self.raw(key)
        if value is None:
            return default
        if not is_currency(value):
            self.note(key, "not_currency", value=value)
            return default
        return str(value)

    def number(self, key: str, value: Any) -> Fraction | None:
        """Return an exact number."""
        number = exact(value)
        if number is None:
            self.note(key, "not_number", value=value)
        return number

    def share(self, key: str, value: Any) -> Fraction | None:
        """Return a share from 0 to 1, given as 0.15 or as "15 %"."""
        percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        number = exact(percent[1] if percent else value)
        if number is None:
            self.note(key, "not_share", value=value)
            return None
        number = number / 100 if percent else number
        if not 0 <= number <= 1:
            self.note(key, "share_above" if number > 1 else "below_zero", value=value)
            return None
        return number

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int | None:
        """Return a whole number between two limits."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.note(key, "not_whole", value=value, low=low, high=high)
            return default
        return value

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """Return one of some words."""
        value = self.raw(key)
        if value is None:
            return default
        if value not in allowed:
            self.note(key, "unknown_value", value=value, known=tuple(allowed))
            return default
        return str(value)

    def names(self, key: str, known: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return a list of names; a single one may stand alone."""
        value = self.raw(key)
        if value is None:
            return ()
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list | tuple):
            self.note(key, "not_names", value=value)
            return ()
        good = [one for one in entries if self._name(key, one, known)]
        if len(set(good)) < len(good):
            self.note(key, "twice", value=next(one for one in good if good.count(one) > 1))
        return tuple(good)

    def _name(self, key: str, one: Any, known: Sequence[str] | None) -> bool:
        if not isinstance(one, str) or not _ID.fullmatch(one):
            self.note(key, "bad_id", value=one)
            return False
        if known is not None and one not in known:
            self.note(key, "unknown_value", value=one, known=tuple(known))
            return False
        return True

    def entries(self, key: str) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a mapping of ids."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, Mapping) or len(value) > MAX_ENTRIES:
            self.note(key, "not_entries", value=value, allowed=MAX_ENTRIES)
            return
        for name, entry in value.items():
            if self._name(key, name, None):
                yield name, entry

    def listed(self, key: str) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a list with their places, counted from 1."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list | tuple) or len(value) > MAX_ENTRIES:
            self.note(key, "not_list", value=value, allowed=MAX_ENTRIES)
            return
        yield from self.numbered(key, value)

    def amounts(self, key: str, currency: str) -> Mapping[str, int]:
        """Return an amount, or one for each of several currencies, in smallest units."""
        value = self.raw(key)
        if value is None:
            return {}
        several = value if isinstance(value, Mapping) else {currency: value}
        good: dict[str, int] = {}
        for name, amount in several.items():
            if not is_currency(name):
                self.note(key, "not_currency", value=name)
                continue
            try:
                good[name] = read_amount(amount, name, self.at(key))
            except CommissionError as error:
                self.found.extend(error.problems)
                continue
            if good[name] < 0:
                self.note(key, "below_zero", value=amount)
        return good
