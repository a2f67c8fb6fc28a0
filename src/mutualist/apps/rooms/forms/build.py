"""Forms made from the rule file: an item's type and fields say which boxes it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

_STEPPED = frozenset({"years", "months", "percent", "persons"})
"""Units whose numbers are small enough for − and +."""

_SAID = {"percent": ("prozent", "per cent"), "persons": ("vollzeit", "full-time")}
"""Other ways in which a label says its unit."""


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
    return Single(build_input(VALUE, {**spec, "de": "", "en": ""}, scene))


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
    # Texts and the level of proof take a line of their own, before and after the others.
    places = {"text": 0, "proof": 2}
    ordered = sorted(shown.items(), key=lambda pair: places.get(pair[1]["type"], 1))
    boxes = [build_input(key, field, scene, spec, in_row=True) for key, field in ordered]
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


@dataclass(frozen=True)
class _Field:
    """A field on its way to becoming a box."""

    key: str
    spec: Spec
    scene: Scene
    item: Spec
    in_row: bool = False

    @property
    def basics(self) -> dict[str, Any]:
        """What every input is made with."""
        label = self.scene.words(self.spec)
        return {"key": self.key, "label": label, "language": self.scene.language}

    @property
    def levels(self) -> dict[str, Any]:
        """Words and signs of a scale, and what counts as proof."""
        name = "proof_levels" if self.spec["type"] == "proof" else self.spec["options"]
        entries = self.scene.rules["lists"][name]
        return {
            "hint": self.scene.words(self.item.get("proof_asked", {})),
            "words": {int(entry["key"]): self.scene.words(entry) for entry in entries},
            "shorts": {int(entry["key"]): entry.get("code", entry["key"]) for entry in entries},
        }


def build_input(
    key: str, spec: Spec, scene: Scene, item: Spec | None = None, *, in_row: bool = False
) -> Input:
    """Build one box from the entry of its field in the rule file."""
    field = _Field(key, spec, scene, item or spec, in_row)
    return _INPUTS[spec["type"]](field)


def _build_month(field: _Field) -> Input:
    return MonthInput(**field.basics)


def _build_proof(field: _Field) -> Input:
    return ChoiceInput(**field.basics, **field.levels, kind="segments")


def _build_level(field: _Field) -> Input:
    return ChoiceInput(**field.basics, **field.levels, kind="scale")


def _build_list(field: _Field) -> Input:
    words = field.scene.options(field.spec["options"])
    return TicksInput(**field.basics, words=words, none_word=_("none of these"))


def _build_owner(field: _Field) -> Input:
    words, rare = _owner_words(field.spec, field.scene)
    return ChoiceInput(**field.basics, words=words, rare=rare)


def _build_party(field: _Field) -> Input:
    return ChoiceInput(**field.basics, words=field.scene.others, kind="select")


def _build_payer(field: _Field) -> Input:
    words = {"customer": _("end customer"), **field.scene.others}
    return ChoiceInput(**field.basics, words=words, kind="select")


def _build_choice(field: _Field) -> Input:
    """Build a choice; long lists and those in rows are pulled down."""
    scene, spec = field.scene, field.spec
    words: dict[str, str] = scene.options(spec["options"])
    rare: dict[str, str] = {}
    if spec.get("parties"):
        words, rare = _owner_words(spec, scene)
    if spec["options"] == "promise_types":
        entries = scene.rules["lists"]["promise_types"]
        units = {str(entry["key"]): unit_word(entry["unit"], scene) for entry in entries}
        words = {key: f"{word} ({units[key]})" for key, word in words.items()}
    kind = "select" if field.in_row or len(words) > _MANY else "radio"
    return ChoiceInput(**field.basics, words=words, rare=rare, kind=kind)


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


def _build_number(field: _Field) -> Input:
    """Build a number box; few steps and percentages get − and +."""
    unit = field.spec.get("unit", "")
    word = unit_word(unit, field.scene) if unit else ""
    label = field.basics["label"].casefold()
    if any(stem in label for stem in (word[:4].casefold(), *_SAID.get(unit, ()))):
        word = ""  # "Years: 5" needs no second "years"
    return NumberInput(
        **field.basics,
        unit=word,
        whole=bool(field.spec.get("whole")),
        low=field.spec.get("min"),
        high=field.spec.get("max"),
        stepper=unit in _STEPPED,
        money=unit == "money",
    )


def _build_text(field: _Field) -> Input:
    """Build a text box; the item of one sentence gets several lines."""
    longest = field.spec.get("max")
    if not longest:
        return TextInput(**field.basics)
    example = field.scene.words(field.spec.get("frame_sentence", {}))
    return TextInput(**field.basics, longest=longest, lines=3, example=example)


_INPUTS: dict[str, Callable[[_Field], Input]] = {
    "amount": _build_number,
    "choice": _build_choice,
    "level": _build_level,
    "list": _build_list,
    "month": _build_month,
    "number": _build_number,
    "owner": _build_owner,
    "party": _build_party,
    "payer": _build_payer,
    "proof": _build_proof,
    "text": _build_text,
}


def unit_word(unit: str, scene: Scene) -> str:
    """Return the word of a unit of the rule file."""
    words = {
        "money": scene.money_unit,
        "years": _("years"),
        "months": _("months"),
        "percent": "%",
        "persons": _("persons"),
        "pieces": _("pieces"),
        "capacity": _("units a year"),
    }
    return words[unit]
