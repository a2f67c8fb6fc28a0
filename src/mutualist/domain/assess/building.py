"""From the plain data of a rule file to frozen values; the data is taken to follow the schema."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mutualist.domain.assess.model import (
    Conflict,
    Field,
    Formula,
    Gap,
    GapCase,
    Gate,
    InterestRules,
    Item,
    Kind,
    Measure,
    MoveRule,
    Option,
    Phrase,
    Pledge,
    Question,
    Rule,
    Source,
    Thresholds,
    Words,
)

PARTIES = "parties"
_NO_WORDS = Words("", "")
_SENTENCES = ("sentence", "first", "second", "both", "several")


def words(data: Mapping[str, Any]) -> Words:
    """Read the two languages of a mapping."""
    return Words(data["de"], data["en"])


def optional_words(data: Mapping[str, Any] | None) -> Words | None:
    """Read the two languages, if there are any."""
    return None if data is None else words(data)


def options(data: list[Mapping[str, Any]]) -> tuple[Option, ...]:
    """Read a list of things to choose from."""
    return tuple(
        Option(
            key=str(entry["key"]),
            words=words(entry),
            code=entry.get("code", ""),
            worth=entry.get("worth"),
            flags=tuple(entry.get("flags", ())),
            unit=entry.get("unit", ""),
            payer=entry.get("payer", ""),
            alone=entry.get("alone", False),
        )
        for entry in data
    )


def field_of(name: str, data: Mapping[str, Any], lists: Mapping[str, tuple[Option, ...]]) -> Field:
    """Read a field of an item, of the frame or of the header."""
    return Field(
        name=name,
        type=data["type"],
        words=words(data),
        options=lists.get(data.get("options", ""), ()),
        list_name=data.get("options", ""),
        low=data.get("min"),
        high=data.get("max"),
        whole=data.get("whole", False),
        required=data.get("required", False),
        unit=data.get("unit", ""),
        by=data.get("by", ""),
        parties=data.get("parties", False),
        levels=lists.get(data.get("levels", ""), ()),
    )


def item_of(number: str, data: Mapping[str, Any], lists: Mapping[str, tuple[Option, ...]]) -> Item:
    """Read an item."""
    core = data.get("core", ())
    rows = data.get("rows", {})
    levels = data["type"] == "level"
    list_name = data.get("options", "")
    return Item(
        number=number,
        name=data["name"],
        words=words(data),
        help=optional_words(data.get("help")) or _NO_WORDS,
        kind=data["kind"],
        type=data["type"],
        shown=data["shown"],
        seconds=data["seconds"],
        counterpart=data.get("counterpart", False),
        caution=data.get("caution", False),
        core=("",) if core is True else tuple(core or ()),
        short=data.get("short", ""),
        value=data.get("value", ""),
        options=lists.get(list_name, ()),
        list_name=list_name,
        fields=MappingProxyType(
            {key: field_of(key, value, lists) for key, value in data.get("fields", {}).items()}
        ),
        low=0 if levels else data.get("min"),
        high=len(lists.get(list_name, ())) - 1 if levels else data.get("max"),
        unit="level" if levels else data.get("unit", ""),
        whole=levels or data.get("whole", False),
        row_min=rows.get("min", 0),
        row_max=rows.get("max", 0),
        row_sum=rows.get("sum", 0),
        rows_per_party=rows.get("per_party", False),
        shown_fields=tuple(data.get("shown_fields", ())),
        proof_asked=optional_words(data.get("proof_asked")),
        frame_sentence=optional_words(data.get("frame_sentence")),
    )


def question_of(data: Mapping[str, Any], items: Mapping[str, Item]) -> Question:
    """Read a question and gather its items."""
    number = data["number"]
    return Question(
        number,
        words(data),
        words(data["short"]),
        tuple(i for i in items.values() if i.question == number),
    )


def pledge_of(data: Mapping[str, Any]) -> Pledge:
    """Read a pledge."""
    return Pledge(
        data["key"],
        words(data),
        words(data["short"]),
        words(data["clause"]),
        data.get("caution", False),
    )


def formula_of(data: Mapping[str, Any]) -> Formula:
    """Read a named part of conditions."""
    return Formula(data["name"], tuple(data["of"]), data["is"])


def measure_of(data: Mapping[str, Any]) -> Measure:
    """Read a measure."""
    return Measure(
        data["id"],
        data["weight"],
        tuple(data["items"]),
        tuple(data["proof"]),
        data["formula"],
        words(data),
        words(data["how"]),
    )


def gate_of(data: Mapping[str, Any]) -> Gate:
    """Read a gate."""
    return Gate(data["id"], data["measure"], data["at_least"], data.get("pledge", ""), words(data))


def phrases_of(data: Any) -> tuple[Phrase, ...]:
    """Read the words of a finding: one pair, or several with conditions."""
    entries = data if isinstance(data, list) else [data]
    return tuple(Phrase(words(entry), entry.get("when", "")) for entry in entries)


def sources_of(data: Any) -> tuple[Source, ...]:
    """Read ``["5.1", "Y:5.1"]``."""
    return tuple(Source(entry.removeprefix("Y:"), entry.startswith("Y:")) for entry in data)


def rule_of(data: Mapping[str, Any]) -> Rule:
    """Read a rule of S, D or L."""
    return Rule(
        id=data["id"],
        kind=data["kind"],
        points=data["points"],
        when=data["when"],
        phrases=phrases_of(data["words"]),
        undo=words(data["undo"]),
        items=sources_of(data["items"]),
        proof=sources_of(data.get("proof", ())),
        values=MappingProxyType(dict(data.get("values", {}))),
    )


def conflict_of(data: Mapping[str, Any]) -> Conflict:
    """Read a conflict."""
    return Conflict(
        id=data["id"],
        weight=data["weight"],
        scope=data["scope"],
        red=data.get("red", False),
        caution=data.get("caution", False),
        words=words(data),
        let=tuple((name, text) for entry in data.get("let", ()) for name, text in entry.items()),
        severity=data["severity"],
        phrases=phrases_of(data["words"]),
        values=MappingProxyType(dict(data.get("values", {}))),
        items=sources_of(data["items"]),
        way_out=words(data["way_out"]),
        pledges=tuple(data.get("pledges", ())),
    )


def gap_of(data: Mapping[str, Any]) -> Gap:
    """Read a gap or a note."""
    cases = tuple(
        GapCase(
            when=case["when"],
            phrases=phrases_of(case["words"]),
            values=MappingProxyType(dict(case.get("values", {}))),
            items=sources_of(case["items"]),
            unit=case.get("unit", ""),
            unit_of=case.get("unit_of", ""),
        )
        for case in data["cases"]
    )
    each = next(iter(data["each"].items())) if "each" in data else None
    return Gap(
        data["id"],
        data["scope"],
        data.get("note", False),
        words(data),
        cases,
        each,
        data.get("each_row", ""),
    )


def kind_of(data: Mapping[str, Any]) -> Kind:
    """Read a kind of result."""
    roles = data.get("roles")
    return Kind(
        key=data["key"],
        words=words(data),
        reading=words(data["reading"]),
        score=data.get("score", ""),
        roles=(roles[0], roles[1]) if roles else None,
        no_load=data.get("no_load", False),
        sentences=MappingProxyType({key: words(data[key]) for key in _SENTENCES if key in data}),
    )


def thresholds_of(data: Mapping[str, Any]) -> Thresholds:
    """Read the figures of the result order."""
    cap = data["logo_cap"]
    return Thresholds(
        partnership=data["partnership"],
        max_load=data["max_load"],
        named=data["named"],
        making=data["making"]["at_least"],
        making_gate=data["making"]["gate"],
        runner_up=data["runner_up"],
        proven=data["proven"],
        cap=cap["at_most"],
        cap_unless=cap["unless"],
        cap_with_any=tuple(cap["with_any"]),
    )


def interests_of(data: Mapping[str, Any]) -> InterestRules:
    """Read the thresholds of the three columns."""
    return InterestRules(
        common=data["common"]["at_least"],
        need=data["complementary"]["need"],
        have=data["complementary"]["have"],
        own=data["opposed"]["at_least"],
        severity=data["opposed"]["severity"],
        clashes=tuple((first, second) for first, second in data["clashes"]),
        words=MappingProxyType(
            {key: words(data[key]) for key in ("common", "complementary", "opposed")}
        ),
    )


def move_of(data: Mapping[str, Any]) -> MoveRule:
    """Read a move of the ladder."""
    return MoveRule(
        id=data["id"],
        do=data["do"],
        words=words(data),
        per_party=data.get("per_party", False),
        item=data.get("item", ""),
        field=data.get("field", ""),
        value=data.get("value"),
        pledge=data.get("pledge", ""),
        have=data.get("have", 0),
        need=data.get("need", 0),
        due_months=data.get("due_months", 0),
        person=optional_words(data.get("person")),
    )
