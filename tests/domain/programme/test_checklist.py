"""The checklist of new partners: every mistake at once, with place and remedy, and the same by its schema."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest

from mutualist.domain.programme.checklist import MOST_STEPS, checklist_schema, read_checklist
from mutualist.domain.programme.rules.problems import RuleSetError

WORDS = {"de": "Auftakt", "en": "Kick-off"}
GOOD: dict[str, Any] = {
    "schema": "checklist/1",
    "kinds": {"reseller": WORDS},
    "steps": [
        {"id": "kickoff", "by": "vendor", "words": WORDS},
        {"id": "course", "by": "partner", "kinds": ["reseller"], "words": WORDS},
    ],
}
#: Where, what stands there instead, what is told, and whether the schema marks it too.
WRONG: list[tuple[tuple[str | int, ...], Any, str, bool]] = [
    (("schema",), "programme/1", "schema: checklist/1", True),
    (("more",), 1, "more", True),
    (("kinds",), ["reseller"], "kinds: ", True),
    (("kinds",), {f"k{at}": WORDS for at in range(13)}, "13", True),
    (("kinds", "Big"), WORDS, "kinds.Big: Big", True),
    (("kinds", "reseller"), "Händler", "kinds.reseller: ", True),
    (("steps",), {"a": 1}, "steps: ", True),
    (
        ("steps",),
        [{**GOOD["steps"][0], "id": f"s{at}"} for at in range(MOST_STEPS + 1)],
        "31",
        True,
    ),
    (("steps", 0), "kickoff", "steps[1]: ", True),
    (("steps", 0, "id"), 7, "steps[1].id: 7", True),
    (("steps", 0, "id"), "agreement", "agreement", True),
    (("steps", 1, "id"), "kickoff", "steps[2].id: ", False),
    (("steps", 0, "by"), "boss", "steps[1].by: boss", True),
    (("steps", 0, "by"), ["partner"], "steps[1].by: partner", True),
    (("steps", 0, "by"), None, "'by' is missing", True),
    (("steps", 1, "kinds"), "reseller", "steps[2].kinds: ", True),
    (("steps", 1, "kinds"), ["dealer"], "dealer", False),
    (("steps", 1, "kinds"), [["reseller"]], "steps[2].kinds: ", True),
    (("steps", 0, "words"), {"de": "Auftakt"}, "steps[1].words: ", True),
    (("steps", 0, "words"), {"de": "a\0b", "en": "x"}, "A line of 1 to 200", True),
    (("steps", 0, "words"), {"de": " ", "en": "x"}, "A line of 1 to 200", True),
    (("steps", 0, "words"), {"de": "x" * 201, "en": "x"}, "A line of 1 to 200", True),
    (("steps", 0, "words"), {"de": 5, "en": "x"}, "A line of 1 to 200", True),
]


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    found: Any = copy.deepcopy(GOOD)
    at = found
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return dict(found)


def test_what_is_right_is_kept_as_it_is():
    assert read_checklist(GOOD) == GOOD
    jsonschema.Draft202012Validator.check_schema(checklist_schema())
    jsonschema.validate(GOOD, checklist_schema())


@pytest.mark.parametrize(("path", "value", "told", "marked"), WRONG)
def test_what_is_wrong_is_told_with_place_and_value(path, value, told, marked):
    document = changed(path, value)
    with pytest.raises(RuleSetError) as caught:
        read_checklist(document)
    assert told in caught.value.message("en")
    assert caught.value.message("de") != caught.value.message("en")
    marks = list(jsonschema.Draft202012Validator(checklist_schema()).iter_errors(document))
    assert bool(marks) == marked


def test_all_mistakes_are_told_at_once():
    document = changed(("steps", 0, "by"), "boss")
    document["steps"][1]["words"] = None
    document["kinds"] = {}
    with pytest.raises(RuleSetError) as caught:
        read_checklist(document)
    assert [one.place for one in caught.value.problems] == [
        "steps[1].by",
        "steps[2]",
        "steps[2].kinds",
    ]


@pytest.mark.parametrize("document", [None, [], "x", 5])
def test_what_is_no_mapping_is_told(document):
    with pytest.raises(RuleSetError):
        read_checklist(document)
