"""The single boxes answers are made of: each knows its way to the page and back.

An input turns a value of the room file into what stands in the box
(:meth:`Input.write`), and what stands in the box into a value
(:meth:`Input.read`). Reading what was written gives the value again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.numbers import (
    NotAMonthError,
    NotANumberError,
    format_month,
    format_number,
    parse_month,
    parse_number,
)
from mutualist.apps.rooms.forms.controls import Control, Option
from mutualist.apps.rooms.forms.typed import ABSENT, DONT_KNOW, Typed, quoted

Words = Mapping[Any, str]
"""Words of the possible answers in the order in which they are offered."""


class WrongInputError(ValueError):
    """What was typed can't be read; the message says what would help."""


@dataclass(frozen=True, kw_only=True)
class Input(ABC):
    """One box.

    Attributes
    ----------
    key
        Name of the field in the room file.
    label, hint
        What stands above and below the box.
    language
        Language of the person, for numbers.
    """

    key: str
    label: str = ""
    hint: str = ""
    language: str = "de"

    def write(self, value: Any) -> dict[str, tuple[str, ...]]:
        """Return what stands in the box for a value."""
        if value is ABSENT or value is None or value == DONT_KNOW:
            return {}
        return {self.key: self._write(value)}

    def read(self, typed: Typed) -> Any:
        """Return the value, or ``ABSENT`` for an empty box.

        Raises
        ------
        WrongInputError
            When the text can't be understood.
        """
        text = typed.one(self.key)
        return self._read(text) if text else ABSENT

    @abstractmethod
    def control(self, typed: Typed) -> Control:
        """Return what the template draws."""

    @abstractmethod
    def _write(self, value: Any) -> tuple[str, ...]: ...

    @abstractmethod
    def _read(self, text: str) -> Any: ...

    def say(self, value: Any) -> str:
        """Return the value in words, for reading and comparing."""
        return ", ".join(self._write(value))

    def _basic(self, kind: str, typed: Typed, **more: Any) -> Control:
        """Return a control with the parts all inputs share."""
        return Control(
            kind=kind,
            name=self.key,
            id="",
            label=self.label,
            hint=self.hint,
            values=typed.all(self.key),
            **more,
        )


@dataclass(frozen=True, kw_only=True)
class ChoiceInput(Input):
    """One of several answers.

    Attributes
    ----------
    words
        Words by value.
    rare
        Values that are understood but not offered unless they are chosen.
    kind
        ``radio``, ``scale`` (numbers or proof levels in a row) or ``select``.
    """

    words: Words
    rare: Words | None = None
    shorts: Words | None = None
    kind: str = "radio"

    @property
    def _all_words(self) -> dict[Any, str]:
        return {**self.words, **(self.rare or {})}

    def _write(self, value: Any) -> tuple[str, ...]:
        return (str(value),)

    def _read(self, text: str) -> Any:
        for value in self._all_words:
            if str(value) == text:
                return value
        raise WrongInputError(_("“%(text)s” is not among the answers.") % {"text": quoted(text)})

    def say(self, value: Any) -> str:
        """Return the value in words."""
        return self._all_words.get(value, str(value))

    def control(self, typed: Typed) -> Control:
        """Return what the template draws."""
        chosen = typed.one(self.key)
        shown = dict(self.words)
        shown |= {value: word for value, word in (self.rare or {}).items() if str(value) == chosen}
        options = tuple(
            Option(str(value), word, (self.shorts or {}).get(value, ""), str(value) == chosen)
            for value, word in shown.items()
        )
        return self._basic(self.kind, typed, options=options)


@dataclass(frozen=True, kw_only=True)
class TicksInput(Input):
    """Any number of answers; "none of these" tells an empty list from no answer."""

    words: Words
    none_word: str = ""

    def write(self, value: Any) -> dict[str, tuple[str, ...]]:
        """Return what stands in the boxes for a value."""
        boxes = super().write(value)
        if boxes and not boxes[self.key]:
            return {f"{self.key}.none": ("1",)} if self.none_word else {}
        return boxes

    def read(self, typed: Typed) -> Any:
        """Return the value, or ``ABSENT`` for an empty box."""
        chosen = typed.all(self.key)
        none = bool(typed.one(f"{self.key}.none"))
        if chosen and none:
            raise WrongInputError(
                _("“%(none)s” and an answer of the list are ticked: please untick one.")
                % {"none": self.none_word}
            )
        if unknown := [text for text in chosen if text not in map(str, self.words)]:
            said = {"text": quoted(unknown[0])}
            raise WrongInputError(_("“%(text)s” is not among the answers.") % said)
        if not chosen:
            return [] if none else ABSENT
        return [value for value in self.words if str(value) in chosen]

    def _write(self, value: Any) -> tuple[str, ...]:
        return tuple(str(part) for part in self.words if part in value)

    def _read(self, text: str) -> Any:
        raise NotImplementedError

    def say(self, value: Any) -> str:
        """Return the value in words."""
        said = ", ".join(self.words[part] for part in self.words if part in value)
        return said or self.none_word or "–"

    def control(self, typed: Typed) -> Control:
        """Return what the template draws."""
        chosen = typed.all(self.key)
        options = tuple(
            Option(str(value), word, checked=str(value) in chosen)
            for value, word in self.words.items()
        )
        if self.none_word:
            none = bool(typed.one(f"{self.key}.none"))
            options += (Option("", self.none_word, short="none", checked=none),)
        return self._basic("ticks", typed, options=options)


