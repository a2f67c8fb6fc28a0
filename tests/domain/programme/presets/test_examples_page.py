"""The page of examples: every formula, period, course and set of rules on it gives what it says."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from domain.programme.presets.examples import facts_of
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.rules.windows import read_span, read_window
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.score import score
from mutualist.domain.programme.status.course import course
from mutualist.domain.programme.status.model import Attained

ROOT = Path(__file__).resolve().parents[4]
PAGES = {
    lang: (ROOT / f"docs/{lang}/programme-examples.md").read_text("utf-8") for lang in ("de", "en")
}
DAY = dt.date(2026, 11, 22)
HEAD = {
    "schema": "programme/1",
    "id": "example",
    "version": "1",
    "effective": {"from": dt.date(2024, 1, 1)},
    "levels": [{"id": "member"}],
}
MONTHS = {"February": 2, "July": 7, "Februar": 2, "Juli": 7}
NOTHING = {"empty", "leer"}
YES = {"yes": True, "ja": True, "no": False, "nein": False}


def tables(page, columns):
    """Return the rows of all tables of the page that have so many columns and begin with a formula."""
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in page.splitlines()
        if line.startswith("| `")
    ]
    return [row for row in rows if len(row) == columns and not row[0].startswith("`status`")]


def examples(page):
    found = []
    blocks = re.findall(r"^```yaml example\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for number, text in enumerate(blocks, 1):
        block = yaml.safe_load(text)
        for at, case in enumerate(block.get("cases", [block]), 1):
            found.append(pytest.param(block["rules"], case, id=f"{number}.{at}"))
    return found


def plain(cell):
    return cell.replace("`", "")


FORMULAS = tables(PAGES["en"], 2)
WINDOWS = [row for row in tables(PAGES["en"], 4) if row[0] != "`during`"]
COURSES = [row for row in tables(PAGES["en"], 3) if row[0].startswith("`{")]


@pytest.mark.parametrize(("formula", "result"), FORMULAS)
def test_a_formula_gives_what_the_page_says(formula, result):
    formula = plain(formula)
    if result in YES:
        levels = [{"id": "yes", "requires": [{"if": formula}]}]
        found = score(Facts({"id": "p"}, {}), read_rules(HEAD | {"levels": levels}), DAY)
        assert (found.level == "yes") is YES[result]
        return
    rules = read_rules(HEAD | {"metrics": {"x": {"value": formula}}})
    value = score(Facts({"id": "p"}, {}), rules, DAY).metrics["x"].value
    assert value == (None if result in NOTHING else Fraction(result))


@pytest.mark.parametrize(("during", "scored", "first", "last"), WINDOWS)
def test_a_period_has_the_days_of_the_page(during, scored, first, last):
    text, _comma, ago = plain(during).partition(", ago: ")
    day, _blank, month = scored.partition(" ")
    window = read_window(text, read_span(ago) if ago else None)
    bounds = window.bounds(dt.date.fromisoformat(day), MONTHS.get(month.strip("()"), 1))
    assert [one.isoformat() for one in bounds] == [first, last]


def changes(cell):
    found = []
    for part in cell.split(", "):
        level, _from, day = part.partition(" from ")
        found.append((dt.date.fromisoformat(day), None if level == "none" else level))
    return found


@pytest.mark.parametrize(("status", "met", "held"), COURSES)
def test_a_course_is_that_of_the_page(status, met, held):
    levels = [{"id": "silver"}, {"id": "gold"}]
    rules = read_rules(HEAD | {"levels": levels, "status": yaml.safe_load(plain(status))})
    attained = [Attained(day, level) for day, level in changes(met)]
    first, last = dt.date(2026, 1, 1), dt.date(2027, 6, 30)
    found = course(rules.status, ["silver", "gold"], attained, first, last)
    told: list[tuple[dt.date, str | None]] = []
    for one in found[1:]:
        if one.level != (told[-1][1] if told else None):
            told.append((one.day, one.level))
    assert told == changes(held)


@pytest.mark.parametrize(("rules", "case"), examples(PAGES["en"]))
def test_rules_give_what_the_page_says(rules, case):
    read = read_rules(HEAD | rules)
    found = score(facts_of(read, case["facts"]), read, case["as_of"])
    gives = dict(case["gives"])
    for name, value in gives.pop("measures", {}).items():
        assert (name, found.measures[name]) == (name, Fraction(str(value)))
    for name, value in gives.pop("points", {}).items():
        assert (name, found.metrics[name].points) == (name, Fraction(str(value)))
    for name, value in gives.pop("tracks", {}).items():
        assert (name, found.tracks[name]) == (name, Fraction(str(value)))
    for name, items in gives.pop("missing", {}).items():
        assert list(found.metrics[name].missing) == items
    for name, value in gives.items():
        assert (name, getattr(found, name)) == (name, value)


def test_the_fourteen_groups_are_there_each_with_something_computed():
    for page in PAGES.values():
        sections = re.split(r"^## (\d+)\. ", page, flags=re.MULTILINE)[1:]
        assert sections[::2] == [str(number) for number in range(1, 15)]
        for text in sections[1::2]:
            assert "```yaml example" in text or "| `" in text


def test_both_pages_show_the_same():
    for columns in (2, 3, 4):
        german, english = (
            [[plain(cell) for cell in row] for row in tables(PAGES[lang], columns)]
            for lang in ("de", "en")
        )
        assert [row[0] for row in german] == [row[0] for row in english]
    assert [one.values for one in examples(PAGES["de"])] == [
        one.values for one in examples(PAGES["en"])
    ]
