"""Forms made from the rule file: an item's type and fields say which boxes it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.forms.counterparts import Counterparts
from mutualist.apps.rooms.forms.grid import Grid
from mutualist.apps.rooms.forms.inputs import (
    ChoiceInput,
    Input,
    MonthInput,
    NumberInput,
    TextInput,
    TicksInput,
)
from mutualist.apps.rooms.forms.parts import Part, Record, Single
from mutualist.apps.rooms.forms.pledges import Pledges
from mutualist.apps.rooms.forms.points import Points
from mutualist.apps.rooms.forms.rows import Rows
from mutualist.apps.rooms.forms.scene import Scene

Spec = Mapping[str, Any]

VALUE = "value"
"""Name of the box of an item that has only one."""

_MANY = 8
"""More choices than this are folded into a list to pull down."""


def build_part(spec: Spec, scene: Scene) -> Part:
    """Build the body of an item from its entry in the rule file."""
    if spec.get("counterpart") and scene.several and not scene.facing:
        return Counterparts(
            part=build_part({**spec, "counterpart": False}, scene),
            each={party: build_part(spec, scene.towards(party)) for party in scene.others},
            names=scene.others,
        )
    return _PARTS[spec["type"]](spec, scene)


def build_header(scene: Scene) -> Part:
    """Build the step before the first question: role and mandate."""
    fields = scene.rules["header"]
    return Record([build_input(key, field, scene) for key, field in fields.items()])


def _build_single(spec: Spec, scene: Scene) -> Part:
    """Build an item of one box; its label is the item's own text."""
    return Single(build_input(VALUE, {**spec, "de": "", "en": ""}, scene, alone=True))


def _build_fields(spec: Spec, scene: Scene) -> Part:
    """Build an item of several fields, or the grid if it has levels."""
    fields = spec["fields"]
    if any(field["type"] == "levels" for field in fields.values()):
        return _build_grid(spec, scene)
    boxes = [build_input(key, field, scene, spec) for key, field in fields.items()]
    return Record(boxes, short=spec.get("short", ""))


def _build_points(spec: Spec, scene: Scene) -> Part:
    """Build a 100-point item over a list or over the parties."""
    if spec["options"] != "parties":
        return Points(scene.options(spec["options"]), scene.language)
    own = {scene.party: _("we – %(name)s") % {"name": scene.parties[scene.party]}}
    return Points({**scene.parties, **own}, scene.language)


def _build_grid(spec: Spec, scene: Scene) -> Part:
    """Build the grid of capabilities."""
    fields = spec["fields"]
    levels = {int(key): word for key, word in scene.options(fields["have"]["levels"]).items()}
    proof = build_input("proof", fields["proof"], scene, spec)
    if not isinstance(proof, ChoiceInput):
        raise TypeError("the proof of a grid is a level")
    return Grid(
        words=scene.options(fields["have"]["options"]),
        levels=levels,
        have_word=scene.words(fields["have"]),
        bring_word=scene.words(fields["bring"]),
        need_word=scene.words(fields["need"]),
        proof=proof,
    )


def _build_rows(spec: Spec, scene: Scene) -> Part:
    """Build a short table."""
    rows, fields = spec["rows"], spec["fields"]
    shown = {
        key: field for key, field in fields.items() if field["type"] != "party" or scene.several
    }
    boxes = [build_input(key, field, scene, spec, in_row=True) for key, field in shown.items()]
    per_party = len(scene.others) if rows.get("per_party") else 1
    return Rows(
        boxes=boxes,
        most=rows["max"] * per_party,
        required=frozenset(key for key, field in shown.items() if field.get("required")),
        none_word=_("There is nothing to enter here") if not rows["min"] else "",
        percent_total=rows.get("sum") == 100,
    )


def _build_pledges(spec: Spec, scene: Scene) -> Part:
    """Build the list of pledges."""
    pledges = scene.rules["pledges"]
    return Pledges(
        words={entry["key"]: scene.named(entry) for entry in pledges},
        answers=scene.options(spec["options"]),
        caution=frozenset(entry["key"] for entry in pledges if entry.get("caution")),
    )


_PARTS: dict[str, Callable[[Spec, Scene], Part]] = {
    "text": _build_single,
    "choice": _build_single,
    "level": _build_single,
    "owner": _build_single,
    "number": _build_single,
    "fields": _build_fields,
    "points": _build_points,
    "rows": _build_rows,
    "pledges": _build_pledges,
}


