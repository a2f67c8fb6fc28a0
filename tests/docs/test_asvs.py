"""The table of the ASVS names every requirement once, and only tests that exist."""

from __future__ import annotations

import ast
import csv
import importlib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
STATES = {"tested", "reasoned", "not_applicable", "open"}
KEYS = {"id", "level", "ours", "state", "tests", "note"}


def standard() -> dict[str, int]:
    """Return every id of the standard with its level."""
    with (Path(__file__).parent / "asvs-5.0.0.csv").open(encoding="utf-8") as file:
        return {row["id"]: int(row["level"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    return yaml.safe_load((DOCS / "asvs.yaml").read_text(encoding="utf-8"))


@cache
def names_in(file: Path) -> frozenset[str]:
    """Return the names of the tests of a file, without running it."""
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_the_list_of_the_standard_is_whole() -> None:
    levels = Counter(standard().values())
    assert levels == {1: 70, 2: 183, 3: 92}


def test_every_requirement_stands_there_once(rows: list[dict]) -> None:
    levels = standard()
    ids = [row["id"] for row in rows]
    assert not [name for name, count in Counter(ids).items() if count > 1]
    assert not [row["id"] for row in rows if row["level"] != levels.get(row["id"])]
    assert {name for name, level in levels.items() if level < 3} <= set(ids)
    assert sum(level < 3 for level in map(levels.__getitem__, ids)) == 253


def test_thirty_of_level_three_are_met(rows: list[dict]) -> None:
    third = [row for row in rows if row["level"] == 3]
    assert len(third) >= 30
    assert {row["state"] for row in third} <= {"tested", "reasoned"}, "only those that are met"


def test_every_row_says_something(rows: list[dict]) -> None:
    for row in rows:
        assert set(row) <= KEYS, row
        assert row["state"] in STATES, row
        assert 0 < len(row["ours"]) <= 80, row
        assert row.get("note", "none"), row
        if row["state"] == "tested":
            assert row.get("tests"), row
        else:
            assert row.get("note"), row
        if row["state"] in {"reasoned", "not_applicable"}:
            assert "tests" not in row, "a row with tests is tested, or open for the rest"


def test_every_test_that_is_named_exists(rows: list[dict]) -> None:
    named = {node for row in rows for node in row.get("tests", ())}
    assert len(named) > 100
    missing = []
    for node in sorted(named):
        file, _colons, name = node.partition("::")
        if name not in names_in(ROOT / file):
            missing.append(node)
    assert not missing


def test_a_place_that_is_named_exists(rows: list[dict]) -> None:
    words = [word.strip("();,.:") for row in rows for word in row.get("note", "").split()]
    places = {word for word in words if word.startswith(("docs/", "deploy/", "tests/", "src/"))}
    assert places
    assert not [place for place in places if not (ROOT / place).exists()]


def test_the_page_is_current(rows: list[dict], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    making = importlib.import_module("make_asvs")
    assert making.PAGE.read_text(encoding="utf-8") == making.page(rows), "run docs/make_asvs.py"


def test_the_counts_at_the_top_are_those_of_the_data(rows: list[dict]) -> None:
    text = (DOCS / "asvs.md").read_text(encoding="utf-8")
    line = next(x for x in text.splitlines() if x.startswith("| **All**"))
    count = Counter(row["state"] for row in rows if row["level"] < 3)
    shown = [int(cell) for cell in line.strip("| ").split("|")[1:]]
    order = ("tested", "reasoned", "not_applicable", "open")
    assert shown == [*(count[state] for state in order), 253, len(rows) - 253]
