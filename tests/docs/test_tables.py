"""The tables of the pages say what the rule file says today."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from mutualist.domain.assess import builtin_ruleset
from mutualist.domain.assess.functions import FUNCTIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def tables(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("make_tables")


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("name", ["methods.md", "formats.md"])
def test_tables_match_the_rule_file(tables, name, lang):
    text = (DOCS / lang / name).read_text(encoding="utf-8")
    assert text.count("<!-- begin ") >= 2
    assert tables.filled(text, lang) == text, "run docs/make_tables.py"


@pytest.mark.parametrize("lang", ["de", "en"])
def test_everything_in_the_rule_file_stands_on_the_methods_page(lang):
    text = (DOCS / lang / "methods.md").read_text(encoding="utf-8")
    rules = builtin_ruleset()
    ids = [*(one.id for one in (*rules.rules, *rules.conflicts, *rules.gaps))]
    assert not [name for name in ids if f"| **{name}** |" not in text]
    assert not [number for number in rules.items if f"| {number} | **" not in text]
    assert not [one.words[lang] for one in rules.pledges if one.words[lang] not in text]
    assert rules.version in text


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_function_of_the_language_is_described(lang):
    text = (DOCS / lang / "methods.md").read_text(encoding="utf-8")
    head = re.search(
        r"^\| (Function|Funktion) \|.*\n\|---\|---\|\n((?:\|.*\n)+)", text, re.MULTILINE
    )
    described = set(re.findall(r"`(\w+)\(", head[2]))
    assert described == set(FUNCTIONS)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_figures_in_the_sentences_are_those_of_the_rule_file(lang):
    """Figures outside the tables, which nothing writes anew."""
    text = (DOCS / lang / "methods.md").read_text(encoding="utf-8")
    source = builtin_ruleset().source
    common, opposed, skills = (
        source["interests"][key] for key in ("common", "opposed", "complementary")
    )
    assert (common["at_least"], opposed["at_least"], opposed["severity"]) == (15, 20, 2)
    assert (skills["need"], skills["have"]) == (3, 3)
    result = source["result"]
    figures = (
        result["partnership"],
        result["named"],
        result["making"]["at_least"],
        result["proven"],
    )
    assert figures == (60, 50, 40, 2)
    assert ", ".join(source["nobody"][1:]) in text
    minutes = sum(item["seconds"] for item in source["items"].values()) / 60
    assert f"{round(minutes)} {'Minuten' if lang == 'de' else 'minutes'}" in text
    assert len(source["conflicts"]) == 14
