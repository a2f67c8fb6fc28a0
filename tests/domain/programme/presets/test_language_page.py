"""The page about the rule language: its tutorial is the example file, and all it shows can be read and scored."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from mutualist.domain.programme.rules import functions, reading
from mutualist.domain.programme.rules.windows import read_window
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.score import score

ROOT = Path(__file__).resolve().parents[4]
LUMEN = yaml.safe_load((ROOT / "examples/programme/lumen.yaml").read_text("utf-8"))
PAGES = {
    lang: (ROOT / f"docs/{lang}/programme-rules.md").read_text("utf-8") for lang in ("de", "en")
}
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = [yaml.safe_load(text) for text in BLOCK.findall(PAGES["en"])]
TUTORIAL = 5


def added(rules, fragment):
    """Return rules with a fragment put beside them."""
    merged = dict(rules)
    for key, value in fragment.items():
        before = merged.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            merged[key] = before | value
        elif isinstance(before, list) and isinstance(value, list):
            merged[key] = before + value
        else:
            merged[key] = value
    return merged


def test_the_tutorial_is_the_example_file():
    built = {}
    for part in SHOWN[:TUTORIAL]:
        built |= part
    assert built == LUMEN


@pytest.mark.parametrize("fragment", SHOWN[TUTORIAL:], ids="-".join)
def test_every_answer_can_be_put_beside_the_tutorial(fragment):
    rules = reading.read_rules(added(LUMEN, fragment))
    partner = Facts({"id": "p", "name": "P"})
    assert score(partner, rules, dt.date(2026, 11, 22)).partner == "p"
    for section in ("metrics", "measures", "groups", "lists", "facts"):
        assert (
            fragment.get(section, {}).keys()
            <= getattr(rules, {"facts": "tables"}.get(section, section)).keys()
        )


def table_under(page, title):
    """Return the first cells of the table below a heading, split at their marks."""
    section = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    cells = [line.partition(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`([^`]*)`", cell)]


@pytest.mark.parametrize(
    ("lang", "parts", "called"),
    [("en", "Parts of the file", "Functions"), ("de", "Teile der Datei", "Funktionen")],
)
def test_the_tables_name_every_part_and_every_function(lang, parts, called):
    page = PAGES[lang]
    assert sorted(table_under(page, parts)) == sorted(reading.KEYS)
    names = {name.partition("(")[0] for name in table_under(page, called)}
    special = {"size", "valid", "lookup", "within_latest"}
    assert names | special == {*functions.FUNCTIONS, *functions.SPECIAL}
    for name in special:
        assert f"`{name}(" in page


@pytest.mark.parametrize(("lang", "title"), [("en", "Time"), ("de", "Zeit")])
def test_every_window_of_the_table_can_be_read(lang, title):
    windows = table_under(PAGES[lang], title)
    shown = [text for text in windows if text != "during"]
    assert len(shown) >= 9
    for text in shown:
        assert read_window(text, None) is not None, text


def test_both_pages_show_the_same_rules():
    blocks = [BLOCK.findall(page) for page in PAGES.values()]
    assert blocks[0] == blocks[1]
    assert len(blocks[0]) == len(SHOWN) > TUTORIAL
