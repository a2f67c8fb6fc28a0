"""Inputs of the design system; ``{% load design %}`` brings them along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.translation import gettext_lazy as _

register = template.Library()

PROOF_LEVELS = (
    (0, _("said")),
    (1, _("noted")),
    (2, _("minutes or mail of both sides")),
    (3, _("signed intent, budget line, named person")),
    (4, _("contract, invoice, live customer")),
)
SCALE = ((0, "0"), (1, "1"), (2, "2"), (3, "3"), (4, "4"))


def _partial(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return register.inclusion_tag(f"core/components/{name}.html", name=name)


@_partial("field")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """Label, help, control and errors of a Django form field, wired for screen readers.

    Options: ``as_`` ("tiles", "segmented", "stepper"), ``label``, ``help``, ``unit``, ``size`` ("short", "medium"), ``columns``,
    ``optional`` (says so; default: as the field), ``large``.
    """
    widget = bound.field.widget
    kind = options.pop("as_", "")
    if not kind and isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind = "tiles"
    if not kind and isinstance(widget, CheckboxInput):
        kind = "check"
    help_text = options.pop("help", bound.help_text)
    ids = [f"{bound.id_for_label}-help"] if help_text else []
    ids += [f"{bound.id_for_label}-error"] if bound.errors else []
    # False leaves an attribute out; a placeholder that repeats the label helps nobody.
    attributes: dict[str, Any] = {"aria-describedby": " ".join(ids) or False, "placeholder": False}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "kind": kind,
        "label": options.pop("label", bound.label),
        "help": help_text,
        "describedby": " ".join(ids),
        "control": "" if kind in {"tiles", "segmented"} else bound.as_widget(attrs=attributes),
        "optional": options.pop("optional", not bound.field.required and kind != "check"),
        "multiple": isinstance(widget, CheckboxSelectMultiple),
        **options,
    }


@_partial("form_errors")
def form_errors(form: Any) -> dict[str, Any]:
    """Summary of what is wrong on top of a form, with links to the fields; empty if nothing is."""
    return {"form": form}


def _choices(choices: Sequence[Any], value: Any) -> list[dict[str, Any]]:
    """Bring (value, label[, hint]) choices into one form; a list of values means several may be ticked."""
    chosen = value if isinstance(value, list | tuple | set) else [value]
    wanted = {"" if one is None else str(one) for one in chosen}
    return [
        {
            "value": choice[0],
            "label": choice[1],
            "hint": choice[2] if len(choice) > 2 else "",
            "checked": str(choice[0]) in wanted,
        }
        for choice in choices
    ]


@_partial("tiles")
def tiles(
    name: str, choices: Sequence[Any], value: Any = None, legend: str = "", **options: Any
) -> dict[str, Any]:
    """Radio (or with ``multiple`` checkbox) tiles from (value, label[, hint]) choices.

    Options: ``help``, ``error``, ``multiple``, ``columns`` (1 = one below the other), ``dont_know`` (value of the choice that stands
    apart), ``number`` of the item, ``large``, ``id``.
    """
    return {"name": name, "choices": _choices(choices, value), "legend": legend, **options}


@_partial("segmented")
def segmented(
    name: str, choices: Sequence[Any], value: Any = None, legend: str = "", **options: Any
) -> dict[str, Any]:
    """Few short choices in one row; options as :func:`tiles`, and ``hide_legend``."""
    return {"name": name, "choices": _choices(choices, value), "legend": legend, **options}


@_partial("scale")
def scale(name: str, value: Any = None, legend: str = "", **options: Any) -> dict[str, Any]:
    """Scale from 0 to 4; ``low`` and ``high`` name its ends."""
    return {"name": name, "choices": _choices(SCALE, value), "legend": legend, **options}


@_partial("stepper")
def stepper(name: str, value: Any = None, label: str = "", **options: Any) -> dict[str, Any]:
    """Ask for a number with − and +. Options: ``min``, ``max``, ``step``, ``unit``, ``help``, ``error``, ``hide_label``, ``id``."""
    return {"name": name, "value": value, "label": label, "min": 0, "step": 1, **options}


@_partial("number")
def number(name: str, value: Any = None, label: str = "", **options: Any) -> dict[str, Any]:
    """Ask for a number with its unit. Options: ``unit``, ``min``, ``max``, ``step``, ``help``, ``error``, ``id``, ``optional``."""
    return {"name": name, "value": value, "label": label, **options}


@_partial("points")
def points(
    rows: Sequence[Mapping[str, Any]], legend: str = "", total: int = 100, **options: Any
) -> dict[str, Any]:
    """Share out points: rows with ``name``, ``label``, ``value``, optionally ``hint``. Options: ``help``, ``error``, ``number``, ``id``, ``step``."""
    given = sum(int(row.get("value") or 0) for row in rows)
    return {
        "rows": rows,
        "legend": legend,
        "total": total,
        "given": given,
        "left": total - given,
        "step": 5,
        **options,
    }


@_partial("capability_grid")
def capability_grid(
    rows: Sequence[Mapping[str, Any]], legend: str = "", **options: Any
) -> dict[str, Any]:
    """Grid of capabilities: rows with ``label``, ``have_name``, ``have``, ``bring_name``, ``bring``, ``need_name``, ``need``.

    Options: ``levels`` (five words for 0–4), ``help``, ``error``, ``number``.
    """
    lines = [
        {
            **row,
            "have_choices": _choices(SCALE, row.get("have")),
            "need_choices": _choices(SCALE, row.get("need")),
        }
        for row in rows
    ]
    return {"rows": lines, "legend": legend, **options}


@_partial("proof_picker")
def proof_picker(name: str, value: Any = None, legend: str = "", **options: Any) -> dict[str, Any]:
    """Proof level E0–E4. Options: ``choices`` (value, label), ``note_name``, ``note``, ``note_label``, ``help``, ``error``."""
    choices = options.pop("choices", None) or PROOF_LEVELS
    return {
        "name": name,
        "choices": _choices(choices, value),
        "legend": legend or _("What backs it?"),
        **options,
    }
