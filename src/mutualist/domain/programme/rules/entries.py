"""Take values out of a rule file and note what is wrong with them, with their place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from mutualist.domain.programme.rules.formulas import Scope, checked
from mutualist.domain.programme.rules.model import Words
from mutualist.domain.programme.rules.problems import Problem
from mutualist.domain.programme.rules.trees import Formula, Kind
from mutualist.domain.programme.rules.windows import Span, read_span
from mutualist.domain.shared.language.expressions import ExpressionError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_PERCENT = re.compile(r"\s*(\d{1,3}(?:\.\d{1,6})?)\s*%\s*")
MAX_ENTRIES = 2000
MISSING: Any = object()


class Entries:
    """One mapping of a rule file; every getter returns a value that can be used and notes what could not.

    Parameters
    ----------
    value
        What stands in the file.
    place
        Where, as ``metrics.net_adds``.
    found
        The list that problems are added to.
    known
        The keys there are; others are noted. None: any.
    """

    def __init__(
        self, value: Any, place: str, found: list[Problem], known: Sequence[str] | None = None
    ) -> None:
        self.place = place
        self.found = found
        self.values: Mapping[str, Any] = {}
        if not isinstance(value, Mapping):
            self.note("not_mapping", value=value)
            return
        if len(value) > MAX_ENTRIES:
            self.note("too_large", value=len(value), known=MAX_ENTRIES)
            return
        self.values = {str(key): entry for key, entry in value.items()}
        for key in self.values if known is not None else ():
            if key not in (known or ()):
                self.note("unknown_key", value=key, known=known)

    def note(self, code: str, at: str = "", **values: Any) -> None:
        """Note a problem here, or at a key."""
        self.found.append(
            Problem(".".join(part for part in (self.place, at) if part), code, values)
        )

    def below(self, key: str, known: Sequence[str] | None = None) -> Entries:
        """Return the mapping at a key; an empty one where there is none."""
        return Entries(self.values.get(key) or {}, self.at(key), self.found, known)

    def named(self, key: str) -> Iterator[tuple[str, Any, str]]:
        """Yield name, value and place of the entries at a key; names that do not work are noted."""
        inner = self.below(key)
        for name, value in inner.values.items():
            if NAME.fullmatch(name):
                yield name, value, f"{inner.place}.{name}"
            else:
                inner.note("not_name", name, value=name)

    def listed(self, key: str) -> Iterator[tuple[Any, str]]:
        """Yield value and place of the entries of a list at a key."""
        value = self.values.get(key)
        if value is None:
            return
        if not isinstance(value, list | tuple):
            self.note("not_list", key, value=value)
            return
        if len(value) > MAX_ENTRIES:
            self.note("too_large", key, value=len(value), known=MAX_ENTRIES)
            return
        for at, entry in enumerate(value, 1):
            yield entry, f"{self.at(key)}[{at}]"

    def at(self, key: str) -> str:
        """Return the place of a key."""
        return f"{self.place}.{key}" if self.place else key

    def _wanted(self, key: str, needed: bool) -> Any:
        value = self.values.get(key)
        if value is None and needed:
            self.note("missing", key=key)
        return value

    def text(self, key: str, *, needed: bool = False, default: str = "") -> str:
        """Return a text."""
        value = self._wanted(key, needed)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.note("not_text", key, value=value)
            return default
        return value.strip()

    def words(self, key: str, default: str | None = None) -> Words | None:
        """Return a text in both languages; where there is none, the default in both."""
        value = self.values.get(key)
        if value is None:
            return None if default is None else Words(default, default)
        found = words_of(value)
        if found is None:
            self.note("not_words", key, value=value)
            return Words(default or key, default or key)
        return found

    def date(self, key: str, *, needed: bool = False) -> dt.date | None:
        """Return a day."""
        value = self._wanted(key, needed)
        if value is None:
            return None
        found = date_of(value)
        if found is None:
            self.note("not_date", key, value=value)
        return found

    def number(self, key: str, *, needed: bool = False) -> Fraction | None:
        """Return a number, exactly as it is written."""
        value = self._wanted(key, needed)
        if value is None:
            return None
        found = number_of(value)
        if found is None:
            self.note("not_number", key, value=value)
        return found

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        """Return a whole number within bounds."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.note("not_whole", key, value=value, low=low, high=high)
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a yes or no."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.note("flag_value", key, value=value)
            return default
        return value

    def choice(self, key: str, known: Sequence[str], default: str) -> str:
        """Return one of several words."""
        value = self.values.get(key, default)
        if value not in known:
            self.note("unknown_value", key, value=value, known=known)
            return default
        return str(value)

    def span(self, key: str) -> Span | None:
        """Return a length of time."""
        value = self.values.get(key)
        if value is None:
            return None
        found = read_span(value) if isinstance(value, str) else None
        if found is None:
            self.note("not_span", key, value=value)
        return found

    def share(self, key: str) -> Fraction | None:
        """Return a share, as ``3 %`` or 0.03."""
        value = self._wanted(key, True)
        found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        share = Fraction(found[1]) / 100 if found else number_of(value)
        if share is None or not 0 < share <= 1:
            self.note("not_share", key, value=value)
            return None
        return share

    def formula(
        self, key: str, scope: Scope, kind: Kind | None = None, *, needed: bool = False
    ) -> Formula | None:
        """Return a formula, checked."""
        value = self._wanted(key, needed)
        if value is None:
            return None
        return formula_of(value, self.at(key), self.found, scope, kind)


def formula_of(
    value: Any, place: str, found: list[Problem], scope: Scope, kind: Kind | None = None
) -> Formula | None:
    """Return a formula, checked; a plain number or yes or no is one as well."""
    if isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, int | float | Fraction):
        value = _plain(value)
    if not isinstance(value, str):
        found.append(Problem(place, "not_text", {"value": value}))
        return None
    try:
        return checked(value, scope, kind)
    except ExpressionError as error:
        said = {"de": error.de, "en": error.en, "at": error.at + 1, "text": value}
        found.append(Problem(place, "formula", said))
        return None


def _plain(value: float | Fraction) -> str:
    return format(Decimal(str(value)), "f")


def words_of(value: Any) -> Words | None:
    """Return a text in both languages; one text stands for both."""
    if isinstance(value, str) and value.strip():
        return Words(value, value)
    if isinstance(value, Mapping) and set(value) == {"de", "en"}:
        de, en = value["de"], value["en"]
        if isinstance(de, str) and isinstance(en, str) and de.strip() and en.strip():
            return Words(de.strip(), en.strip())
    return None


def date_of(value: Any) -> dt.date | None:
    """Return a day, written as text or read as one already."""
    if isinstance(value, dt.datetime):
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def number_of(value: Any) -> Fraction | None:
    """Return a number exactly as it is written; floats count as their shortest text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Fraction | int):
        return Fraction(value)
    if isinstance(value, float | str | Decimal):
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            return None
        return Fraction(number) if number.is_finite() and abs(number.adjusted()) < 30 else None
    return None
