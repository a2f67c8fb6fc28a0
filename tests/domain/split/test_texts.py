"""The words of the split rules: complete in both languages, and every code that is raised has some."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mutualist.domain.venture as venture_package
from mutualist.domain.venture.split import Game, read_game
from mutualist.domain.venture.split.problems import SplitError
from mutualist.domain.venture.split.recommending import CONDITIONS, recommend
from mutualist.domain.venture.split.rules import RULES, Findings
from mutualist.domain.venture.split.texts import shown, texts

FOLDER = Path(venture_package.__file__).parent
RAISED = re.compile(r'(?:SplitError|Warned)\(\s*"([a-z_]+)"')


def fields(text):
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_rule_has_a_name_and_a_reason_in_both_languages():
    assert set(texts().source["rules"]) == set(RULES)
    for words in texts().source["rules"].values():
        for part in ("name", "reason"):
            assert set(words[part]) == {"de", "en"}


def test_every_sentence_quotes_the_same_values_in_both_languages():
    sentences = {**texts().source["warnings"], **texts().source["problems"]}
    for line in texts().recommendations():
        sentences[line["when"]] = line["because"]
    for code, words in sentences.items():
        assert set(words) == {"de", "en"}, code
        assert fields(words["de"]) == fields(words["en"]), code


def test_recommendations_know_all_conditions_and_end_with_one_that_always_holds():
    lines = texts().recommendations()
    assert {line["when"] for line in lines} == set(CONDITIONS)
    assert lines[-1]["when"] == "always"
    assert {line["rule"] for line in lines} <= set(RULES)


def test_every_code_that_is_raised_has_words():
    codes = {
        code for path in FOLDER.rglob("*.py") for code in RAISED.findall(path.read_text("utf-8"))
    }
    known = {*texts().source["warnings"], *texts().source["problems"]}
    assert codes
    assert codes <= known, codes - known


@pytest.mark.parametrize(
    ("value", "lang", "said"),
    [
        (1234.5, "de", "1.234,50"),
        (0.0123, "en", "0.0123"),
        (1e300, "en", "1e+300"),
        (None, "en", "null"),
        (True, "de", "true"),
        ("x" * 500, "en", "x" * 197 + "..."),
    ],
)
def test_values_are_quoted_short_and_as_the_file_has_them(value, lang, said):
    assert shown(value, lang) == said


def test_a_number_too_large_is_quoted_with_few_digits():
    with pytest.raises(SplitError) as caught:
        read_game({"v": [1e300, 1, 2]})
    assert "1e+300" in caught.value.message("de")
    assert len(caught.value.message("de")) < 100


def test_one_party_is_not_told_about_two():
    found = recommend(Findings(Game.listed([3])))
    assert (found.rule, found.when) == ("shapley", "one_party")
    assert found.because("en") == "There is only one party; everything belongs to it."
