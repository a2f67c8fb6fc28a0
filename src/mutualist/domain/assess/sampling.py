"""Random answers, for tests, benchmarks and for seeing how sensitive a result is.

Every allowed answer can come; the chances are plain (all options alike), so the frequencies of kinds are those of noise,
not of real firms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from mutualist.domain.assess.facts import UNKNOWN
from mutualist.domain.assess.model import Field, Item, Ruleset

_WORDS = ("A. Demir", "the team", "CTO", "", "tbd")
_MONTHS = ("2026-06", "2027-01", "2028-12")
_MONEY = (-100, 0, 50, 100, 200, 400, 900, 1500)
_POINT_STEP = 5


@dataclass(frozen=True, slots=True)
class Odds:
    """How often something happens: no answer, an answer per counterpart, a row for one party only."""

    unknown: float = 0.0
    counterpart: float = 0.0
    directed: float = 0.0


class Sampler:
    """Draws answers with a random generator that is passed in.

    Parameters
    ----------
    ruleset
        The rule file; new items and options are drawn as well.
    rng
        ``random.Random(seed)``: the same seed draws the same.
    odds
        How often answers are unknown, per counterpart or directed; never, if left out.

    Examples
    --------
    >>> from random import Random
    >>> from mutualist.domain.assess import builtin_ruleset, check_room
    >>> room = Sampler(builtin_ruleset(), Random(1)).room(("A", "B"))
    >>> check_room(room)
    ()
    """

    def __init__(self, ruleset: Ruleset, rng: Random, odds: Odds | None = None) -> None:
        self.ruleset = ruleset
        self.rng = rng
        self.odds = odds or Odds()

    def room(self, parties: Sequence[str]) -> dict[str, Any]:
        """Draw a whole room file."""
        frame = {
            "relation": self._pick([option.key for option in self.ruleset.lists["relations"]]),
            "as_of": "2026-11",
        }
        if not self._happens(0.2):
            frame["public_since"] = self._pick(["2024-02", "2026-05", "2026-06"])
        return {
            "ruleset": self.ruleset.version,
            "frame": frame,
            "parties": {party: f"Firm {party}" for party in parties},
            "answers": {party: self.sheet(party, parties) for party in parties},
        }

    def sheet(self, party: str, parties: Sequence[str]) -> dict[str, Any]:
        """Draw all answers of one party."""
        answers = {
            item.number: self.answer(item, party, parties) for item in self.ruleset.items.values()
        }
        return {number: value for number, value in answers.items() if value is not None}

    def answer(self, item: Item, party: str, parties: Sequence[str]) -> Any:
        """Draw an answer; None leaves the item out."""
        if self._happens(self.odds.unknown):
            return self._pick([None, UNKNOWN])
        others = [other for other in parties if other != party]
        if item.counterpart and self._happens(self.odds.counterpart):
            given = [other for other in others if not self._happens(self.odds.unknown)] or others
            return {other: self._single(item, party, others) for other in given}
        return self._single(item, party, others)

    def _single(  # noqa: PLR0911 - one return a type
        self, item: Item, party: str, others: Sequence[str]
    ) -> Any:
        match item.type:
            case "text":
                return "By 2028 we sell together, measured by revenue."
            case "points":
                return self._points(item.keys or (party, *others))
            case "choice":
                return self._pick(item.keys)
            case "owner":
                more = others if self._happens(self.odds.directed) else ()
                return self._pick([*item.keys, *more])
            case "level":
                return self.rng.randint(int(item.low or 0), int(item.high or 0))
            case "number":
                return self._number(item.low, item.high, item.unit)
            case "pledges":
                return {pledge.key: self._pick(item.keys) for pledge in self.ruleset.pledges}
            case "rows":
                return self._rows(item, others)
        return self._fields(item, others)

    def _fields(self, item: Item, others: Sequence[str]) -> Any:
        if item.short and self._happens(0.3):
            return self._value(item.fields[item.short], others, "")
        value = {name: self._value(field, others, "") for name, field in item.fields.items()}
        return {
            name: UNKNOWN if self._happens(self.odds.unknown) else one
            for name, one in value.items()
        }

    def _value(self, field: Field, others: Sequence[str], unit: str) -> Any:  # noqa: PLR0911 - one a type
        match field.type:
            case "choice":
                return self._pick([*field.keys, *(others if field.parties else ())])
            case "number" | "amount":
                return self._number(field.low, field.high, unit or field.unit)
            case "proof":
                return self.rng.randint(0, 4)
            case "list":
                return [key for key in field.keys if self._happens(0.4)]
            case "levels":
                return {key: self.rng.randint(0, 4) for key in field.keys if self._happens(0.4)}
            case "month":
                return self._pick(_MONTHS)
            case "party":
                return self._pick(others)
            case "payer":
                return self._pick(["customer", *others])
        return self._pick(_WORDS)

    def _number(self, low: float | None, high: float | None, unit: str) -> float:
        if unit == "money":
            return float(self._pick([value for value in _MONEY if low is None or value >= low]))
        return self.rng.randint(int(low or 0), int(high if high is not None else 40))

    def _points(self, keys: Sequence[str]) -> dict[str, int]:
        chosen = self.rng.sample(list(keys), self.rng.randint(1, min(4, len(keys))))
        cuts = sorted(self.rng.sample(range(_POINT_STEP, 100, _POINT_STEP), len(chosen) - 1))
        ends = zip([0, *cuts], [*cuts, 100], strict=True)
        return {key: high - low for key, (low, high) in zip(chosen, ends, strict=True)}

    def _rows(self, item: Item, others: Sequence[str]) -> list[dict[str, Any]]:
        count = self.rng.randint(item.row_min, item.row_max)
        if item.row_sum:
            return self._shared_rows(item, others)
        return [self._row(item, others) for _ in range(count)]

    def _row(self, item: Item, others: Sequence[str]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for name, field in item.fields.items():
            if field.type == "party" and not self._happens(self.odds.directed):
                continue
            if not field.required and field.type != "party" and self._happens(0.3):
                continue
            row[name] = self._value(field, others, self._unit(item, field, row))
        return row

    def _unit(self, item: Item, field: Field, row: dict[str, Any]) -> str:
        if field.type != "amount":
            return ""
        return next(o.unit for o in item.fields[field.by].options if o.key == row[field.by])

    def _shared_rows(self, item: Item, others: Sequence[str]) -> list[dict[str, Any]]:
        payer = next(field for field in item.fields.values() if field.type == "payer")
        sources = {option.key: option for option in item.fields[payer.by].options}
        shares = self._points([str(row) for row in range(item.row_max)])
        rows = []
        for share in shares.values():
            pool = [key for key, option in sources.items() if not option.alone or len(shares) == 1]
            source = sources[self._pick(pool)]
            row: dict[str, Any] = {
                payer.by: source.key,
                item.value: share,
                "proof": self.rng.randint(0, 4),
            }
            if source.payer == "needed" or (source.payer == "optional" and self._happens(0.5)):
                row[payer.name] = self._pick(["customer", *others])
            rows.append(row)
        return rows

    def _pick(self, options: Sequence[Any]) -> Any:
        return options[self.rng.randrange(len(options))]

    def _happens(self, odds: float) -> bool:
        return odds > 0 and self.rng.random() < odds
