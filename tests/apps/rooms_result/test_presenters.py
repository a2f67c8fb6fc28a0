"""From a verdict to sentences, charts and tables: what a person reads is what was computed."""

from __future__ import annotations

import pytest

from mutualist.apps.core.errors import ActionError
from mutualist.apps.rooms.presenters import aftermath, change, guide, result
from mutualist.apps.rooms.presenters.lines import comparisons
from mutualist.apps.rooms.presenters.texts import FOLDER, load
from mutualist.domain.assess import Room, builtin_ruleset
from mutualist.library.datasets import load_pumpenpuls

KINDS = [
    "true_partnership",
    "possible",
    "in_the_making",
    "supplier",
    "distributor",
    "logo",
    "still_open",
]


def three_parties() -> Room:
    data = load_pumpenpuls(round=1).to_dict()
    data["parties"]["C"] = "Systemhaus Süd"
    data["answers"]["C"] = {
        "1.2": {"new_offer": 100},
        "1.3": "revenue",
        "2.2": 4,
        "5.3": {"loss": 10, "gain": 20},
    }
    return Room.from_dict(data)


def test_round_one_is_called_what_it_is(given):
    head = result.result_view(given(1, "de")).headline
    assert head.name == "Lieferbeziehung"
    assert head.sentence == "Tauwerk Sensorik GmbH liefert an Nordwerk Pumpen AG."
    assert head.reading == "Das ist in Ordnung. Nur heißt es dann auch so."
    assert [anchor for anchor, _title in head.reds] == ["C1", "C3", "C9"]


def test_the_gates_say_what_is_reached_needed_and_missing(given):
    gates = result.result_view(given(1, "de")).gates
    assert [(g.state, g.value) for g in gates] == [
        ("not_met", "0,49"),
        ("met", "0,50"),
        ("not_met", "0,30"),
    ]
    assert "nötig 0,40" in gates[2].detail
    assert "P3" in gates[2].detail


def test_why_85_adds_up_and_each_row_shows_the_answers_of_both(given):
    why = result.result_view(given(1)).why
    assert [(row.key, row.points) for row in why.rows] == [
        ("S1", "+30"),
        ("S2", "+15"),
        ("S3", "+10"),
        ("S5", "+15"),
        ("S6", "+15"),
    ]
    assert why.chart.table.rows[-1][-1] == "85"
    first = why.rows[0].sources[0]
    assert first.item == "5.1"
    assert [quote.party for quote in first.quotes] == [
        "Nordwerk Pumpen AG",
        "Tauwerk Sensorik GmbH",
    ]
    assert "Fixed price" in first.quotes[1].text
    assert why.rows[0].undo == "give Tauwerk Sensorik GmbH a share of the revenue"


def test_a_partnership_is_explained_by_its_measures(given):
    why = result.result_view(given(2)).why
    assert [row.key for row in why.rows] == ["J1", "J2", "J3", "J4", "J5", "J6"]
    assert why.score == "86"
    assert why.chart.table.rows[-1][-1] == "86"
    assert all(row.how for row in why.rows)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page(given, kind, lang):
    known = given(kind, lang)
    view = result.result_view(known)
    ladder = change.ladder_view(known)
    assert view.headline.kind == kind
    assert view.headline.reading
    assert view.distance
    assert ladder.summary
    assert view.why.chart.table.rows
    assert (view.load is None) == (kind in {"logo", "still_open"})
    assert guide.guide_view(known).parts


def test_a_possible_says_what_keeps_it_from_being_true(given):
    assert result.result_view(given("possible", "de")).headline.keeps == (
        "Roter Punkt C4: Wem gehört der Kunde?",
    )


def test_red_points_come_first_and_each_conflict_has_a_way_out(given):
    conflicts = result.result_view(given(1)).conflicts
    assert [c.id for c in conflicts][:3] == ["C1", "C3", "C9"]
    assert [c.red for c in conflicts[:4]] == [True, True, True, False]
    assert all(c.way_out and c.words and c.sources for c in conflicts)
    assert len({c.anchor for c in conflicts}) == len(conflicts) == 13


def test_a_way_out_through_risky_pledges_asks_for_competition_law(given):
    by_id = {c.id: c for c in result.result_view(given(1)).conflicts}
    assert by_id["C1"].caution
    assert not by_id["C3"].caution


def test_all_gaps_are_told_in_sentences(given):
    gaps = result.result_view(given(1, "de")).gaps
    assert len(gaps) == 10
    assert any("900.000 €" in gap.words and "240.000 €" in gap.words for gap in gaps)


def test_runner_up_and_distance(given):
    view = result.result_view(given(1, "de"))
    assert view.runner_up == "Partnerschaft, 47 Punkte"
    assert view.distance.startswith("35 Punkte")


