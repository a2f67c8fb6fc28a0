"""All answers that may be seen, side by side, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.presenters.lines import Comparison, comparisons
from mutualist.apps.rooms.presenters.views import HeatCell, HeatTable, QuestionBlock
from mutualist.domain.assess.model import Question
from mutualist.library.charts import PAGE, Chart, butterfly, dumbbells

POINTS = ("1.2", "2.1")
ABILITIES = "3.1"


def blocks(given: Given) -> tuple[QuestionBlock, ...]:
    """Return the six questions with charts and answers."""
    lines = comparisons(given.sheets)
    return tuple(_block(given, question, lines) for question in given.ruleset.questions)


def _block(given: Given, question: Question, lines: tuple[Comparison, ...]) -> QuestionBlock:
    items = [item.number for item in question.items]
    charts = [_points(given, item) for item in items if item in POINTS]
    here = [comparison.line for comparison in lines if comparison.item in items]
    if here:
        charts.append(dumbbells(here, given.parties, given.lang, PAGE))
    return QuestionBlock(
        number=question.number,
        title=question.words[given.lang],
        rows=tuple(given.sheets.row(item) for item in question.items),
        charts=tuple(chart for chart in charts if chart is not None),
        heat=_heat(given) if ABILITIES in items else None,
    )


def _points(given: Given, item: str) -> Chart | None:
    answers = {p: given.sheets.value(item, p) for p in given.parties}
    points = {p: value for p, value in answers.items() if isinstance(value, Mapping)}
    if not points:
        return None
    goals = {option.key: option.words[given.lang] for option in given.ruleset.items[item].options}
    title = given.ruleset.items[item].words[given.lang]
    return butterfly(
        points, goals, given.parties, given.lang, PAGE, name=f"points-{item}", title=title
    )


def _heat(given: Given) -> HeatTable | None:
    answers = {p: given.sheets.value(ABILITIES, p) for p in given.parties}
    known = {p: value for p, value in answers.items() if isinstance(value, Mapping)}
    if not known:
        return None
    rows = []
    for option in given.ruleset.lists["capabilities"]:
        cells = tuple(cell for answer in known.values() for cell in _cells(answer, option.key))
        if any(cell.level for cell in cells):
            rows.append((option.words[given.lang], cells))
    return HeatTable(tuple(given.parties[p] for p in known), tuple(rows))


def _cells(answer: Mapping[str, Any], key: str) -> tuple[HeatCell, HeatCell]:
    have, need = (_levels(answer, side).get(key, 0) for side in ("have", "need"))
    brings = key in (answer.get("bring") or ()) if isinstance(answer.get("bring"), list) else False
    label = _("firmly brought in") if brings else ""
    return (
        HeatCell(have, f"{have} ✓" if brings else str(have) if have else "·", label),
        HeatCell(need, str(need) if need else "·", ""),
    )


def _levels(answer: Mapping[str, Any], side: str) -> Mapping[str, int]:
    levels = answer.get(side)
    return levels if isinstance(levels, Mapping) else {}