@dataclass(frozen=True, kw_only=True)
class NumberInput(Input):
    """A number, with its unit and bounds.

    Attributes
    ----------
    whole
        Whether only whole numbers are meant.
    low, high
        Bounds; with both and few steps the box gets − and +.
    money
        Thousands of the room's currency: the page writes the sum out in full.
    """

    unit: str = ""
    whole: bool = False
    low: int | None = None
    high: int | None = None
    stepper: bool = False
    money: bool = False

    def _write(self, value: Any) -> tuple[str, ...]:
        return (format_number(value, self.language),)

    def _read(self, text: str) -> Any:
        try:
            value = parse_number(text, self.language)
        except NotANumberError:
            example = format_number(1250 if not self.high else self.high, self.language)
            raise WrongInputError(
                _("“%(text)s” is not a number. Please write digits, for example %(example)s.")
                % {"text": quoted(text), "example": example}
            ) from None
        if self.whole and not isinstance(value, int):
            raise WrongInputError(
                _("%(value)s is not a whole number.") % {"value": quoted(self._write(value)[0])}
            )
        self._check_bounds(value)
        return value

    def _check_bounds(self, value: Any) -> None:
        """Refuse a number outside the bounds, naming them."""
        low, high = self.low, self.high
        too_low = low is not None and value < low
        too_high = high is not None and value > high
        if not too_low and not too_high:
            return
        said = {"value": quoted(self._write(value)[0]), "low": low, "high": high}
        if low is not None and high is not None:
            message = _("%(value)s is outside the range of %(low)s to %(high)s.")
        elif too_low:
            message = _("%(value)s is too low: please write at least %(low)s.")
        else:
            message = _("%(value)s is too high: please write at most %(high)s.")
        raise WrongInputError(message % said)

    def say(self, value: Any) -> str:
        """Return the value in words."""
        return f"{self._write(value)[0]} {self.unit}".strip()

    def control(self, typed: Typed) -> Control:
        """Return what the template draws."""
        kind = "stepper" if self.stepper else "number"
        return self._basic(
            kind,
            typed,
            unit=self.unit,
            low=self.low,
            high=self.high,
            stride=5 if self.unit == "%" or self.high == 100 else 1,
            money=self.money,
        )


@dataclass(frozen=True, kw_only=True)
class MonthInput(Input):
    """A month, typed as MM/YYYY or YYYY-MM."""

    def _write(self, value: Any) -> tuple[str, ...]:
        return (format_month(str(value)),)

    def _read(self, text: str) -> Any:
        try:
            return parse_month(text)
        except NotAMonthError:
            raise WrongInputError(
                _("“%(text)s” is not a month. Please write it like 06/2028.")
                % {"text": quoted(text)}
            ) from None

    def control(self, typed: Typed) -> Control:
        """Return what the template draws."""
        return self._basic("month", typed, example=_("MM/YYYY"))


@dataclass(frozen=True, kw_only=True)
class TextInput(Input):
    """A text of one or several lines."""

    longest: int = 200
    lines: int = 1
    example: str = ""

    def _write(self, value: Any) -> tuple[str, ...]:
        return (str(value),)

    def _read(self, text: str) -> Any:
        text = " ".join(text.split())
        if len(text) > self.longest:
            raise WrongInputError(
                _("%(length)s characters, at most %(longest)s fit: please shorten the text.")
                % {"length": len(text), "longest": self.longest}
            )
        return text

    def control(self, typed: Typed) -> Control:
        """Return what the template draws."""
        kind = "long" if self.lines > 1 else "text"
        return self._basic(kind, typed, longest=self.longest, example=self.example)
