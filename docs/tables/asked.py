"""What is asked: items, goals, capabilities, levels of proof, pledges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tables.words import SOURCE, names, options, pick, say, table


def answers(  # noqa: PLR0911 - one return a type
    item: Mapping[str, Any], lang: str
) -> str:
    """Return in words what can be answered to an item."""
    kind = item["type"]
    if kind == "text":
        return pick(
            lang,
            f"Text, höchstens {item['max']} Zeichen",
            f"text, at most {item['max']} characters",
        )
    if kind == "number":
        return pick(lang, "Zahl", "number") + f" ({say(lang, item['unit'])})"
    if kind == "points":
        whose = {"goals": pick(lang, "die elf Ziele", "the eleven goals")}.get(item["options"])
        over = whose or options(item["options"], lang)
        return pick(lang, f"100 Punkte auf {over}", f"100 points over {over}")
    if kind == "pledges":
        return pick(lang, "je Zusage: ", "for each pledge: ") + options(item["options"], lang)
    if kind in {"choice", "level", "owner"}:
        return options(item["options"], lang)
    listed = "; ".join(f"{field[lang]}: {column(field, lang)}" for field in item["fields"].values())
    if kind == "rows":
        most = item["rows"]["max"]
        return pick(lang, f"bis zu {most} Zeilen – ", f"up to {most} rows – ") + listed
    return listed


def column(field: Mapping[str, Any], lang: str) -> str:
    """Return in words what can be put into a field."""
    kind = field["type"]
    if kind == "levels":
        return pick(lang, "die zwölf Fähigkeiten, je 0–4", "the twelve capabilities, 0–4 each")
    if kind == "list" and field["options"] == "capabilities":
        return pick(lang, "die zwölf Fähigkeiten", "the twelve capabilities")
    if "options" in field:
        return options(field["options"], lang)
    plain = {
        "number": pick(lang, "Zahl", "number")
        + (f" ({say(lang, field['unit'])})" if "unit" in field else ""),
        "amount": pick(lang, "Menge", "amount"),
        "text": "Text" if lang == "de" else "text",
        "month": pick(lang, "Monat", "month"),
        "proof": "E0–E4",
        "party": pick(lang, "eine andere Seite", "another party"),
        "payer": pick(lang, "Endkunde oder eine andere Seite", "customer or another party"),
    }
    return plain[kind]


def core(item: Mapping[str, Any]) -> str:
    """Return which part of an item is a core item."""
    mark = item.get("core", False)
    return "●" if mark is True else "● " + ", ".join(f"`{one}`" for one in mark) if mark else ""


def items(lang: str) -> str:
    """Return the 36 items, question by question."""
    head = pick(
        lang,
        "Nr.|Frage|Art|Antworten|Beleg|Sieht die andere Seite|Kern|Sek.",
        "No.|Question|Kind|Answers|Proof asked|The other side sees it|Core|Sec.",
    ).split("|")
    parts = []
    for question in SOURCE["questions"]:
        rows = [
            (
                number,
                f"**{item[lang]}**<br>{item['help'][lang]}",
                say(lang, item["kind"]),
                answers(item, lang),
                item.get("proof_asked", {}).get(lang, "–"),
                say(lang, item["shown"]),
                core(item),
                item["seconds"],
            )
            for number, item in SOURCE["items"].items()
            if number.startswith(f"{question['number']}.")
        ]
        title = pick(lang, "Frage", "Question") + f" {question['number']} – {question[lang]}"
        parts.append(f"#### {title}\n\n{table(head, rows)}")
    return "\n".join(parts)


def lists(lang: str) -> str:
    """Return goals, capabilities and levels of proof."""
    goals = [(one["code"], one[lang], f"`{one['key']}`") for one in SOURCE["lists"]["goals"]]
    skills = [
        (one[lang], "●" if "changes_product" in one.get("flags", ()) else "", f"`{one['key']}`")
        for one in SOURCE["lists"]["capabilities"]
    ]
    proof = [(one["code"], one[lang], one["key"]) for one in SOURCE["lists"]["proof_levels"]]
    key = pick(lang, "Schlüssel", "Key")
    return "\n".join(
        (
            table(("", pick(lang, "Ziel", "Goal"), key), goals),
            table(
                (
                    pick(lang, "Fähigkeit", "Capability"),
                    pick(lang, "verändert das Produkt (D2)", "changes the product (D2)"),
                    key,
                ),
                skills,
            ),
            table(("", pick(lang, "Beleg", "Proof"), key), proof),
        )
    )


def pledges(lang: str) -> str:
    """Return the ten pledges with their clauses."""
    head = pick(
        lang, "|Zusage|Entwurf der Klausel|Recht prüfen", "|Pledge|Draft clause|Check the law"
    ).split("|")
    rows = [
        (one["key"], one[lang], names(one["clause"][lang]), "●" if one.get("caution") else "")
        for one in SOURCE["pledges"]
    ]
    return table(head, rows) + f"\n{SOURCE['texts']['caution'][lang]}\n"
