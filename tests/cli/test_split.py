"""`mutualist split` and `mutualist stopgap` as people and programs call them."""

from __future__ import annotations

import json

import pytest

GLOVE = {"v": [0, 0, 0, 0, 1, 1, 1]}
LEMAIRE = {"v": [46125, 17437.5, 5812.5, 69187.5, 53812.5, 30750, 90000], "unions": [[1], [2, 3]]}
STOPGAP = ["--r", 0.04, "--delta", 0.04, "--sigma", 0.2, "--cost", 1, "--value", 0.5]
VENTURE = """
schema: venture/1
periods: {unit: year, count: 4}
parties:
  A: {name: Nordwerk, discount: 0.08}
  B: {name: Tauwerk, discount: 0.08}
drivers:
  units: {unit: pieces, low: 80, likely: 100, high: 130}
lines:
  sales: {party: A, amount: "units * 2 [money/piece]"}
  making: {party: B, kind: cost, amount: "units * 0.5 [money/piece]"}
terms:
  half: {type: share, from: A, to: B, share: 50 %, of: sales}
contributions:
  - {party: A, what: customers, lines: [sales, making], irreplaceable: true}
  - {party: B, what: parts, lines: [sales], buy: 100}
"""


@pytest.fixture
def game(tmp_path):
    def write(document):
        path = tmp_path / "game.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


def test_a_bare_game_as_json(game, call):
    done = call("split", "--game", game(GLOVE), "--rule", "nucleolus", "--json")
    found = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert list(found)[:3] == ["schema", "rule", "parties"]
    assert (found["schema"], found["rule"]) == ("split/1", "nucleolus")
    assert found["shares"] == [0.0, 0.0, 1.0]
    assert (found["in_core"], found["blocking"], found["warnings"]) == (True, [], [])


def test_blocking_coalitions_are_counted_from_one(game, call):
    done = call("split", "--game", game(GLOVE), "--rule", "shapley", "--json", "--lang", "de")
    found = json.loads(done.out)
    assert found["in_core"] is False
    assert found["blocking"] == [[1, 3], [2, 3]]
    assert found["codes"] == ["outside_core"]
    assert "stünde allein" in found["warnings"][0]
    assert sum(float(share) for share in found["rounded"]) == 1.0


def test_a_game_from_standard_input_in_german(call):
    done = call("split", "--game", "-", "--rule", "owen", "--lang", "de", stdin=json.dumps(LEMAIRE))
    assert done.code == 0
    assert "Owen-Wert" in done.out
    assert "52.687,50" in done.out


def test_all_rules_side_by_side(game, call):
    done = call("split", "--game", game(LEMAIRE), "--compare")
    assert done.out.startswith("Recommended: Owen value.")
    assert "* Owen value" in done.out
    assert "51,900.00" in done.out
    found = json.loads(call("split", "--game", game(LEMAIRE), "--rule", "tau,nash", "--json").out)
    assert found["schema"] == "split-comparison/1"
    assert [one["rule"] for one in found["splits"]] == ["tau", "nash", "owen"]
    assert found["recommended"]["rule"] == "owen"


def test_a_rule_without_result_is_told_not_refused(game, call):
    document = {"v": [0, 0, 0, 1, 1, 1, 1.2]}
    found = json.loads(call("split", "--game", game(document), "--rule", "tau", "--json").out)
    assert (found["shares"], found["in_core"]) == (None, None)
    assert found["codes"] == ["tau_undefined", "core_empty"]
    assert "-" in call("split", "--game", game(document), "--rule", "tau").out


def test_a_venture_is_simulated_and_split(tmp_path, call):
    file = tmp_path / "venture.yaml"
    file.write_text(VENTURE, encoding="utf-8")
    done = call("split", file, "--rule", "shapley", "-n", 2000, "--seed", 4, "--json")
    found = json.loads(done.out)
    assert found["parties"] == ["Nordwerk", "Tauwerk"]
    # Without B, A buys the parts for 100 and still has to pay for the making: half of that difference is B's.
    assert found["shares"][1] == pytest.approx(50.0, abs=0.5)
    assert (
        call("split", file, "--rule", "shapley", "-n", 2000, "--seed", 4, "--json").out == done.out
    )
    compared = call("split", file, "--compare", "--lang", "de").out
    assert "Empfohlen: Shapley-Wert" in compared


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--rule", "shapley"], 2, "Give a venture file, or a game"),
        (["--game", "none.json", "--rule", "shapley"], 1, "There is no such file."),
        (["--game", "{game}", "--rule", "fair"], 1, "There is no rule fair."),
        (["--game", "{game}", "--rule", "myerson"], 1, "graph, such as"),
    ],
)
def test_mistakes_end_with_a_sentence(arguments, code, said, game, call):
    path = str(game(GLOVE))
    done = call("split", *(path if one == "{game}" else one for one in arguments))
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_broken_game_names_place_and_value_in_german(game, call):
    done = call("split", "--game", game({"v": [0, "x", 1]}), "--rule", "nash", "--lang", "de")
    assert done.err.startswith("Fehler: v.2: Hier gehört eine Zahl hin, da steht x.")


def test_results_are_not_written_over(game, tmp_path, call):
    target = tmp_path / "out.json"
    arguments = ["split", "--game", game(GLOVE), "--rule", "nash", "--json", "-o", target]
    assert call(*arguments).code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["rule"] == "nash"
    assert call(*arguments).code == 1
    assert call(*arguments, "--force").code == 0


def test_stopgap_as_json(call):
    found = json.loads(call("stopgap", *STOPGAP, "--margin", 100, "--json").out)
    assert found["schema"] == "stopgap/1"
    assert (found["beta"], found["trigger"]) == pytest.approx((2.0, 2.0))
    assert found["kept"] == pytest.approx(0.9375)
    assert found["break_fee"] == pytest.approx(2500.0)
    without = json.loads(call("stopgap", *STOPGAP, "--json").out)
    assert without["break_fee"] is None


def test_stopgap_for_reading(call):
    done = call("stopgap", *STOPGAP, "--margin", 100, "--investment", 2400, "--lang", "de")
    assert "93,8 %" in done.out
    assert "900,00" in done.out
    wrong = call("stopgap", *STOPGAP[:4], "--sigma", 0, *STOPGAP[6:], "--lang", "de")
    assert wrong.err.startswith("Fehler: sigma: Hier steht 0")
