"""What an item asks for, value by value: the common ground of workbook and terminal interview.

Every answer is taken apart into single values with a stable key and put together again::

    2.2/years   4.1/1/amount   1.2/new_offer   3.1/bring/sales   2.3@B/plan   4.1#

``@B`` is the answer towards party B, ``/1`` the first row, ``#`` says that the whole answer is
"none" or "don't know". Which items and fields there are comes from the rule file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

DONT_KNOW: Final = "dont_know"
# What a status slot may hold besides "don't know": an answered, but empty, list or grid.
NONE: Final = "none"
_SCALARS: Final = frozenset(
    {"choice", "number", "level", "owner", "text", "month", "proof", "party", "payer", "amount"}
)


@dataclass(frozen=True)
class Option:
    """One value that can be chosen, with its words."""

    key: str
    de: str
    en: str

    def label(self, lang: str) -> str:
        """Return the words in ``de`` or ``en``."""
        return self.de if lang == "de" else self.en


@dataclass(frozen=True)
class Slot:
    """One single value of an answer.

    Attributes
    ----------
    key : str
        Stable key, see the module's text.
    kind : str
        ``choice``, ``number``, ``points``, ``month``, ``day``, ``text``, ``tick`` or ``status``.
    de, en : str
        What stands before the value, empty when the item's question says it all.
    options : tuple of Option
        What can be chosen; for a level its steps.
    unit : str
        ``money``, ``percent``, ``years``, ``months``, ``pieces`` or empty.
    limit : int
        Longest text, 0 if there is none.
    """

    key: str
    kind: str
    de: str = ""
    en: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    limit: int = 0
    low: float | None = None
    high: float | None = None

    def label(self, lang: str) -> str:
        """Return the label in ``de`` or ``en``."""
        return self.de if lang == "de" else self.en


class Form:
    """The items of a rule version as slots.

    Parameters
    ----------
    data : Mapping
        The content of a rule file.
    parties : Mapping of str to str
        Ids and names of the parties.
    """

    def __init__(self, data: Mapping[str, Any], parties: Mapping[str, str]) -> None:
        self.data = data
        self.parties = parties

    def options(self, name: str) -> tuple[Option, ...]:
        """Return a list of the rule file; ``parties`` are those of the room."""
        if name == "parties":
            return tuple(Option(key, said, said) for key, said in self.parties.items())
        return tuple(
            Option(str(entry["key"]), _with_code(entry, "de"), _with_code(entry, "en"))
            for entry in self.data["lists"][name]
        )

    def items(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the items by number."""
        return self.data["items"]  # type: ignore[no-any-return]

    def slots(self, number: str, party: str | None = None, *, split: bool = False) -> list[Slot]:
        """Return the slots of an item in the order they are asked.

        Parameters
        ----------
        number : str
            The item.
        party : str, optional
            Who answers; leaves out the slots towards oneself.
        split : bool
            Give an item that may be answered per counterpart slots towards each other party.
        """
        item = self.items()[number]
        result = list(self._of_item(number, item))
        if split and item.get("counterpart"):
            for other, name in self.parties.items():
                if other == party:
                    continue
                toward = {"de": f"gegenüber {name}: ", "en": f"towards {name}: "}
                result += [
                    Slot(
                        s.key,
                        s.kind,
                        toward["de"] + s.de,
                        toward["en"] + s.en,
                        s.options,
                        s.unit,
                        s.limit,
                        s.low,
                        s.high,
                    )
                    for s in self._of_item(f"{number}@{other}", item)
                ]
        return result

    def _of_item(self, key: str, item: Mapping[str, Any]) -> Iterator[Slot]:
        kind = item["type"]
        if kind in _SCALARS:
            yield self._scalar(key, item, "", "")
            return
        yield Slot(f"{key}#", "status")
        if kind == "points":
            for o in self.options(item["options"]):
                yield Slot(f"{key}/{o.key}", "points", o.de, o.en, low=0, high=100)
        elif kind == "pledges":
            answers = self.options(item["options"])
            for pledge in self.data["pledges"]:
                name, de, en = pledge["key"], pledge["de"], pledge["en"]
                yield Slot(f"{key}/{name}", "choice", f"{name} {de}", f"{name} {en}", answers)
        elif kind == "fields":
            for field, spec in item["fields"].items():
                yield from self._field(f"{key}/{field}", spec)
        else:
            yield from self._rows(key, item)

    def _rows(self, key: str, item: Mapping[str, Any]) -> Iterator[Slot]:
        fields = dict(item["fields"])
        if len(self.parties) == 2:
            fields.pop("with", None)
        for row in range(1, self.row_limit(item) + 1):
            for field, spec in fields.items():
                slot = f"{key}/{row}/{field}"
                yield self._scalar(slot, spec, f"{row}. {spec['de']}", f"{row}. {spec['en']}")

    def row_limit(self, item: Mapping[str, Any]) -> int:
        """Return how many rows an item takes in this room."""
        rows = item["rows"]
        factor = len(self.parties) - 1 if rows.get("per_party") else 1
        return int(rows["max"]) * factor

    def _field(self, key: str, spec: Mapping[str, Any]) -> Iterator[Slot]:
        de, en = spec["de"], spec["en"]
        if spec["type"] in {"list", "levels"}:
            yield Slot(f"{key}#", "status", de, en)
            steps = self.options(spec["levels"]) if spec["type"] == "levels" else ()
            for option in self.options(spec["options"]):
                yield Slot(
                    f"{key}/{option.key}",
                    "level" if steps else "tick",
                    f"{de}: {option.de}",
                    f"{en}: {option.en}",
                    steps,
                )
            return
        yield self._scalar(key, spec, de, en)

    def _scalar(self, key: str, spec: Mapping[str, Any], de: str, en: str) -> Slot:
        kind = spec["type"]
        options: tuple[Option, ...] = ()
        if kind in {"choice", "owner", "level"}:
            options = self.options(spec["options"])
            if kind == "owner" or spec.get("parties"):
                options += self._named()
            kind = "level" if kind == "level" else "choice"
        elif kind == "proof":
            kind, options = "level", self.options("proof_levels")
        elif kind == "party":
            kind, options = "choice", self.options("parties")
        elif kind == "payer":
            kind = "choice"
            options = (Option("customer", "Endkunde", "customer"), *self.options("parties"))
        elif kind == "amount":
            kind = "number"
        elif kind == "date":
            kind = "day"
        elif kind == "currency":
            kind = "text"
        return Slot(
            key,
            kind,
            de,
            en,
            options,
            spec.get("unit", ""),
            int(spec.get("max", 0)) if kind == "text" else 0,
            spec.get("min"),
            spec.get("max"),
        )

    def _named(self) -> tuple[Option, ...]:
        """Return the parties as owners; with two of them "the other side" is clear."""
        return self.options("parties") if len(self.parties) > 2 else ()

    def frame_slots(self) -> list[Slot]:
        """Return the slots of the frame."""
        return [
            self._scalar(f"frame/{key}", spec, spec["de"], spec["en"])
            for key, spec in self.data["frame"].items()
        ]

    def header_slots(self) -> list[Slot]:
        """Return the slots each answerer fills before item 1.1."""
        return [
            self._scalar(f"header/{key}", spec, spec["de"], spec["en"])
            for key, spec in self.data["header"].items()
        ]

    # --- taking apart and putting together ----------------------------------------------------

    def flatten(self, number: str, answer: Any) -> dict[str, Any]:
        """Take an answer apart into values by key.

        Examples
        --------
        >>> from mutualist.library.rules import builtin_form
        >>> builtin_form({"A": "Nordwerk", "B": "Tauwerk"}).flatten("2.2", {"years": 5})
        {'2.2/years': 5}
        """
        item = self.items()[number]
        towards = item.get("counterpart") and isinstance(answer, Mapping) and answer
        if towards and all(key in self.parties for key in answer):
            values: dict[str, Any] = {}
            for other, one in answer.items():
                values |= self._flat(f"{number}@{other}", item, one)
            return values
        return self._flat(number, item, answer)

    def _flat(self, key: str, item: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        kind = item["type"]
        if kind in _SCALARS:
            return {key: answer}
        if answer == DONT_KNOW:
            return {f"{key}#": DONT_KNOW}
        if kind == "rows":
            if not answer:
                return {f"{key}#": NONE}
            return {
                f"{key}/{row}/{field}": value
                for row, entry in enumerate(answer, 1)
                for field, value in entry.items()
            }
        if kind == "fields" and not isinstance(answer, Mapping):
            answer = {item["short"]: answer}
        if not answer:
            return {f"{key}#": NONE}
        values: dict[str, Any] = {}
        for field, value in answer.items():
            listed = item.get("fields", {}).get(field, {}).get("type") in {"list", "levels"}
            if listed and value == DONT_KNOW:
                values[f"{key}/{field}#"] = DONT_KNOW
            else:
                values |= _flat_field(f"{key}/{field}", value)
        return values

    def assemble(self, number: str, values: Mapping[str, Any]) -> Any:
        """Put an answer together from values by key; None if there is none.

        Values that don't belong to the item are left alone, so a whole sheet may be given.
        """
        item = self.items()[number]
        whole = self._whole(number, item, values)
        if whole is not None:
            return whole
        if not item.get("counterpart"):
            return None
        towards = {
            other: answer
            for other in self.parties
            if (answer := self._whole(f"{number}@{other}", item, values)) is not None
        }
        return towards or None

    def _whole(self, key: str, item: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
        kind = item["type"]
        if kind in _SCALARS:
            return values.get(key)
        status = values.get(f"{key}#")
        if status == DONT_KNOW:
            return DONT_KNOW
        inside = _below(values, key)
        if kind == "rows":
            rows = _rows(inside)
            return rows or ([] if status == NONE else None)
        if kind == "fields":
            answer: dict[str, Any] = {}
            for field, spec in item["fields"].items():
                value = _assemble_field(spec, field, inside)
                if value is not None:
                    answer[field] = value
            if list(answer) == [item.get("short")]:
                return answer[item["short"]]
        else:
            answer = inside
        return answer or ({} if status == NONE else None)


def _with_code(entry: Mapping[str, Any], lang: str) -> str:
    code = entry.get("code")
    return f"{code} {entry[lang]}" if code else str(entry[lang])


def _flat_field(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        inside = {f"{key}/{option}": level for option, level in value.items()}
        return inside or {f"{key}#": NONE}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {f"{key}/{option}": True for option in value} or {f"{key}#": NONE}
    return {key: value}


def _below(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    prefix = f"{key}/"
    return {k[len(prefix) :]: v for k, v in values.items() if k.startswith(prefix)}


def _rows(inside: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for key, value in inside.items():
        number, _slash, field = key.partition("/")
        rows.setdefault(int(number), {})[field] = value
    return [rows[number] for number in sorted(rows)]


def _assemble_field(spec: Mapping[str, Any], field: str, inside: Mapping[str, Any]) -> Any:
    if spec["type"] not in {"list", "levels"}:
        return inside.get(field)
    status = inside.get(f"{field}#")
    if status == DONT_KNOW or inside.get(field) == DONT_KNOW:
        return DONT_KNOW
    values = _below(inside, field)
    if spec["type"] == "list":
        ticked = [key for key, value in values.items() if value is True]
        return ticked or ([] if status == NONE else None)
    return values or ({} if status == NONE else None)
