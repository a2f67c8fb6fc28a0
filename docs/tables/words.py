"""What all tables share: the rule file, words for keys, and the form of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mutualist.library import rules

LANGUAGES = ("de", "en")
SOURCE: Mapping[str, Any] = rules.builtin().source

# German and English of what is not in the rule file: headings of columns and words for keys.
SAID = {
    "own": ("eigen", "own"),
    "mirror": ("Spiegel", "mirror"),
    "proof": ("Beleg", "proof"),
    "pledge": ("Zusage", "pledge"),
    "opening": ("ja", "yes"),
    "finding": ("nur was sich ergibt", "only what follows"),
    "mutual": ("nur gemeinsames Ja", "only a mutual yes"),
    "never": ("nie", "never"),
    "split": (
        "erste Zahl ja, zweite nur was sich ergibt",
        "first number yes, second only what follows",
    ),
    "supplier": ("Lieferbeziehung (S)", "Supplier relationship (S)"),
    "distributor": ("Vertriebsbeziehung (D)", "Distribution relationship (D)"),
    "logo": ("Nur Logo (L)", "Logo only (L)"),
    "ordered": ("je Richtung", "each direction"),
    "pair": ("je Paar", "each pair"),
    "room": ("einmal je Raum", "once a room"),
    "party": ("je Seite", "each party"),
    "money": ("Geld", "money"),
    "years": ("Jahre", "years"),
    "months": ("Monate", "months"),
    "percent": ("Prozent", "per cent"),
    "persons": ("Personen", "persons"),
    "pieces": ("Stück", "pieces"),
    "capacity": ("Leistung im Jahr", "units of output a year"),
    "": ("", ""),
}


def say(lang: str, key: str) -> str:
    """Return a word of this script in a language."""
    return SAID[key][LANGUAGES.index(lang)]


def pick(lang: str, german: str, english: str) -> str:
    """Return one of two texts."""
    return german if lang == "de" else english


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; what would end a cell is escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = [str(cell).replace("\n", " ").replace("|", "\\|") for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def code(text: str) -> str:
    """Return a condition as code on one line."""
    return f"`{' '.join(str(text).split())}`"


def names(text: str) -> str:
    """Show X, Y and K of a sentence as they are, every other placeholder as dots."""
    return re.sub(r"\{(\w+)\}", lambda found: found[1] if found[1] in "XYK" else "…", text)


def words(entry: Mapping[str, Any], lang: str) -> str:
    """Return the sentence of a rule, or all of them."""
    given = entry["words"]
    return "<br>".join(names(one[lang]) for one in (given if isinstance(given, list) else [given]))


def options(name: str, lang: str) -> str:
    """Return what a list offers, in words."""
    if name == "parties":
        return pick(lang, "die Beteiligten", "the parties")
    return " · ".join(
        " ".join(filter(None, (one.get("code", ""), one[lang]))) for one in SOURCE["lists"][name]
    )


def keys(name: str) -> str:
    """Return what a list offers, as it stands in files."""
    return (
        "party id" if name == "parties" else ", ".join(one["key"] for one in SOURCE["lists"][name])
    )
