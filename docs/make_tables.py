"""Writes the tables of docs/{de,en}/methods.md and formats.md from the rule file.

Run it after a change of the rule file: ``.venv/bin/python docs/make_tables.py``. A page says where a table belongs with
``<!-- begin rules -->`` and ``<!-- end rules -->``; everything between the two is replaced. A test compares.
"""  # noqa: INP001 - a script beside the pages it writes

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tables import asked, counted, files
from tables.words import LANGUAGES

HERE = Path(__file__).resolve().parent
PAGES = ("methods.md", "formats.md")
PLACE = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)

SECTIONS: Mapping[str, Callable[[str], str]] = {
    "items": asked.items,
    "lists": asked.lists,
    "pledges": asked.pledges,
    "measures": counted.measures,
    "gates": counted.gates,
    "thresholds": counted.thresholds,
    "kinds": counted.kinds,
    "rules": counted.rule_tables,
    "formulas": counted.formulas,
    "conflicts": counted.conflicts,
    "gaps": counted.gaps,
    "clashes": counted.clashes,
    "moves": counted.moves,
    "weaknesses": counted.weaknesses,
    "vocabulary": counted.vocabulary,
    "room_items": files.room_items,
    "room_frame": files.room_frame,
}


def filled(text: str, lang: str) -> str:
    """Return a page with its tables as the rule file has them today."""
    return PLACE.sub(lambda found: f"{found[1]}\n{SECTIONS[found[2]](lang)}\n{found[3]}", text)


def pages() -> Iterable[tuple[Path, str]]:
    """Yield the pages that hold tables, with their languages."""
    for lang in LANGUAGES:
        for name in PAGES:
            yield HERE / lang / name, lang


if __name__ == "__main__":
    for page, language in pages():
        page.write_text(filled(page.read_text(encoding="utf-8"), language), encoding="utf-8")
