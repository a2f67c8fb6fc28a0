from __future__ import annotations

import doctest

import pytest

from mutualist.apps.core import figures


def test_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(figures).failed == 0


def test_marks_of_a_dumbbell_stand_where_the_values_are() -> None:
    rows = [{"label": "Years", "values": [5, 2], "low": 0, "high": 10}]
    (row,) = figures.dumbbell_rows(rows, ["A", "B"])
    assert [mark["x"] for mark in row["marks"]] == ["50%", "20%"]
    assert (row["start"], row["end"]) == ("20%", "50%")


def test_an_unanswered_question_has_no_mark() -> None:
    rows = [{"label": "Years", "values": [None, 2], "high": 10}]
    (row,) = figures.dumbbell_rows(rows, ["A", "B"])
    assert [mark["mark"] for mark in row["marks"]] == [1]
    assert row["answers"][0]["text"] == "–"


def test_a_row_without_any_answer_is_drawn_empty() -> None:
    (row,) = figures.dumbbell_rows([{"label": "Years", "values": [None, None]}], ["A", "B"])
    assert row["marks"] == []
    assert not row["start"]


def test_bars_of_a_waterfall_begin_where_the_last_one_ended() -> None:
    rows = figures.waterfall_rows([{"points": 30}, {"points": 15}, {"points": -5}], top=100)
    assert [(row["x"], row["width"]) for row in rows] == [
        ("0%", "30%"),
        ("30%", "15%"),
        ("40%", "5%"),
    ]
    assert [row["negative"] for row in rows] == [False, False, True]


def test_the_butterfly_has_one_scale_for_both_wings() -> None:
    (row,) = figures.butterfly_rows([{"label": "Offer", "left": 30, "right": 60}])
    assert (row["left_start"], row["left_width"], row["right_width"]) == ("50%", "50%", "100%")


def test_a_threshold_of_zero_is_drawn_and_none_is_not() -> None:
    zero, none = figures.bar_rows([{"value": 10, "threshold": 0}, {"value": 10}])
    assert zero["tick"] == "0%"
    assert none["tick"] is None


def test_steps_rise_with_the_score_and_meet_the_threshold() -> None:
    drawn = figures.step_points([{"value": 47}, {"value": 60}, {"value": 74}], threshold=60)
    heights = [float(step["y"]) for step in drawn["steps"]]
    assert heights == sorted(heights, reverse=True)
    assert drawn["threshold_y"] == drawn["steps"][1]["y"]
    assert drawn["steps"][1]["before"] == drawn["steps"][0]["y"]


@pytest.mark.parametrize("value", [0.49, 33.333333, 1e9])
def test_positions_never_hold_a_decimal_comma(value: float) -> None:
    assert "," not in figures.percent(value, 0, 50)