def test_open_core_items_are_named_with_their_party(given):
    room = load_pumpenpuls(round=2).with_answers({"A": {"3.4": None}})
    view = result.result_view(given(room))
    assert any(line.startswith("3.4 ") and "Nordwerk" in line for line in view.open_items)


def test_interests_stand_in_three_columns(given):
    interests = result.result_view(given(1)).interests
    assert [i.text for i in interests.common] == [
        "New joint offer",
        "Visibility, reference, funding",
    ]
    assert any("Connectivity, Software, Data and AI" in i.text for i in interests.complementary)
    assert [i.severity for i in interests.opposed[:3]] == [3, 3, 3]
    assert interests.more == 5


def test_pairs_are_shown_for_three_parties_only(given):
    assert result.result_view(given(1)).pairs == ()
    pairs = result.result_view(given(three_parties())).pairs
    assert [pair.names for pair in pairs] == [
        "Nordwerk Pumpen AG – Tauwerk Sensorik GmbH",
        "Nordwerk Pumpen AG – Systemhaus Süd",
        "Tauwerk Sensorik GmbH – Systemhaus Süd",
    ]
    assert pairs[0].kind == "Supplier relationship"


def test_covered_answers_are_in_no_view_of_anybody(given):
    """Results are read together on one screen: even the own covered answers stay out."""
    room = load_pumpenpuls(round=1).with_answers(
        {
            "A": {
                "4.5": {"plan": "other_partner", "yield": 7771},
                "5.4": {"worst": 7772, "limit": 7773},
                "6.3": {"decision": 7, "financed": 7774},
            }
        }
    )
    known = given(room)
    everything = type(known)(**{**vars(known), "visible": room.to_dict()["answers"]})
    view = result.result_view(everything)
    text = f"{view!r}{guide.guide_view(everything)!r}{change.ladder_view(everything)!r}"
    for secret in ("7.7", "7771", "7,77", "another partner"):
        assert secret not in text, secret
    rows = {row.item: row for block in view.blocks for row in block.rows}
    for item in ("2.3", "4.5", "5.4", "6.4"):
        assert rows[item].quotes == ()
        assert rows[item].note
    assert rows["6.3"].quotes[0].text == "Months to a contract: 7"


def test_numbers_lie_on_a_line_with_their_distance(given):
    lines = {c.line.label: c for c in comparisons(given(1, "de").sheets)}
    years = lines["Jahre im eigenen Plan"]
    assert years.line.places == {"A": 0.2, "B": 0.5}
    assert years.line.note == "Abstand 3"
    assert lines["Möchte vom Gewinn"].line.note == "zusammen 130 %"
    assert lines["Würde vom Verlust tragen"].line.note == "zusammen 50 %"
    owner = lines["Vertrag mit dem Endkunden"].line
    assert owner.places == {"A": 0.0, "B": 0.5}
    assert owner.texts == {"A": "allein Nordwerk Pumpen AG", "B": "beide"}


def test_owners_have_no_line_between_three(given):
    labels = [c.line.label for c in comparisons(given(three_parties()).sheets)]
    assert "Contract with the end customer" not in labels
    assert "Years in the own plan" in labels


def test_the_furthest_from_the_others_speaks_first(given):
    room = three_parties().with_answers({"A": {"2.2": 10}, "B": {"2.2": 4}})
    years = next(c for c in comparisons(given(room).sheets) if c.item == "2.2")
    assert years.outliers[0] == "A"


def test_the_ladder_is_that_of_the_worked_example(given):
    ladder = change.ladder_view(given(1))
    assert [step.value for step in ladder.steps] == [
        "goal",
        "share:B",
        "P3:A",
        "P1:A",
        "results",
        "loss",
    ]
    assert [step.gain for step in ladder.steps] == [
        "47 → 57",
        "57 → 63",
        "63 → 64",
        "64 → 66",
        "load 59 → 50",
        "66 → 74",
    ]
    assert ladder.chart.table.rows[-1][-1] == "True partnership"


def test_ticked_changes_are_computed_live(given):
    one = change.what_if(given(1), ["goal"])
    assert one.kind == "supplier"
    assert next((f.label, f.before, f.after) for f in one.figures) == ("Partnership", "47", "57")
    three = change.what_if(given(1), ["P3:A", "goal", "share:B"])
    assert three.kind == "possible"
    everything = change.what_if(given(1), ["goal", "share:B", "P3:A", "P1:A", "results", "loss"])
    assert everything.kind == "true_partnership"
    assert everything.red == ()
    assert len(everything.settled) == 3
    load = everything.figures[-1]
    assert (load.before, load.after, load.better) == ("68", "42", True)


def test_nothing_ticked_is_today(given):
    today = change.what_if(given(1), [])
    assert today.ticked == 0
    assert all(f.before == f.after for f in today.figures)