def build_input(
    key: str,
    spec: Spec,
    scene: Scene,
    item: Spec | None = None,
    *,
    in_row: bool = False,
    alone: bool = False,
) -> Input:
    """Build one box from the entry of its field in the rule file."""
    basics = {"key": key, "label": scene.words(spec), "language": scene.language}
    match spec["type"]:
        case "number" | "amount":
            return _build_number(spec, scene, basics)
        case "month":
            return MonthInput(**basics)
        case "text":
            return _build_text(spec, scene, basics)
        case "proof":
            return _build_proof(item or {}, scene, basics)
        case "level":
            return _build_level(spec, scene, basics)
        case "list":
            none_word = _("none of these")
            return TicksInput(**basics, words=scene.options(spec["options"]), none_word=none_word)
        case "owner":
            words, rare = _owner_words(spec, scene)
            return ChoiceInput(**basics, words=words, rare=rare)
        case "party":
            return ChoiceInput(**basics, words=scene.others, kind="select")
        case "payer":
            words = {"customer": _("end customer"), **scene.others}
            return ChoiceInput(**basics, words=words, kind="select")
    return _build_choice(spec, scene, basics, select=in_row)


def _build_choice(spec: Spec, scene: Scene, basics: dict[str, Any], *, select: bool) -> Input:
    """Build a choice; long lists and those in rows are pulled down."""
    if spec.get("parties"):
        words, rare = _owner_words(spec, scene)
    else:
        words, rare = scene.options(spec["options"]), {}
    if spec["options"] == "promise_types":
        units = {
            str(entry["key"]): entry["unit"] for entry in scene.rules["lists"][spec["options"]]
        }
        words = {key: f"{word} ({unit_word(units[key], scene)})" for key, word in words.items()}
    kind = "select" if select or len(words) > _MANY else "radio"
    return ChoiceInput(**basics, words=words, rare=rare, kind=kind)


def _owner_words(spec: Spec, scene: Scene) -> tuple[dict[str, str], dict[str, str]]:
    """Return the words of "us, them, both …" and those only shown when chosen.

    With three or more parties their names stand in the place of "them".
    """
    words = scene.options(spec["options"])
    if not scene.several:
        return words | {"them": scene.other_name}, {}
    named: dict[str, str] = {}
    for key, word in words.items():
        named |= scene.others if key == "them" else {key: word}
    named["both"] = _("all together")
    return named, {"them": _("the other parties")}


def _build_number(spec: Spec, scene: Scene, basics: dict[str, Any]) -> Input:
    """Build a number box; few steps and percentages get − and +."""
    unit = spec.get("unit", "")
    word = unit_word(unit, scene) if unit else ""
    if word[:4].casefold() in basics["label"].casefold():
        word = ""  # "Years: 5" needs no second "years"
    return NumberInput(
        **basics,
        unit=word,
        whole=bool(spec.get("whole")),
        low=spec.get("min"),
        high=spec.get("max"),
        stepper=unit in {"years", "months", "percent", "persons"},
        money=unit == "money",
    )


def _build_text(spec: Spec, scene: Scene, basics: dict[str, Any]) -> Input:
    """Build a text box; the item of one sentence gets several lines."""
    if not spec.get("max"):
        return TextInput(**basics)
    example = scene.words(spec.get("frame_sentence", {}))
    return TextInput(**basics, longest=spec["max"], lines=3, example=example)


def _build_proof(item: Spec, scene: Scene, basics: dict[str, Any]) -> Input:
    """Build the level of proof, with what counts as proof here."""
    asked = scene.words(item.get("proof_asked", {}))
    levels = scene.rules["lists"]["proof_levels"]
    return ChoiceInput(
        **basics,
        hint=asked,
        words={int(entry["key"]): scene.words(entry) for entry in levels},
        shorts={int(entry["key"]): entry["code"] for entry in levels},
        kind="segments",
    )


def _build_level(spec: Spec, scene: Scene, basics: dict[str, Any]) -> Input:
    """Build a scale from 0 to 4."""
    levels = scene.rules["lists"][spec["options"]]
    return ChoiceInput(
        **basics,
        hint=scene.words(spec.get("proof_asked", {})),
        words={int(entry["key"]): scene.words(entry) for entry in levels},
        shorts={int(entry["key"]): entry.get("code", entry["key"]) for entry in levels},
        kind="scale",
    )


def unit_word(unit: str, scene: Scene) -> str:
    """Return the word of a unit of the rule file."""
    words = {
        "money": scene.money_unit,
        "years": _("years"),
        "months": _("months"),
        "percent": "%",
        "persons": _("persons"),
        "pieces": _("number"),
        "capacity": _("units a year"),
    }
    return words[unit]
