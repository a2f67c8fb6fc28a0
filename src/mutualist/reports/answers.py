"""Answers in words, and which of them may stand in a paper.

A paper is passed on. It therefore holds only what every party sees after the opening: what is never
shown, what shows only as a finding, and the raw pledges stay out even for the side that gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mutualist.domain.assess.model import Field, Item, Option
from mutualist.domain.assess.wording import number
from mutualist.reports.words import money, month, say

UNKNOWN: Final = "dont_know"
_HIDDEN: Final = frozenset({"never", "finding", "mutual"})
Spec = Item | Field


def public_answers(answers: Mapping[str, Any], items: Mapping[str, Item]) -> dict[str, Any]:
    """Return the part of a sheet that every party sees after the opening.

    Parameters
    ----------
    answers : mapping
        Item -> answer of one party, possibly its full sheet.
    items : mapping
        The items of the rule file.
    """
    shown: dict[str, Any] = {}
    for item, value in answers.items():
        spec = items.get(item)
        if spec is None or spec.shown in _HIDDEN:
            continue
        if spec.shown != "split":
            shown[item] = value
        elif isinstance(value, Mapping):
            shown[item] = {key: part for key, part in value.items() if key in spec.shown_fields}
    return shown


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """Writes answers of one room in one language.

    Attributes
    ----------
    items
        Items of the rule file by number.
    parties
        Party id -> name.
    """

    items: Mapping[str, Item]
    parties: Mapping[str, str]
    lang: str
    currency: str = "EUR"

    def write(self, item: str, value: Any) -> str:
        """Return an answer as a reader would say it; lines are separated by line breaks.

        An answer that is missing or shown to nobody must not come here.
        """
        spec = self.items[item]
        if value is None:
            return say("not answered", self.lang)
        if value == UNKNOWN:
            return say("don't know", self.lang)
        if spec.counterpart and self._by_counterpart(value):
            parts = [f"{self.parties[p]}: {self._value(spec, v)}" for p, v in value.items()]
            return "\n".join(parts)
        return self._value(spec, value)

    def _by_counterpart(self, value: Any) -> bool:
        return isinstance(value, Mapping) and bool(value) and set(value) <= set(self.parties)

    def _value(self, spec: Spec, value: Any) -> str:
        if value == UNKNOWN:
            return say("don't know", self.lang)
        writers: dict[str, Callable[[Any, Any], str]] = {
            "fields": self._fields,
            "rows": self._rows,
            "points": self._points,
            "levels": self._levels,
            "pledges": self._pledges,
            "list": self._list,
            "number": self._number,
            "choice": self._choice,
            "level": self._choice,
            "owner": self._choice,
        }
        if spec.type in writers:
            return writers[spec.type](spec, value)
        if spec.type == "proof":
            return f"E{value}"
        if spec.type == "month":
            return month(str(value), self.lang)
        if spec.type in {"party", "payer"}:
            return self._payer(str(value))
        return str(value).strip()

    def _option(self, options: Sequence[Option], key: Any) -> str:
        found = next((option for option in options if option.key == str(key)), None)
        return found.words[self.lang] if found else self.parties.get(str(key), str(key))

    def _choice(self, spec: Spec, value: Any) -> str:
        return self._option(spec.options, value)

    def _list(self, spec: Spec, value: Sequence[Any]) -> str:
        words = [self._option(spec.options, key) for key in value]
        return ", ".join(words) or say("nothing", self.lang)

    def _points(self, spec: Spec, value: Mapping[str, float]) -> str:
        ordered = sorted((k for k in value if value[k]), key=lambda key: -value[key])
        if spec.list_name == "parties":
            ordered = [party for party in self.parties if party in value]
        return "\n".join(
            f"{self._option(spec.options, key)} {number(value[key], self.lang)}" for key in ordered
        )

    def _levels(self, spec: Spec, value: Mapping[str, int]) -> str:
        ordered = sorted((k for k in value if value[k]), key=lambda key: -value[key])
        words = [f"{self._option(spec.options, key)} {value[key]}" for key in ordered]
        return ", ".join(words) or say("nothing", self.lang)

    def _pledges(self, spec: Spec, value: Mapping[str, str]) -> str:
        return "\n".join(
            f"{key}: {self._option(spec.options, said)}" for key, said in value.items()
        )

    def _number(self, spec: Spec, value: float) -> str:
        return self.amount(value, spec.unit)

    def field(self, field: Field, value: Any) -> str:
        """Return a value of the frame or of the header."""
        return self._value(field, value)

    def amount(self, value: float, unit: str) -> str:
        """Write a figure with its unit."""
        if unit == "money":
            return money(value, self.lang, self.currency)
        figure = number(value, self.lang)
        one = value == 1
        words = {
            "years": say("{n} year" if one else "{n} years", self.lang, n=figure),
            "months": say("{n} month" if one else "{n} months", self.lang, n=figure),
            "percent": f"{figure}\u00a0%" if self.lang == "de" else f"{figure}%",
        }
        return words.get(unit, figure)

    def _fields(self, spec: Item, value: Any) -> str:
        if not isinstance(value, Mapping):
            value = {spec.short: value}
        parts: list[str] = []
        for name, field in spec.fields.items():
            if name not in value or value[name] is None:
                continue
            words = self._value(field, value[name])
            if name.endswith("_months") and parts:
                # "we need: full" and its months are one thing to a reader.
                parts[-1] += f" ({words})"
            elif name == spec.short:
                parts.append(words)
            elif field.unit == "months" and value[name] != UNKNOWN:
                parts.append(f"{field.words[self.lang]}: {number(value[name], self.lang)}")
            else:
                parts.append(f"{field.words[self.lang]}: {words}")
        return "\n".join(parts) or say("not answered", self.lang)

    def _rows(self, spec: Item, value: Sequence[Mapping[str, Any]]) -> str:
        return "\n".join(self._row(spec, row) for row in value) or say("nothing", self.lang)

    def _row(self, spec: Item, row: Mapping[str, Any]) -> str:
        parts = [
            self._cell(spec, field, row)
            for name, field in spec.fields.items()
            if row.get(name) not in (None, "")
        ]
        if "amount" in row and len(parts) > 1:
            parts[:2] = [f"{parts[0]}: {parts[1]}"]
        return " · ".join(part for part in parts if part)

    def _cell(self, spec: Item, field: Field, row: Mapping[str, Any]) -> str:
        value = row[field.name]
        if field.type == "amount":
            kinds = spec.fields[field.by].options
            unit = next((kind.unit for kind in kinds if kind.key == row.get(field.by)), "")
            return self.amount(value, unit)
        words = self._value(field, value)
        said = {
            "sure": say("{value} sure", self.lang, value=words),
            "by": say("by {value}", self.lang, value=words),
            "with": say("to {value}", self.lang, value=words),
            "payer": say("paid by {value}", self.lang, value=words),
            "pays": say("paid by {value}", self.lang, value=words),
            "due_months": say("in {value}", self.lang, value=words),
            "damage": say("damage {value}", self.lang, value=words),
        }
        return said.get(field.name, words)

    def _payer(self, value: str) -> str:
        if value == "customer":
            return say("the customer", self.lang)
        return self.parties.get(value, value)
