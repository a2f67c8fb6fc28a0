"""Where several people of one house answer differently; shown to that house only, before sealing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mutualist.domain.assess.facts import UNKNOWN
from mutualist.domain.assess.model import Field, Item, Option, Ruleset, Words
from mutualist.domain.assess.wording import amount, both

Sheet = Mapping[str, Any]
SpreadKind = Literal["range", "counts", "points", "differs"]
_RANGE = Words("{low} bis {high}", "{low} to {high}")
_COUNT = Words("{count}-mal „{label}“", "{count} × ‘{label}’")
_TICKED = Words("„{label}“ {count} von {of}", "‘{label}’ {count} of {of}")
_DIFFERS = Words("verschiedene Angaben", "different answers")


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """Where people of one party differ.

    Attributes
    ----------
    item, field : str
        The item, and the field, goal, capability or pledge in it; field is empty for the whole item.
    kind : str
        range (numbers), counts (choices and ticks), points (100 points and levels), differs (rows, texts).
    by_person : mapping
        What each said.
    title, text : Words
        What is asked, and how the answers spread.
    """

    item: str
    field: str
    kind: SpreadKind
    by_person: Mapping[str, Any]
    title: Words
    text: Words


def spread(
    sheets: Mapping[str, Sheet], ruleset: Ruleset, currency: str | None = None
) -> tuple[SpreadLine, ...]:
    """Return where several people of one party differ, in the order of the items.

    Parameters
    ----------
    sheets
        Name of the person to its answers. What a person left out or does not know is not compared.
    ruleset
        The rule file.
    currency
        Of the room, for amounts of money.

    Examples
    --------
    >>> from mutualist.domain.assess import builtin_ruleset
    >>> lines = spread({"Jana": {"2.2": 5}, "Ali": {"2.2": {"years": 2}}}, builtin_ruleset())
    >>> lines[0].text.en
    '2 to 5'
    """
    writer = _Spread(sheets, ruleset, currency)
    return tuple(
        line for item in ruleset.items.values() if item.type != "text" for line in writer.item(item)
    )


class _Spread:
    """Compares the sheets item by item."""

    def __init__(self, sheets: Mapping[str, Sheet], ruleset: Ruleset, currency: str | None) -> None:
        self.sheets = sheets
        self.ruleset = ruleset
        self.currency = currency

    def item(self, item: Item) -> Iterable[SpreadLine]:
        """Return the lines of one item."""
        raws = {
            person: sheet[item.number]
            for person, sheet in self.sheets.items()
            if sheet.get(item.number) is not None and sheet[item.number] != UNKNOWN
        }
        if any(self._is_counterpart(item, raw) for raw in raws.values()) or item.type == "rows":
            yield from self._line(item, "", "differs", raws, item.words, _DIFFERS)
        elif item.type in {"choice", "owner"}:
            yield from self._choices(item, "", raws, item.words, item.options)
        elif item.type in {"number", "level"}:
            yield from self._numbers(item, "", "range", raws, item.words, item.unit)
        elif item.type == "pledges":
            for pledge in self.ruleset.pledges:
                said = {person: raw.get(pledge.key, "no") for person, raw in raws.items()}
                yield from self._choices(item, pledge.key, said, pledge.words, item.options)
        elif item.type == "points":
            yield from self._points(item, "", raws, item.options)
        else:
            for field in item.fields.values():
                yield from self._field(item, field, raws)

    @staticmethod
    def _is_counterpart(item: Item, raw: Any) -> bool:
        if not item.counterpart or not isinstance(raw, Mapping):
            return False
        inside = set(item.fields) if item.type == "fields" else set()
        keys = set(raw)
        return item.type not in {"fields", "pledges"} or (
            bool(keys)
            and not keys & inside
            and not any(key.startswith("P") and key[1:].isdigit() for key in keys)
        )

    def _field(self, item: Item, field: Field, raws: Mapping[str, Any]) -> Iterable[SpreadLine]:
        said = {}
        for person, raw in raws.items():
            value = (
                raw.get(field.name)
                if isinstance(raw, Mapping)
                else (raw if field.name == item.short else None)
            )
            if value is not None and value != UNKNOWN:
                said[person] = value
        if field.type == "choice":
            yield from self._choices(item, field.name, said, field.words, field.options)
        elif field.type in {"number", "proof"}:
            yield from self._numbers(item, field.name, "range", said, field.words, field.unit)
        elif field.type == "list":
            yield from self._ticks(item, field, said)
        elif field.type == "levels":
            yield from self._points(item, f"{field.name}.", said, field.options)
        else:
            yield from self._line(item, field.name, "differs", said, field.words, _DIFFERS)

    def _line(
        self,
        item: Item,
        field: str,
        kind: SpreadKind,
        said: Mapping[str, Any],
        title: Words,
        text: Words,
    ) -> Iterable[SpreadLine]:
        values = list(said.values())
        if len(values) > 1 and any(value != values[0] for value in values):
            yield SpreadLine(item.number, field, kind, dict(said), title, text)

    def _choices(
        self,
        item: Item,
        field: str,
        said: Mapping[str, Any],
        title: Words,
        options: tuple[Option, ...],
    ) -> Iterable[SpreadLine]:
        labels = {option.key: option.words for option in options}
        counts = Counter(said.values()).most_common()

        def write(lang: str) -> str:
            return ", ".join(
                _COUNT[lang].format(count=count, label=labels[key][lang] if key in labels else key)
                for key, count in counts
            )

        yield from self._line(item, field, "counts", said, title, both(write))

    def _numbers(
        self,
        item: Item,
        field: str,
        kind: SpreadKind,
        said: Mapping[str, Any],
        title: Words,
        unit: str,
    ) -> Iterable[SpreadLine]:
        if not said:
            return
        low, high = min(said.values()), max(said.values())

        def write(lang: str) -> str:
            ends = [amount(value, unit, self.currency, lang) for value in (low, high)]
            return _RANGE[lang].format(low=ends[0], high=ends[1])

        yield from self._line(item, field, kind, said, title, both(write))

    def _points(
        self, item: Item, prefix: str, raws: Mapping[str, Any], options: tuple[Option, ...]
    ) -> Iterable[SpreadLine]:
        named = {option.key: option.words for option in options}
        for raw in raws.values():
            for key in raw:
                named.setdefault(key, Words(key, key))
        for key, words in named.items():
            said = {person: raw.get(key, 0) for person, raw in raws.items()}
            yield from self._numbers(item, f"{prefix}{key}", "points", said, words, "")

    def _ticks(self, item: Item, field: Field, said: Mapping[str, Any]) -> Iterable[SpreadLine]:
        sets = {person: sorted(set(value)) for person, value in said.items()}
        counts = {
            option: sum(option.key in value for value in sets.values()) for option in field.options
        }

        def write(lang: str) -> str:
            return ", ".join(
                _TICKED[lang].format(label=option.words[lang], count=count, of=len(sets))
                for option, count in counts.items()
                if 0 < count < len(sets)
            )

        yield from self._line(item, field.name, "counts", sets, field.words, both(write))
