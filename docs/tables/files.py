"""What a room file may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tables.words import LANGUAGES, SOURCE, keys, pick, say, table


def feeds() -> dict[str, list[str]]:
    """Return for each item what reads it."""
    found: dict[str, list[str]] = {number: [] for number in SOURCE["items"]}

    def note(sources: Iterable[str], name: str) -> None:
        for source in sources:
            number = source.removeprefix("Y:")
            if name not in found[number]:
                found[number].append(name)

    for part in ("measures", "rules", "conflicts"):
        for one in SOURCE[part]:
            note(one["items"], one["id"])
            note(one.get("proof", ()), one["id"])
    for one in SOURCE["gaps"]:
        for case in one["cases"]:
            note(case["items"], one["id"])
    return found


def limits(field: Mapping[str, Any], lang: str) -> str:
    """Return the bounds of a number."""
    low, high = field.get("min"), field.get("max")
    whole = (
        pick(lang, "ganze Zahl", "whole number")
        if field.get("whole")
        else pick(lang, "Zahl", "number")
    )
    unit = f", {say(lang, field['unit'])}" if field.get("unit") else ""
    if low is not None and high is not None:
        return f"{whole} {low}–{high}{unit}"
    return f"{whole} ≥ {low}{unit}" if low is not None else f"{whole}{unit}"


def field_format(field: Mapping[str, Any], lang: str) -> str:
    """Return the allowed values of a field of an item."""
    kind = field["type"]
    if kind in {"number", "amount"}:
        return limits(field, lang)
    plain = {
        "text": "Text" if lang == "de" else "text",
        "month": "`YYYY-MM`",
        "date": "`YYYY-MM-DD`",
        "currency": pick(lang, "drei Buchstaben (ISO 4217)", "three letters (ISO 4217)"),
        "proof": "0–4",
        "party": pick(lang, "Kennung einer anderen Seite", "id of another party"),
        "payer": pick(
            lang, "`customer` oder Kennung einer anderen Seite", "`customer` or id of another party"
        ),
    }
    if kind in plain:
        return plain[kind]
    listed = keys(field["options"])
    if kind == "list":
        return pick(lang, "Liste aus ", "list of ") + listed
    if kind == "levels":
        return pick(lang, "Schlüssel → 0–4: ", "key → 0–4: ") + listed
    return listed + (
        pick(lang, " oder Kennung einer Seite", " or a party id") if field.get("parties") else ""
    )


def item_format(  # noqa: PLR0911 - one return a type
    item: Mapping[str, Any], lang: str
) -> str:
    """Return the allowed values of an item."""
    kind = item["type"]
    if kind == "text":
        return pick(
            lang,
            f"Text, höchstens {item['max']} Zeichen",
            f"text, at most {item['max']} characters",
        )
    if kind == "number":
        return limits(item, lang)
    if kind == "points":
        return pick(
            lang, "Schlüssel → ganze Zahl, Summe 100: ", "key → whole number, sum 100: "
        ) + keys(item["options"])
    if kind == "level":
        return pick(lang, "ganze Zahl 0–4", "whole number 0–4")
    if kind == "pledges":
        return "P1–P10 → " + ", ".join(
            f'"{one["key"]}"' for one in SOURCE["lists"][item["options"]]
        )
    if kind == "owner":
        return keys(item["options"]) + pick(
            lang, " oder Kennung einer anderen Seite", " or id of another party"
        )
    if kind == "choice":
        return keys(item["options"])
    return "<br>".join(
        f"`{name}`{'*' if field.get('required') or name == item.get('short') else ''}: {field_format(field, lang)}"
        for name, field in item["fields"].items()
    )


TYPES = {
    "text": ("Text", "text"),
    "points": ("Zuordnung", "mapping"),
    "fields": ("Felder", "fields"),
    "rows": ("Zeilen", "rows"),
    "choice": ("Auswahl", "choice"),
    "owner": ("Auswahl", "choice"),
    "level": ("Stufe", "level"),
    "number": ("Zahl", "number"),
    "pledges": ("Zuordnung", "mapping"),
}


def room_items(lang: str) -> str:
    """Return the items of a room file: type, allowed values, what reads them."""
    head = pick(lang, "Schlüssel|Form|Erlaubt|Gelesen von", "Key|Form|Allowed|Read by").split("|")
    reads = feeds()
    rows = []
    for number, item in SOURCE["items"].items():
        form = TYPES[item["type"]][LANGUAGES.index(lang)]
        if item["type"] == "rows":
            form += f" ({item['rows'].get('min', 0)}–{item['rows']['max']})"
        if item.get("counterpart"):
            form += " **C**"
        if item.get("rows", {}).get("per_party"):
            form += " **W**"
        rows.append(
            (f'`"{number}"`', form, item_format(item, lang), ", ".join(reads[number]) or "–")
        )
    return table(head, rows)


def room_frame(lang: str) -> str:
    """Return frame and header of a room file."""
    head = pick(lang, "Schlüssel|Bedeutung|Erlaubt", "Key|Meaning|Allowed").split("|")
    rows = [
        (f"`{part}.{name}`", field[lang], field_format(field, lang))
        for part in ("frame", "header")
        for name, field in SOURCE[part].items()
    ]
    return table(head, rows)