def test_pledges_that_the_ladder_does_not_name_cannot_be_probed(given):
    """Whoever refused a pledge must not learn from a computation what the others said."""
    known = given(1)
    offered = {
        c.value for c in (*change.ladder_view(known).steps, *change.ladder_view(known).others)
    }
    assert {"P3:A", "P1:A"} <= offered
    for name in ("P2:A", "P5:A", "P9:A", "P2:B", "plan:A", "decide:A"):
        assert name not in offered
        with pytest.raises(ActionError):
            change.what_if(known, [name])


def test_an_unknown_change_is_refused(given):
    with pytest.raises(ActionError) as error:
        change.what_if(given(1), ["goal", "nonsense:Z"])
    assert error.value.status == 400


def test_the_ladder_is_searched_for_once(given, monkeypatch):
    known = given(1)
    change.ladder_steps(known)
    monkeypatch.setattr(change, "changes", lambda _room: pytest.fail("searched again"))
    assert len(change.ladder_steps(known)) == 6


def test_the_talk_starts_with_agreement_and_ends_within_ninety_minutes(given):
    talk = guide.guide_view(given(1, "de"))
    assert [part.key for part in talk.parts] == [
        "arrive",
        "agree",
        "red",
        "differ",
        "conflicts",
        "proof",
        "change",
        "next",
    ]
    assert 60 <= talk.minutes <= 90
    assert [p.start for p in talk.parts][1:] == [p.end for p in talk.parts][:-1]
    red = talk.parts[2]
    assert len(red.points) == 3
    assert red.minutes == 30
    asked = red.points[0].questions
    assert asked[0].ask == "Nordwerk Pumpen AG"
    assert "Tauwerk Sensorik GmbH" in asked[0].words


def test_two_parties_take_turns_in_speaking_first(given):
    talk = guide.guide_view(given(1))
    speakers = [point.speak.split(",")[0] for point in talk.parts[3].points]
    assert len(set(speakers)) == 2


def test_a_quiet_room_has_a_short_talk_without_empty_parts(given):
    talk = guide.guide_view(given("true_partnership"))
    assert "red" not in [part.key for part in talk.parts]
    assert talk.minutes >= 60


def test_every_conflict_has_questions_and_all_texts_both_languages():
    rules = builtin_ruleset()
    assert set(load("guide")["conflicts"]) == {conflict.id for conflict in rules.conflicts}

    def check(node, where):
        if isinstance(node, dict):
            assert ("de" in node) == ("en" in node), where
            for key, value in node.items():
                check(value, f"{where}/{key}")
        elif isinstance(node, list):
            for index, value in enumerate(node):
                check(value, f"{where}[{index}]")

    for path in FOLDER.glob("*.yaml"):
        data = load(path.stem)
        assert data["version"]
        check(data, path.stem)


def test_lines_name_items_and_fields_that_exist():
    rules = builtin_ruleset()
    for line in load("lines")["lines"]:
        item = rules.items[line["item"]]
        assert item.shown in {"opening", "split"}
        if "field" in line:
            assert line["field"] in item.fields


def test_mutual_pledges_become_clauses_with_both_names(given):
    found = aftermath.clauses(given(2))
    assert [clause.key for clause in found] == ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P10"]
    assert all("Nordwerk Pumpen AG and Tauwerk Sensorik GmbH" in clause.text for clause in found)
    assert "ompetition law" in found[1].note
    text = aftermath.clauses_as_text(given(2), found)
    assert text.count("\n\n") == 9
    assert "Non-binding" in text
    assert "2026.2" in text


def test_the_letter_is_polite_and_names_what_was_shared(given):
    letter = aftermath.letter(given(1, "de"), sender="B")
    text = "\n".join(letter.paragraphs)
    assert "Nordwerk Pumpen AG" in letter.paragraphs[0]
    assert text.endswith("Tauwerk Sensorik GmbH")
    assert "„Neues gemeinsames Angebot“" in text
    assert "Lieferbeziehung bleibt möglich" in text
    assert "leider" not in text.lower()


def test_the_way_between_rounds_counts_visible_changes_only(given):
    before = given(1).verdict.to_dict()
    view = result.result_view(
        given(2, before=before, changed={"A": ("1.2", "2.3", "6.4"), "B": ("4.5",)}, rounds=(1, 2))
    )
    assert view.path.kinds == ("Supplier relationship", "True partnership")
    assert view.path.changed == (("Nordwerk Pumpen AG", 1),)
    assert len(view.path.settled) == 3
    assert next((f.before, f.after) for f in view.path.figures) == ("47", "86")
    marked = {(r.item, q.party) for b in view.blocks for r in b.rows for q in r.quotes if q.changed}
    assert marked == {("1.2", "Nordwerk Pumpen AG")}
