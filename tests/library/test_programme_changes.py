"""What differs between two versions of a rule file, and on which line a problem stands."""

from __future__ import annotations

import pytest

from mutualist.library.programme_changes import line_of, rule_changes

OLD = """
version: "1"
numbers: {people: 2}
levels:
  - {id: silver, words: {de: Silber, en: Silver}, requires: [{if: total >= 50}]}
  - {id: gold, words: {de: Gold, en: Gold}, requires: [{if: total >= 100}]}
"""


def changed(new: str, language: str = "en"):
    return [
        (one.place, one.words, one.before, one.after) for one in rule_changes(OLD, new, language)
    ]


def test_the_version_alone_is_no_change():
    assert changed(OLD.replace('"1"', '"2"')) == []


def test_a_changed_entry_is_named_in_the_language_of_the_reader():
    new = OLD.replace("total >= 50", "total >= 60")
    place = "levels.silver.requires"
    before, after = "[{if: total >= 50}]", "[{if: total >= 60}]"
    assert changed(new) == [(place, "Silver", before, after)]
    assert changed(new, "de") == [(place, "Silber", before, after)]


def test_what_comes_and_what_goes():
    new = OLD.replace("numbers: {people: 2}", "numbers: {firms: 3}")
    assert changed(new) == [("numbers.firms", "", None, "3"), ("numbers.people", "", "2", None)]


def test_levels_in_another_order_are_a_change():
    *head, silver, gold = OLD.rstrip("\n").split("\n")
    assert changed("\n".join([*head, gold, silver])) == [
        ("levels", "", "silver, gold", "gold, silver")
    ]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("numbers.people", 3),
        ("levels.gold.requires", 6),
        ("levels[0].requires", 5),
        ("numbers.nothing", 3),
        ("nothing", None),
    ],
)
def test_a_place_has_a_line(place, line):
    assert line_of(OLD, place) == line


def test_a_text_that_is_no_yaml_has_no_lines():
    assert line_of("a: [", "a") is None
