"""The page of messages about rules, as it is committed; run this file to write its tables anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[4]
#: File with the sentences, its key, and the heading of its table in German and English.
TABLES = (
    ("problems", "problems", "Mistakes in rules", "Fehler in Regeln"),
    ("findings", "findings", "Doubts about rules", "Zweifel an Regeln"),
    ("fact_problems", "problems", "Mistakes in facts", "Fehler in Tatsachen"),
)
_PLACEHOLDER = re.compile(r"\{(\w+)(?:![rs])?(?::[^}]*)?\}")


def page(lang: str) -> Path:
    """Return the file of a language."""
    return ROOT / "docs" / lang / "programme-messages.md"


def sentences(name: str, key: str) -> Mapping[str, Mapping[str, str]]:
    """Return the sentences of a file by code and language."""
    content = files("mutualist.domain.programme").joinpath("data", f"{name}.yaml")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(content.read_text("utf-8"))[key]
    return found


def shown(text: str) -> str:
    """Return a sentence as the page shows it: what the program fills in stands as …."""
    doubled = text.replace("{{", "\x00").replace("}}", "\x01")
    plain = _PLACEHOLDER.sub("…", doubled).replace("\x00", "{").replace("\x01", "}")
    return plain.replace("|", "\\|").replace("<", "&lt;")


def table(lang: str, name: str, key: str) -> str:
    """Return the rows of a table, by code."""
    # What is put behind another message stands for itself nowhere.
    rows = sorted(one for one in sentences(name, key).items() if one[0] != "near")
    return "\n".join(f"| `{code}` | {shown(text[lang])} |" for code, text in rows)


def with_tables(lang: str) -> str:
    """Return the page with its tables as the code has them."""
    text = page(lang).read_text("utf-8")
    for name, key, english, german in TABLES:
        heading = german if lang == "de" else english
        before, found, rest = text.partition(f"\n## {heading}\n")
        assert found, heading
        own, mark, after = rest.partition("\n## ")
        intro, rule, _rows = own.partition("|---|---|\n")
        assert rule, heading
        text = f"{before}{found}{intro}{rule}{table(lang, name, key)}\n{mark}{after}"
    return text


if __name__ == "__main__":
    for language in ("de", "en"):
        page(language).write_text(with_tables(language), "utf-8")
