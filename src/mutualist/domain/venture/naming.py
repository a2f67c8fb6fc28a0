"""What each name of a venture stands for: its unit, or the problem with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from mutualist.domain.venture.expressions import ExpressionError, Name, parse
from mutualist.domain.venture.line_order import line_order
from mutualist.domain.venture.model import Description
from mutualist.domain.venture.problems import Problem
from mutualist.domain.venture.unit_check import ANY, CONDITION, Measure, measure, said
from mutualist.domain.venture.units import SHARE, Unit, parse_unit, unit_text


def unknown(place: str, name: str, known: Iterable[str], what: str) -> Problem:
    """Return the problem for a name that there is none of, with a guess at what was meant."""
    listed = tuple(known)
    near = difflib.get_close_matches(name, listed, n=1)
    if near:
        return Problem(place, f"unknown_{what}_near", {"name": name, "near": near[0]})
    return Problem(place, f"unknown_{what}", {"name": name, "known": listed or ("–",)})


class Names:
    """Units of all names, found by following the lines; circles and unknown names become problems."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self.currency = description.currency
        self.problems: list[Problem] = []
        self.units: dict[str, Measure] = {}
        self._declared()
        order, circles = line_order(description.lines)
        for circle in circles:
            self._note_circle(circle)
        for name in order:
            self.unit(name)

    def _declared(self) -> None:
        shown = self.description
        for driver in shown.drivers.values():
            self.units[driver.id] = self._declare(f"drivers.{driver.id}.unit", driver.unit)
        for table in shown.tables.values():
            for column, unit in table.columns.items():
                self.units[column] = self._declare(f"tables.{table.id}.columns.{column}", unit)
        for name in (*shown.events, *shown.profiles, "period"):
            self.units[name] = SHARE

    def _declare(self, place: str, text: str) -> Measure:
        """Return a unit; a quantity without one fits any, as a bare number does."""
        return self._parse(place, text) if text.strip() else ANY

    def _parse(self, place: str, text: str) -> Unit:
        try:
            return parse_unit(text, self.currency)
        except ValueError:
            self.problems.append(Problem(place, "bad_unit", {"value": text}))
            return SHARE

    def unit(self, name: str) -> Measure:
        """Return the unit of a name; a line's by its amount."""
        if name in self.units:
            return self.units[name]
        line = self.description.lines[name]
        found = self.of(f"lines.{name}.amount", line.amount) if line.amount else ANY
        if line.unit:
            declared = self._parse(f"lines.{name}.unit", line.unit)
            if found not in {declared, ANY}:
                values = {"wanted": unit_text(declared), "found": said(found)}
                self.problems.append(Problem(f"lines.{name}.amount", "wrong_unit", values))
            found = declared
        elif found == CONDITION:
            found = SHARE
        self.units.setdefault(name, found)
        return found

    def _note_circle(self, circle: list[str]) -> None:
        place = f"lines.{circle[0]}.amount"
        if not any(p.code == "circle" for p in self.problems):
            self.problems.append(Problem(place, "circle", {"circle": " → ".join(circle)}))
        for name in circle:
            self.units[name] = ANY

    def of(self, place: str, text: str, wanted: Measure | None = None) -> Measure:
        """Return what an expression measures; note what is wrong with it."""
        try:
            found = measure(parse(text), self._look_up(place), self.currency)
        except ExpressionError as error:
            if error.code != "noted":
                self.problems.append(Problem(place, error.code, error.values))
            return ANY
        if wanted is not None and found not in {wanted, ANY}:
            values = {"wanted": said(wanted), "found": said(found)}
            self.problems.append(Problem(place, "wrong_unit", values))
        return found

    def _look_up(self, place: str) -> Any:
        def unit_of(name: Name) -> Measure:
            if name.name not in self.units and name.name not in self.description.lines:
                known = {*self.units, *self.description.lines}
                self.problems.append(unknown(place, name.name, sorted(known), "name"))
                raise ExpressionError("noted")
            return self.unit(name.name)

        return unit_of

    def take(self) -> list[Problem]:
        """Return the problems noted since the last time."""
        found, self.problems = self.problems, []
        return found
