"""A hundred points shared out over goals or parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.numbers import NotANumberError, parse_number
from mutualist.apps.rooms.forms.controls import Control
from mutualist.apps.rooms.forms.parts import Body, Boxes, Errors, Part
from mutualist.apps.rooms.forms.typed import ABSENT, Reading, Typed, quoted

TOTAL = 100


@dataclass(frozen=True)
class Points(Part):
    """Points by key; together exactly a hundred.

    Attributes
    ----------
    words
        Words of the keys in the order in which they are offered.
    """

    words: Mapping[str, str]
    language: str = "de"

    def write(self, value: Any) -> Boxes:
        """Return what stands in the boxes for a value."""
        return {key: (str(points),) for key, points in value.items() if points}

    def read(self, typed: Typed) -> Reading:
        """Return what was typed as a value, with messages."""
        reading = Reading()
        points = {key: self._read_one(key, typed, reading) for key in self.words}
        if all(value is ABSENT for value in points.values()) and reading.ok:
            return reading
        known = {key: value for key, value in points.items() if value}
        reading.value = known
        total = sum(known.values())
        if reading.ok and total != TOTAL:
            reading.miss("", self._rest_message(total))
        return reading

    def _read_one(self, key: str, typed: Typed, reading: Reading) -> Any:
        """Read the points of one key."""
        text = typed.one(key)
        if not text:
            return ABSENT
        try:
            number = parse_number(text, self.language)
        except NotANumberError:
            number = -1
        if not isinstance(number, int) or not 0 <= number <= TOTAL:
            message = _("“%(text)s” are not points: please write a whole number from 0 to 100.")
            reading.complain(key, message % {"text": quoted(text)})
            return ABSENT
        return number

    @staticmethod
    def _rest_message(total: int) -> str:
        """Say what is missing or too much."""
        if total < TOTAL:
            message = _("%(total)s of 100 points are shared out: %(rest)s are still left.")
        else:
            message = _("%(total)s points are shared out: %(rest)s too many.")
        return message % {"total": total, "rest": abs(TOTAL - total)}

    def body(self, typed: Typed, errors: Errors, prefix: str) -> Body:
        """Return what the template draws."""
        controls = tuple(
            Control(
                kind="points",
                name=key,
                id="",
                label=word,
                values=typed.all(key),
                low=0,
                high=TOTAL,
            ).placed(prefix, errors)
            for key, word in self.words.items()
        )
        total = sum(self._read_one(key, typed, Reading()) or 0 for key in self.words)
        return Body(
            "points", controls, facts={"total": total, "rest": TOTAL - total, "over": total - TOTAL}
        )

    def say(self, value: Any) -> list[str]:
        """Return the value in words."""
        ranked = sorted(value.items(), key=lambda pair: -pair[1])
        return [f"{self.words.get(key, key)} {points}" for key, points in ranked if points]
