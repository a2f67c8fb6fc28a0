"""One party's sheet: self-check, what others may see, progress, spread, moves to try out."""

from __future__ import annotations

import pytest

from domain.rooms_for_tests import archetype, changed, example
from mutualist.domain.assess import (
    MoveError,
    Room,
    apply_moves,
    assess,
    builtin_ruleset,
    minutes_left,
    moves,
    own_preview,
    preview,
    progress,
    spread,
    visible_answers,
)

RULES = builtin_ruleset()
PARTIES = {"A": "Nordwerk Pumpen AG", "B": "Tauwerk Sensorik GmbH"}


def own(party="B", **items):
    data = changed(example("round1.yaml"), **{party: items})
    return data["answers"][party], party, PARTIES, data["frame"], RULES


def rules_of(findings):
    return sorted({finding.rule for finding in findings})


def test_self_check_says_what_the_own_answers_alone_say():
    assert rules_of(own_preview(*own("B"))) == ["H4", "L1", "S1"]
    assert "shared" in next(f for f in own_preview(*own("B")) if f.rule == "H4").text.en


def test_self_check_of_the_buyer():
    found = own_preview(*own("A"))
    assert {"S3", "S5", "H5"} <= set(rules_of(found))
    assert [f.id for f in found if f.rule == "H5"] == ["H5:A:0", "H5:A:1"]


def test_self_check_sees_open_core_items():
    sheet, *rest = own("A", **{"3.3": "dont_know", "5.3": {"loss": 10}})
    assert preview(sheet, *rest).open_items == ("3.3", "5.3")


@pytest.mark.parametrize("party", ["A", "B"])
def test_self_check_says_nothing_about_the_other_side(party):
    """Whatever the other side answers, the self-check is the same: it never gets to see it."""
    other = "B" if party == "A" else "A"
    findings = own_preview(*own(party))
    for finding in findings:
        assert all(item.endswith(f":{party}") for item in finding.items)
    alone = example("round1.yaml")
    alone["answers"].pop(other)
    full = {f.id: f.text for f in assess(Room.from_dict(alone)).findings}
    assert all(full[finding.id] == finding.text for finding in findings)


def test_self_check_with_three_parties_says_each_thing_once():
    sheet, *_ = own("B", **{"5.6": "shared"})
    three = {**PARTIES, "C": "Grauwerk KG"}
    found = own_preview(sheet, "B", three, {}, RULES)
    sentences = [(finding.rule, finding.text.de) for finding in found]
    assert len(sentences) == len(set(sentences))


def test_visible_answers_leave_out_what_is_not_shown():
    sheet = example("round1.yaml")["answers"]["A"]
    visible = visible_answers(sheet, RULES)
    assert set(sheet) - set(visible) == {"2.3", "4.5", "5.4", "6.4"}
    assert visible["6.3"] == {"decision": 7}
    assert visible["header"] == sheet["header"]
    assert visible_answers({"6.3": "dont_know"}, RULES) == {"6.3": "dont_know"}


def test_thirty_one_items_are_shown_at_the_opening():
    kinds = [item.shown for item in RULES.items.values()]
    assert len(kinds) == 36
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "opening": 31, "finding": 1, "mutual": 1, "never": 2, "split": 1,
    }  # fmt: skip


def test_progress_counts_dont_know_as_answered():
    sheet = {
        "1.1": "x",
        "1.2": "dont_know",
        "1.3": "revenue",
        "1.4": "open",
        "1.5": "learn",
        "1.6": 0,
        "2.5": 1,
    }
    states = progress(sheet, RULES)
    assert [one.state for one in states] == ["done", "started", "empty", "empty", "empty", "empty"]
    assert [float(one) for one in states[:2]] == [1.0, 1 / 6]
    assert [one.question for one in states] == [1, 2, 3, 4, 5, 6]


def test_minutes_left_fall_to_zero():
    full = example("round1.yaml")["answers"]["A"]
    assert minutes_left({}, RULES) == 17
    assert minutes_left({"6.4": "dont_know"}, RULES) < 17
    assert minutes_left(full, RULES) == 0


def test_spread_of_a_house():
    sheets = {
        "Jana": {"1.4": "gt3", "2.2": 5, "1.2": {"learn": 100}, "4.6": {"public": ["logo"], "exists": []}, "6.4": {"P3": "yes"}},
        "Ali": {"1.4": "gt3", "2.2": {"years": 2}, "1.2": {"learn": 60, "cheaper": 40}, "4.6": {"public": ["logo", "fair"], "exists": []}, "6.4": {}},
        "Kim": {"1.4": "open", "2.2": "dont_know"},
    }  # fmt: skip
    lines = {(line.item, line.field): line for line in spread(sheets, RULES)}
    assert lines["1.4", ""].text.en == "2 × ‘after more than 3 years’, 1 × ‘open’"
    assert lines["2.2", "years"].text.de == "2 bis 5"
    assert lines["1.2", "learn"].text.en == "60 to 100"
    assert lines["4.6", "public"].text.en == "‘Trade fair’ 1 of 2"
    assert lines["6.4", "P3"].kind == "counts"
    assert lines["2.2", "years"].by_person == {"Jana": 5, "Ali": 2}
    assert ("4.6", "exists") not in lines


