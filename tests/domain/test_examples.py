"""Exact agreement with the worked example, the archetypes and the public rooms."""

from __future__ import annotations

import pytest

from domain.rooms_for_tests import example, expected, public_rooms
from mutualist.domain.assess import Room, apply_moves, assess, changes

EXPECTED = expected()
PUBLIC = public_rooms()


@pytest.mark.parametrize("name", EXPECTED)
def test_example_agrees_field_by_field(name):
    found = assess(Room.from_dict(example(name))).result_file()
    assert set(found) == set(EXPECTED[name])
    for field, value in EXPECTED[name].items():
        assert found[field] == value, field


@pytest.mark.parametrize("room", PUBLIC, ids=[room["id"] for room in PUBLIC])
def test_public_room_agrees_field_by_field(room):
    found = assess(Room.from_dict(room["room"])).result_file()
    for field, value in room["expect"].items():
        assert found[field] == value, field


def test_there_are_sixty_public_rooms_and_some_have_four_parties():
    assert len(PUBLIC) == 60
    assert {len(room["room"]["parties"]) for room in PUBLIC} == {2, 3, 4}


def test_ladder_of_the_worked_example():
    steps = changes(Room.from_dict(example("round1.yaml")))
    assert [(s.move.id, s.kind, s.scores["P"], s.scores["S"], s.load, s.red) for s in steps] == [
        ("goal", "supplier", 57, 85, 68, ("C1", "C3", "C9")),
        ("share:B", "in_the_making", 63, 25, 68, ("C1", "C3", "C9")),
        ("P3:A", "possible", 64, 25, 68, ("C1", "C3", "C9")),
        ("P1:A", "possible", 66, 25, 59, ("C3", "C9")),
        ("results", "possible", 66, 25, 50, ("C9",)),
        ("loss", "true_partnership", 74, 25, 42, ()),
    ]
    notes = [[note.de for note in step.notes] for step in steps]
    assert notes[0] == ["Gemeinsames Ziel: Bedingung erfüllt"]
    assert notes[1] == ["→ Partnerschaft im Werden"]
    assert notes[3] == ["C1 nicht mehr rot"]
    assert notes[4] == ["C3 gelöst"]
    assert notes[5] == ["C9 gelöst", "→ Wahre Partnerschaft"]


def test_applying_the_ladder_gives_its_last_rung():
    room = Room.from_dict(example("round1.yaml"))
    steps = changes(room)
    for count, step in enumerate(steps, start=1):
        there = assess(apply_moves(room, [one.move.id for one in steps[:count]]))
        assert (there.kind, dict(there.scores), there.load) == (step.kind, step.scores, step.load)


def test_max_steps_ends_the_ladder():
    assert len(changes(Room.from_dict(example("round1.yaml")), max_steps=2)) == 2


def test_a_true_partnership_needs_no_change():
    assert changes(Room.from_dict(example("round2.yaml"))) == ()


def test_ladder_towards_possible_ends_there():
    steps = changes(Room.from_dict(example("round1.yaml")), target="possible")
    assert [step.kind for step in steps][-1] == "possible"
    assert len(steps) == 3


def test_a_clean_supplier_relationship_stays_one_and_clears_red_points():
    steps = changes(Room.from_dict(example("round1.yaml")), target="supplier")
    assert {step.kind for step in steps} == {"supplier"}
    assert steps[-1].red == ()
    assert steps[-1].load <= 50


@pytest.mark.parametrize("target", ["distributor", "logo", "still_open", "nonsense"])
def test_no_steps_towards_what_the_room_is_not(target):
    assert changes(Room.from_dict(example("round1.yaml")), target=target) == ()


def test_round_one_in_words():
    verdict = assess(Room.from_dict(example("round1.yaml")))
    assert verdict.sentence("de") == (
        "Lieferbeziehung – Tauwerk Sensorik GmbH liefert an Nordwerk Pumpen AG. "
        "Das ist in Ordnung. Nur heißt es dann auch so."
    )
    assert verdict.sentence("en") == (
        "Supplier relationship – Tauwerk Sensorik GmbH supplies Nordwerk Pumpen AG. "
        "That is fine. Just call it that."
    )
    by_id = {finding.id: finding for finding in verdict.findings}
    assert by_id["S1:B>A"].points == 30
    assert by_id["S1:B>A"].items == ("5.1:B",)
    assert by_id["H1:A>B:revenue"].text.de == (
        "Tauwerk Sensorik GmbH erwartet 900.000 € (Umsatz), "
        "zugesagt sind von Nordwerk Pumpen AG rechnerisch 240.000 €."
    )
    assert "selbst bauen" in by_id["C1:A>B"].text.de
    assert by_id["H2"].text.en == "Public: 2. Proven by all: 0."
    assert [finding.id for finding in verdict.findings if finding.red] == ["C1:A>B", "C3:A-B", "C9"]


def test_reasons_are_the_rules_of_the_kind_shown():
    rules = [f.rule for f in assess(Room.from_dict(example("round1.yaml"))).reasons]
    assert rules == ["S1", "S2", "S3", "S5", "S6"]
    assert [f.rule for f in assess(Room.from_dict(example("round2.yaml"))).reasons] == ["L1"]


def test_round_one_interests():
    found = assess(Room.from_dict(example("round1.yaml"))).interests
    assert [entry.keys for entry in found.common] == [("new_offer",), ("visibility",)]
    assert [(e.keys, e.parties) for e in found.opposed if e.about == "clash"] == [
        (("cheaper", "own_revenue"), ("A", "B")),
        (("bridge", "new_offer"), ("A", "B")),
        (("bridge", "own_revenue"), ("A", "B")),
    ]
    assert len([entry for entry in found.opposed if entry.about == "conflict"]) == 10
    assert found.complementary[0].keys == ("new_customers",)


def test_round_two_interests():
    found = assess(Room.from_dict(example("round2.yaml"))).interests
    assert [e.keys[0] for e in found.common] == ["new_offer", "new_customers", "visibility"]
    assert [e.keys for e in found.opposed] == [("C4",)]


def test_round_one_gates_in_words():
    goal, investment, risk = assess(Room.from_dict(example("round1.yaml"))).gate_details
    assert goal.text.de == "Gemeinsames Ziel: 0,49 – nötig 0,50"
    assert (investment.met, investment.value) == (True, 0.5)
    assert risk.text.en == "Joint risk: 0.30 – 0.40 needed, P3 not mutual"
    assert [(one.about, one.met) for one in risk.conditions] == [("J3", False), ("P3", False)]
