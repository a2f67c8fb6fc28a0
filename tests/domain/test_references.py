"""Names of a rule file that lead nowhere: each kind of reference is broken once."""

from __future__ import annotations

import copy

import pytest
import yaml

from mutualist.domain.assess import builtin_text
from mutualist.domain.assess.references import reference_problems

DATA = yaml.safe_load(builtin_text())


def at(data, path):
    for part in path:
        data = data[part]
    return data


def named(section, label, value):
    return next(i for i, entry in enumerate(DATA[section]) if entry[label] == value)


S1, S3 = named("rules", "id", "S1"), named("rules", "id", "S3")
C1 = named("conflicts", "id", "C1")
EACH = next(i for i, gap in enumerate(DATA["gaps"]) if gap.get("each"))
NAME = next(iter(DATA["gaps"][EACH]["each"]))
ROWS = next(i for i, gap in enumerate(DATA["gaps"]) if gap.get("each_row"))
PER_PARTY = next(i for i, move in enumerate(DATA["moves"]) if move.get("per_party"))
WITH_ITEM = next(i for i, move in enumerate(DATA["moves"]) if move.get("field"))
PLEDGING = next(i for i, move in enumerate(DATA["moves"]) if move.get("pledge"))
ROLES = next(i for i, kind in enumerate(DATA["kinds"]) if kind.get("roles"))
CASES = [
    # (where, key, what is put there, where the problem is said to be or None for there, what is said)
    (("items", "2.5"), "name", "pace", ("items", "6.3", "name"), "This is the name of 2.5 already."),
    (("items", "1.3"), "name", "measures", ("items",), "There is no item with the name 'yardstick'."),
    (("items", "4.1", "fields", "amount"), "by", "kind", None, "There is no field 'kind'."),
    (("items", "4.1", "fields", "type"), "options", "promises", None, "There is no list 'promises'. Did you mean 'promise_types'?"),
    (("items", "1.4"), "options", "endings", None, "There is no list 'endings'. Did you mean 'ends'?"),
    (("items", "3.1", "fields", "have"), "levels", "skills", None, "There is no list 'skills'."),
    (("items", "2.2"), "short", "year", None, "There is no field 'year'. Did you mean 'years'?"),
    (("items", "5.1"), "value", "per_cent", None, "There is no field 'per_cent'. Did you mean 'percent'?"),
    (("items", "5.3"), "core", ["loss", "gains"], ("items", "5.3", "core", 1), "There is no field 'gains'. Did you mean 'gain'?"),
    (("formulas", 0), "is", "sum(", None, "Expected a number, a name or '(', found the end."),
    (("measures", 0), "formula", "1 +", None, "Expected a number, a name or '(', found the end."),
    (("measures", 0), "items", ["9.9"], ("measures", 0, "items", 0), "There is no item '9.9'."),
    (("measures", 0), "proof", ["9.8"], ("measures", 0, "proof", 0), "There is no item '9.8'."),
    (("gates", 0), "measure", "J9", None, "There is no measure 'J9'. Did you mean 'J8'?"),
    (("gates", 0), "pledge", "P99", None, "There is no pledge 'P99'. Did you mean 'P9'?"),
    (("rules", S3), "when", "X.controll = us", None, "The name 'controll' is not known here. Did you mean 'control'?"),
    (("rules", S3, "undo"), "de", "{Z} darf mit entscheiden", None, "There is no placeholder '{Z}'."),
    (("rules", S3, "undo"), "en", "{X decides", None, "A brace is not closed."),
    (("rules", S1), "proof", ["6.2"], ("rules", S1, "proof", 0), "6.2 has no level of proof."),
    (("rules", S1), "items", ["Y:6.7"], ("rules", S1, "items", 0), "There is no item 'Y:6.7'."),
    (("rules", S1), "values", {"worth": "X.income"}, ("rules", S1, "values", "worth"), "Words need a number, a choice or text."),
    (("rules", S1), "values", {"worth": "X.incom"}, ("rules", S1, "values", "worth"), "The name 'incom' is not known here. Did you mean 'income'?"),
    (("rules", S1), "words", [{"when": "X.end = gt3", "de": "a", "en": "b"}], ("rules", S1, "words"), "The last text has no condition; otherwise words are missing at times."),
    (("rules", S1), "words", [{"when": "X.end", "de": "a", "en": "b"}, {"de": "a", "en": "b"}], ("rules", S1, "words", 0, "when"), "Only a condition fits here, this is a choice."),
    (("conflicts", C1), "severity", "strt", None, "The name 'strt' is not known here."),
    (("conflicts", C1), "pledges", ["P1", "P11"], ("conflicts", C1, "pledges", 1), "There is no pledge 'P11'. Did you mean 'P10'?"),
    (("conflicts", C1), "items", ["0.1"], ("conflicts", C1, "items", 0), "There is no item '0.1'."),
    (("gaps", EACH, "each"), NAME, "Y.end.type", ("gaps", EACH, "each", NAME), "Only an item with rows fits here."),
    (("gaps", EACH, "each"), NAME, "Y.expects.by", ("gaps", EACH, "each", NAME), "'by' is no column with a choice."),
    (("gaps", EACH, "each"), NAME, "Y.expects.kind", ("gaps", EACH, "each", NAME), "'kind' is no column with a choice."),
    (("gaps", ROWS), "each_row", "X.end", None, "Only an item with rows fits here."),
    (("gaps", ROWS, "cases", 0), "when", "due", None, "Only a condition fits here, this is the word 'due'."),
    (("gaps", ROWS, "cases", 0), "items", ["0.1"], ("gaps", ROWS, "cases", 0, "items", 0), "There is no item '0.1'."),
    (("result", "making"), "gate", "goals", None, "There is no gate 'goals'. Did you mean 'goal'?"),
    (("result", "logo_cap"), "unless", "L9", None, "There is no rule 'L9'."),
    (("result", "logo_cap"), "with_any", ["Q1"], ("result", "logo_cap", "with_any"), "There is no rule 'Q1'."),
    (("kinds", ROLES, "sentence"), "de", "{both}", None, "There is no placeholder '{both}'."),
    (("pledges", 0, "clause"), "de", "{party}", None, "There is no placeholder '{party}'. Did you mean '{parties}'?"),
    (("moves", PER_PARTY), "de", "{Y}", None, "There is no placeholder '{Y}'."),
    (("moves", 0), "do", "fly", None, "There is no operation 'fly'."),
    (("moves", PLEDGING), "pledge", "P0", None, "There is no pledge 'P0'."),
    (("moves", WITH_ITEM), "item", "9.9", None, "There is no item '9.9'."),
    (("moves", WITH_ITEM), "field", "nothing", None, "There is no field 'nothing'."),
    (("interests", "clashes", 0), 1, "exits", None, "There is no goal 'exits'. Did you mean 'exit'?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "key", "put", "said_at", "english"),
    CASES,
    ids=[".".join(map(str, (*case[0], case[1]))) for case in CASES],
)
def test_a_reference_that_leads_nowhere_is_found(where, key, put, said_at, english):
    data = copy.deepcopy(DATA)
    at(data, where)[key] = put
    found = {path: (en, de) for path, de, en, _at in reference_problems(data)}
    english_there, german = found[said_at or (*where, key)]
    # What is near may differ with what else is there; the first sentence may not.
    assert english_there.split(" Did you")[0] == english.split(" Did you")[0]
    assert german
    assert german != english_there


def test_nothing_leads_nowhere_as_it_is():
    assert list(reference_problems(DATA)) == []


@pytest.mark.parametrize(
    ("section", "label"),
    [
        *((name, "id") for name in ("rules", "conflicts", "gaps", "measures", "gates", "moves")),
        *((name, "key") for name in ("pledges", "kinds")),
        ("questions", "number"),
        ("formulas", "name"),
    ],
)
def test_what_has_a_name_has_it_alone(section, label):
    data = copy.deepcopy(DATA)
    data[section][1][label] = data[section][0][label]
    said = [(path, en) for path, _de, en, _at in reference_problems(data)]
    name = DATA[section][0][label]
    assert ((section, 1, label), f"{name!r} is there twice.") in said


def test_an_option_has_its_key_alone():
    data = copy.deepcopy(DATA)
    data["lists"]["ends"][2]["key"] = data["lists"]["ends"][0]["key"]
    said = [path for path, _de, _en, _at in reference_problems(data)]
    assert ("lists", "ends", 2, "key") in said


def test_a_mistake_in_a_formula_is_said_where_the_formula_is():
    data = copy.deepcopy(DATA)
    data["formulas"][0]["is"] = data["formulas"][0]["is"].replace("income", "incom")
    found = [(path, en) for path, _de, en, _at in reference_problems(data)]
    assert {path for path, _en in found} == {("formulas", 0, "is")}
    assert "incom" in found[0][1]
