"""`mutualist terms` and `mutualist exits`: proposals and exits of a venture, for reading and as documents."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

import mutualist as mu

FILE = Path(__file__).parents[2] / "examples" / "ventures" / "pumpenpuls.yaml"


@pytest.fixture
def supplier(tmp_path):
    path = tmp_path / "supplier.yaml"
    source = mu.Venture.from_template("supplier_contract").to_dict()
    path.write_text(yaml.safe_dump(source, sort_keys=False), encoding="utf-8")
    return path


def test_terms_as_a_document(call):
    done = call("terms", FILE, "--target", "nash", "--json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    jsonschema.validate(document, mu.terms_schema())
    assert [change["term"] for change in document["changes"]] == ["half"]
    assert document["distance"]["achieved"] < document["distance"]["today"] / 10


def test_terms_for_reading_in_both_languages(call):
    done = call("terms", FILE, "--target", "nash")
    assert done.code == 0
    assert "Proposed" in done.out
    assert "half" in done.out
    assert "Nordwerk Pumpen AG" in done.out
    german = call("terms", FILE, "--target", "0.5,0.5", "--aim", "risk", "--lang", "de")
    assert "Vorschlag" in german.out
    assert "50,0 %" in german.out


def test_bounds_fixed_terms_and_few_changes(call, supplier):
    asked = ("--target", "700000,380000", "--bounds", "parts=195..200", "--most", 1, "--json")
    found = json.loads(call("terms", supplier, *asked).out)
    assert len(found["changes"]) == 1
    kept = json.loads(call("terms", supplier, *asked[:2], "--fix", "parts", "--json").out)
    assert [change["term"] for change in kept["changes"]] == ["development_paid"]


def test_a_rate_outside_of_its_bounds_moves_into_them(call, supplier):
    asked = ("--target", "700000,380000", "--bounds", "parts=30..50", "--fix", "development_paid")
    found = json.loads(call("terms", supplier, *asked, "--json").out)
    assert [(one["term"], one["proposed"]) for one in found["changes"]] == [("parts", 50.0)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--target", "nan,1"), 1, "target: Found nan"),
        (("--target", "1"), 1, "but 2 parties"),
        (("--target", "shapely"), 1, "There is no rule shapely"),
        (("--aim", "both"), 1, "There is no aim both"),
        (("--fix", "zz"), 1, "There is no term zz"),
        (("--bounds", "parts=9..1"), 1, "The lower bound 9.00 is above the upper 1.00"),
        (("--bounds", "parts=inf..1"), 1, "bounds: Found inf"),
        (("--bounds", "parts=5"), 2, "Write TERM=LOW..HIGH"),
        (("--most", "-1"), 1, "most_changes: Found -1"),
        (("--most", "x"), 2, "--most: A whole number is needed"),
        (("too", "many"), 2, "These arguments are too many: too many"),
    ],
)
def test_what_cannot_be_proposed_is_told(call, supplier, arguments, code, said):
    done = call("terms", supplier, *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_exits_as_a_document_and_for_reading(call, supplier):
    done = call("exits", supplier, "-n", 2000, "--json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    jsonschema.validate(document, mu.exits_schema())
    (option,) = document["options"]
    assert (option["option"], option["party"]) == ("own_build", "A")
    assert [one["party"] for one in option["others"]] == ["B"]
    told = call("exits", supplier, "-n", 2000, "--option", "own_build", "--lang", "de")
    assert "Kündigungsfrist" in told.out
    assert "50 Zukünften" in told.out


def test_exits_that_cannot_be_are_told(call, supplier):
    assert "no option to stop" in call("exits", FILE).err
    assert "own_build" in call("exits", supplier, "--option", "zz").err
    few = call("exits", supplier, "-n", 10)
    assert (few.code, few.out) == (1, "")
    assert "from 500 to" in few.err
