"""Rule files broken at random: either they can be used, or every mistake is told; never anything else."""

from __future__ import annotations

import copy
import datetime as dt
import re
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.domain.programme.presets import presets
from mutualist.domain.programme.rules.lint import lint
from mutualist.domain.programme.rules.problems import RuleSetError
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.explaining import explain
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.score import score

LUMEN = Path(__file__).resolve().parents[4] / "examples/programme/lumen.yaml"
FILES = [yaml.safe_load(text) for text in (LUMEN.read_text("utf-8"), *(p.text for p in presets()))]
WORDS = (
    "", "x", "total", "value", "day", "1", "-1", "1/0", "a b", "(" * 100, "ä" * 5000, "\0", "3 %", "101 %",
    "last 12 months", "last 99999 years", "last 0 days", "12 months", "since partner.enrolled", "this month",
    "any day of last 1 month", "count", "sum(value)", "count(distinct value)", "total >= 70", "met.gold", "all_positive()",
    "per_unit(value, 0, 0)", "linear(value, 0, 0)", "brackets(value, [[5, 1], [1, 5]])", "value / value", "{x}", "²",
    "name in exams", "valid(name, exams, day)", "lookup(a, b, c)", "9999-12-31", "0001-01-01", "2026-13-01",
)  # fmt: skip
ODD = (
    None, True, 0, -1, 13, 1.5, 10**40, float("nan"), float("inf"), b"x", dt.date.min, dt.date.max,
    dt.datetime(2026, 1, 1, tzinfo=dt.UTC), [], {}, [[]], [None], [{}], {1: 2}, {None: None}, {"de": "x"}, ["a", "a"],
    {"de": 1, "en": []},
)  # fmt: skip
SIGNS = ("(", ")", "[", "]", " ", "+", "/0", " or ", "1", "'", ".", "𝟙")


def places(part, way=()):
    """The ways to every part of a document."""
    if way:
        yield way
    inner = ()
    if isinstance(part, dict | list):
        inner = list(part.items() if isinstance(part, dict) else enumerate(part))
    for key, value in inner:
        yield from places(value, (*way, key))


def at(document, way):
    for key in way:
        document = document[key]
    return document


@st.composite
def broken_files(draw):
    """A rule file with up to three places replaced, taken away, exchanged or misspelt."""
    document = copy.deepcopy(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 3))):
        every = list(places(document))
        way = draw(st.sampled_from(every))
        part, key = at(document, way[:-1]), way[-1]
        how = draw(st.sampled_from(["replace", "take away", "another", "misspell"]))
        if how == "take away":
            del part[key]
        elif how == "another":
            part[key] = copy.deepcopy(at(document, draw(st.sampled_from(every))))
        elif how == "misspell" and isinstance(part[key], str):
            place = draw(st.integers(0, len(part[key])))
            part[key] = part[key][:place] + draw(st.sampled_from(SIGNS)) + part[key][place:]
        else:
            part[key] = copy.deepcopy(draw(st.sampled_from(WORDS + ODD)))
    return document


def read(document):
    """The rules and no mistakes, or no rules and their mistakes."""
    try:
        return read_rules(document), ()
    except RuleSetError as error:
        return None, error.problems


@settings(max_examples=200, deadline=None)
@given(broken_files())
def test_a_broken_file_is_refused_with_every_mistake_or_can_be_used(document):
    rules, mistakes = read(document)
    for one in mistakes:
        assert one.message("de") != one.message("en")
        assert not re.search(r"\{(value|known|key|text|at|de|en)\}(?!”|“|’)", one.message("en"))
    if rules is None:
        assert mistakes
        return
    for finding in lint(rules):
        assert finding.message("de") != finding.message("en")
    facts = Facts({"id": "p", "name": "P"})
    for day in (rules.since, dt.date(2026, 11, 22)):
        found = score(facts, rules, day)
        assert all(list(explain(found, rules, language)) for language in ("de", "en"))
