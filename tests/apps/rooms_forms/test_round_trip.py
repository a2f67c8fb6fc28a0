"""Every answer of every public room survives the way to the page and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from django.http import QueryDict

from mutualist.apps.rooms.forms import ABSENT, DONT_KNOW, ItemForm, Scene, Typed
from mutualist.domain.assess import Room, assess, builtin_ruleset

VECTORS = Path(__file__).parents[2] / "vectors" / "rooms"


def all_rooms():
    files = [*sorted(VECTORS.glob("*.yaml")), *sorted((VECTORS / "archetypes").glob("*.yaml"))]
    for path in files:
        yield path.stem, yaml.safe_load(path.read_text(encoding="utf-8"))
    for line in (VECTORS / "public.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield record["id"], record["room"]


ROOMS = list(all_rooms())


def is_known(value):
    return value not in (None, DONT_KNOW)


def known(mapping):
    return {key: value for key, value in mapping.items() if is_known(value)}


def normal(item, value, parties, party):
    """The same answer in its plainest form, as 5.10 of the format defines sameness."""
    if value == DONT_KNOW:
        return DONT_KNOW
    others = [key for key in parties if key != party]
    spec = builtin_ruleset("2026.2").source["items"][item]
    if spec.get("counterpart") and isinstance(value, dict) and value and set(value) <= set(others):
        towards = {key: normal_one(item, part, spec, others) for key, part in known(value).items()}
        if len(others) > 1:
            return towards or ABSENT
        return towards.get(others[0], ABSENT)
    return normal_one(item, value, spec, others)


def normal_one(item, value, spec, others):
    match spec["type"]:
        case "text":
            found = " ".join(value.split()) or ABSENT
        case "owner":
            found = "them" if [value] == others else value
        case "points":
            found = {key: points for key, points in value.items() if points}
        case "pledges":
            found = value or {f"P{number}": "no" for number in range(1, 11)}
        case "rows":
            found = [normal_row(row, others) for row in value]
        case "fields":
            found = normal_fields(value, spec) or ABSENT
        case _:
            found = value
    return found


def normal_fields(value, spec):
    fields = known(value if isinstance(value, dict) else {spec["short"]: value})
    for key, field in spec["fields"].items():
        if field["type"] == "levels" and key in fields:
            fields[key] = {name: level for name, level in fields[key].items() if level}
        if field["type"] == "list" and key in fields:
            fields[key] = sorted(fields[key])
    return fields


def normal_row(row, others):
    texts = {key: " ".join(part.split()) for key, part in row.items() if isinstance(part, str)}
    row = {**row, **texts}
    if len(others) == 1:
        row.pop("with", None)
    return {key: value for key, value in row.items() if value != ""}


def sorted_lists(item, value):
    """Ticks have no order."""
    ticks = {"what", "bring", "public", "exists"}
    if isinstance(value, dict):
        return {
            key: sorted(part)
            if isinstance(part, list) and key in ticks
            else sorted_lists(item, part)
            for key, part in value.items()
        }
    return value


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("name", "room"), ROOMS, ids=[name for name, _ in ROOMS])
def test_writing_and_reading_gives_the_answer_again(name, room, language):
    rules = builtin_ruleset("2026.2").source
    for party, answers in room["answers"].items():
        scene = Scene(party, room["parties"], rules, room["frame"], language)
        for item, value in answers.items():
            if item == "header":
                continue
            form = ItemForm(item, scene)
            reading = form.read(form.typed(value))
            assert reading.errors == {}, (party, item, value)
            expected = normal(item, value, room["parties"], party)
            assert sorted_lists(item, reading.value) == sorted_lists(item, expected), (
                party,
                item,
                value,
            )


@pytest.mark.parametrize("room", [room for _, room in ROOMS], ids=[name for name, _ in ROOMS])
def test_the_result_is_the_same_after_the_way_through_the_forms(room):
    rules = builtin_ruleset("2026.2").source
    answered = {}
    for party, answers in room["answers"].items():
        scene = Scene(party, room["parties"], rules, room["frame"], "de")
        forms = {item: ItemForm(item, scene) for item in answers if item != "header"}
        values = {item: form.read(form.typed(answers[item])).value for item, form in forms.items()}
        answered[party] = {item: value for item, value in values.items() if value is not ABSENT}
    before = assess(Room.from_dict(room)).to_dict()
    after = assess(Room.from_dict({**room, "answers": answered})).to_dict()
    for key in (
        "kind",
        "scores",
        "gates",
        "measures",
        "load",
        "conflicts",
        "gaps",
        "mutual",
        "fired",
        "evidence",
    ):
        assert after[key] == before[key], key


@pytest.mark.parametrize(("name", "room"), ROOMS[:4], ids=[name for name, _ in ROOMS[:4]])
def test_a_posted_form_reads_the_same_as_its_boxes(name, room):
    rules = builtin_ruleset("2026.2").source
    for party, answers in room["answers"].items():
        scene = Scene(party, room["parties"], rules, room["frame"], "de")
        for item, value in answers.items():
            form = ItemForm(item, scene)
            boxes = form.typed(value)
            post = QueryDict(mutable=True)
            for key, values in boxes.as_post(item).items():
                post.setlist(key, values)
            assert form.read(Typed.from_post(post, item)) == form.read(boxes)


def test_an_empty_page_answers_nothing():
    room = ROOMS[0][1]
    scene = Scene("A", room["parties"], builtin_ruleset("2026.2").source)
    for item in scene.rules["items"]:
        form = ItemForm(item, scene)
        assert form.read(Typed()).value is ABSENT, item
        assert form.read(form.typed(DONT_KNOW)).value == DONT_KNOW, item