def test_spread_of_one_person_or_of_agreement_is_empty():
    sheet = example("round1.yaml")["answers"]["A"]
    assert spread({"Jana": sheet}, RULES) == ()
    assert spread({"Jana": sheet, "Ali": sheet}, RULES) == ()


def test_spread_takes_every_shape_of_answer():
    a, b = (example("round1.yaml")["answers"][party] for party in "AB")
    odd = {"2.3": {"B": "no"}, "6.4": {"B": {"P1": "no"}}, "1.5": {"B": "learn"}}
    lines = spread({"Jana": a, "Ali": b, "Kim": odd}, RULES, "EUR")
    assert {"2.3", "6.4", "1.5"} <= {line.item for line in lines if line.kind == "differs"}
    money = next(line for line in lines if (line.item, line.field) == ("4.3", "likely"))
    assert money.text.de == "400.000 € bis 600.000 €"


# --- moves ---------------------------------------------------------------------------------------


def test_moves_list_only_what_would_change_something():
    names = [move.id for move in moves(Room.from_dict(archetype("true_partnership")))]
    assert (
        names == ["gain", "bring:A", "bring:B", "date:A", "date:B", "decide:A", "decide:B"]
        or "goal" not in names
    )
    assert "share:B" in [move.id for move in moves(Room.from_dict(example("round1.yaml")))]


def test_moves_are_applied_in_the_order_given_and_the_room_stays():
    room = Room.from_dict(example("round1.yaml"))
    there = apply_moves(room, ["share:B", "P3:A", "results"])
    assert there.answers["B"]["5.1"] == [
        {"source": "joint_share", "percent": 100, "payer": "customer"}
    ]
    assert there.answers["A"]["6.4"]["P3"] == "yes"
    assert there.answers["A"]["6.4"]["P1"] == "no"
    assert room.to_dict() == example("round1.yaml")


@pytest.mark.parametrize("name", ["share", "share:Q", "goal:A", "fly:A", ""])
def test_a_move_that_does_not_exist_is_an_error(name):
    with pytest.raises(MoveError):
        apply_moves(Room.from_dict(example("round1.yaml")), [name])


@pytest.mark.parametrize(
    ("move", "item", "before", "after"),
    [
        ("years:A", "2.2", {"years": 2, "proof": 3}, {"years": 4, "proof": 3}),
        ("years:A", "2.2", None, 4),
        ("years:A", "2.2", 2, 4),
        ("budget:A", "3.2", {"level": "people", "fte": 2}, {"level": "half", "fte": 2}),
        ("plan:A", "2.3", {"plan": "running", "what": ["own_build"]}, {"plan": "no", "what": ["own_build"]}),
        ("plan:A", "2.3", {"B": "running"}, {"B": "no"}),
        ("exclusive:A", "2.4", {"want": "full", "want_months": 9}, {"want": "none", "want_months": 9}),
        ("exclusive:A", "2.4", None, {"want": "none"}),
        ("P3:A", "6.4", None, {"P3": "yes"}),
        ("P3:A", "6.4", {"B": {"P1": "yes"}}, {"B": {"P1": "yes", "P3": "yes"}}),
        ("offer", "4.6", {"public": ["logo"], "exists": ["invoice"]}, {"public": ["logo"], "exists": ["invoice", "offer"]}),
        ("offer", "4.6", None, {"exists": ["offer"]}),
        ("decide:A", "6.3", {"decision": 7, "financed": 36}, {"decision": 5, "financed": 36}),
        ("date:A", "6.1", None, [{"due_months": 3, "who": "named person"}]),
    ],
)  # fmt: skip
def test_what_a_move_sets(move, item, before, after):
    room = Room.from_dict(changed(example("round1.yaml"), A={item: before}))
    assert apply_moves(room, [move]).answers["A"][item] == after


def test_the_goal_move_takes_the_mean_and_the_first_yardstick():
    there = apply_moves(Room.from_dict(example("round1.yaml")), ["goal"])
    assert there.answers["A"]["1.2"]["new_offer"] == 47.5
    assert there.answers["A"]["1.2"] == there.answers["B"]["1.2"]
    assert there.answers["B"]["1.3"] == {"measure": "cost", "value": 900, "by": "2028-06"}
    empty = {"ruleset": "2026.2", "parties": PARTIES}
    nobody = apply_moves(Room.from_dict(empty), ["goal"])
    assert nobody.answers["A"] == {"1.3": "revenue"}


def test_move_in_words():
    found = {move.id: move for move in moves(Room.from_dict(example("round1.yaml")))}
    assert (
        found["P3:A"].to_dict("de")["text"] == "Nordwerk Pumpen AG unterschreibt P3 (Verlustanteil)"
    )
    assert found["goal"].to_dict()["text"]["en"] == "align goal and yardstick"
