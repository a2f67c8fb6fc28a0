"""Every answer the format allows can be written as words: also the nearly empty ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mutualist.domain.assess import builtin_ruleset, check_answer
from mutualist.library.datasets import load_pumpenpuls
from mutualist.reports.answers import AnswerWords

RULES = builtin_ruleset()
PARTIES = {"A": "Nordwerk Pumpen AG", "B": "Tauwerk Sensorik GmbH"}
SHEETS = load_pumpenpuls().to_dict()["answers"]
EXTREMES = ("dont_know", 0, 0.01, 10**12, "", [], {})


def _variants(whole: Any) -> Iterator[Any]:
    """One field each left out, alone, or at an extreme; and the whole towards the other party."""
    yield from (*EXTREMES, {"B": whole}, {"B": "dont_know"})
    rows = whole if isinstance(whole, list) else [whole]
    for row in rows:
        if not isinstance(row, dict):
            continue
        changed = [{**row, key: extreme} for key in row for extreme in EXTREMES]
        left_out = [{k: v for k, v in row.items() if k != key} for key in row]
        alone = [{key: value} for key, value in row.items()]
        for variant in (*changed, *left_out, *alone):
            yield [variant] if isinstance(whole, list) else variant


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("item", RULES.items)
def test_any_allowed_answer_has_words(item: str, lang: str) -> None:
    words = AnswerWords(RULES.items, PARTIES, lang, "EUR")
    allowed = [
        value
        for value in (SHEETS["A"][item], *_variants(SHEETS["A"][item]))
        if not check_answer(item, value, "A", tuple(PARTIES), RULES)
    ]
    assert len(allowed) > 1
    for value in allowed:
        assert isinstance(words.write(item, value), str), value
    assert words.write(item, SHEETS["A"][item]).strip()


def test_not_knowing_one_of_two_times_is_said() -> None:
    words = AnswerWords(RULES.items, PARTIES, "en", "EUR")
    said = words.write("6.3", {"decision": "dont_know", "financed": 36})
    assert "don't know" in said
    assert "36" in said
