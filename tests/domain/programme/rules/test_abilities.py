"""Abilities have names of their own: read, looked up in either language, and missed where partners have more."""

from __future__ import annotations

import jsonschema
import pytest

from domain.programme.rules.building import mapping, problems, rules
from mutualist.domain.programme.presets import preset_rules
from mutualist.domain.programme.rules.lint import lint_abilities
from mutualist.domain.programme.rules.schema import programme_schema

NAMED = {
    "iot": {"de": "Vernetzte Maschinen", "en": "Connected machines"},
    "Edge 2.0": "Edge",
}


def test_names_by_language_in_the_order_of_the_file():
    read = rules(abilities=NAMED)
    assert list(read.ability_words("de").items()) == [
        ("iot", "Vernetzte Maschinen"),
        ("Edge 2.0", "Edge"),
    ]
    assert read.ability_words("en")["iot"] == "Connected machines"
    assert rules().ability_words("de") == {}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("iot", "iot"),
        (" IoT ", "iot"),
        ("vernetzte  maschinen", "iot"),
        ("Connected Machines", "iot"),
        ("EDGE", "Edge 2.0"),
        ("Something else", "Something else"),
    ],
)
def test_people_may_name_an_ability_by_key_or_by_name(said, key):
    assert rules(abilities=NAMED).ability(said) == key


@pytest.mark.parametrize(
    ("abilities", "wrong"),
    [
        ({"a,b": "A"}, ("abilities", "not_ability")),
        ({"a|b": "A"}, ("abilities", "not_ability")),
        ({"a;b": "A"}, ("abilities", "not_ability")),
        ({" a": "A"}, ("abilities", "not_ability")),
        ({"": "A"}, ("abilities", "not_ability")),
        ({"a" * 81: "A"}, ("abilities", "not_ability")),
        ({"a": {"de": "A"}}, ("abilities.a", "not_words")),
        ({"a": "Same", "b": "same"}, ("abilities.b", "taken")),
        ({"a": {"de": "X", "en": "Y"}, "b": {"de": "Y", "en": "Z"}}, ("abilities.b", "taken")),
        ({"ai": "Prediction", "b": "AI"}, ("abilities.b", "taken")),
        (["a"], ("abilities", "not_mapping")),
    ],
)
def test_what_cannot_be_an_ability_is_refused_where_it_stands(abilities, wrong):
    assert wrong in problems(mapping(abilities=abilities))


def test_the_longest_key_is_one():
    assert problems(mapping(abilities={"a" * 80: "A"})) == []


def test_the_schema_says_the_same():
    checker = jsonschema.Draft202012Validator(programme_schema())
    assert checker.is_valid(mapping(abilities=NAMED))
    for key in ("a,b", "a|b", " a", "", "a" * 81):
        assert not checker.is_valid(mapping(abilities={key: "A"}))


def test_abilities_without_a_name_are_told():
    read = rules(abilities=NAMED)
    assert lint_abilities(read, ["iot", "Edge 2.0"]) == []
    (found,) = lint_abilities(read, ["ai", "iot", "ai"])
    assert (found.place, found.code, found.severity) == ("abilities", "ability_unnamed", "warning")
    assert "ai: {de: …, en: …}" in found.message("de")
    assert "ability ai" in found.message("en")


def test_our_own_programme_names_abilities_in_both_languages():
    words = preset_rules("mutual").abilities
    assert words["training"].de == "Schulung"
    assert all(one.de != one.en for one in words.values())
    assert preset_rules("mutual-gentle").abilities == words
