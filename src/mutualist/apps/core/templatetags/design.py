"""The components of the design system as template tags; the style guide page shows all of them.

Tags with an end tag (``{% card %}…{% endcard %}``) wrap content, the others take plain values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core import figures
from mutualist.apps.core.samples import SAMPLES

register = template.Library()

THEMES = ("light", "dark")
PROOF_LEVELS = (
    (0, _("said")),
    (1, _("noted")),
    (2, _("minutes or mail of both sides")),
    (3, _("signed intent, budget line, named person")),
    (4, _("contract, invoice, live customer")),
)
SCALE = ((0, "0"), (1, "1"), (2, "2"), (3, "3"), (4, "4"))


def _render(name: str, values: Mapping[str, Any]) -> SafeString:
    return mark_safe(get_template(f"core/components/{name}.html").render(dict(values)))  # noqa: S308


def _wrapper(name: str, defaults: Mapping[str, Any]) -> None:
    """Register a tag with content; unknown options are an error, as with any function."""

    @register.simple_block_tag(name=name)
    def tag(content: str, **options: Any) -> SafeString:
        unknown = set(options) - set(defaults)
        if unknown:
            raise template.TemplateSyntaxError(f"{name} does not know {', '.join(sorted(unknown))}")
        return _render(name, {**defaults, **options, "content": content})


_wrapper("page_header", {"title": "", "eyebrow": "", "lead": ""})
_wrapper("card", {"title": "", "eyebrow": "", "lead": "", "kind": "", "id": "", "level": 2})
_wrapper("notice", {"kind": "info", "title": ""})
_wrapper("empty_state", {"title": "", "text": "", "picture": "envelopes", "level": 2})
_wrapper("dialog", {"id": "", "title": ""})
_wrapper("disclosure", {"title": "", "aside": "", "open": False, "id": ""})
_wrapper("figure", {"title": "", "note": "", "id": ""})
_wrapper("table_twin", {})
_wrapper("letter", {"id": "", "copy": True})
_wrapper("rows", {"legend": "", "help": "", "add_name": "", "add_label": "", "full": False, "id": "", "error": ""})
_wrapper("row", {"title": "", "remove_name": "", "remove_value": ""})
_wrapper("field_group", {"legend": "", "help": "", "error": "", "id": "", "large": False, "number": ""})


def _partial(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return register.inclusion_tag(f"core/components/{name}.html", name=name)


# --- frame -----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """Colour scheme this browser has chosen, or "" to follow the system."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@_partial("icon")
def icon(name: str, label: str = "") -> dict[str, Any]:
    """Draw an icon; without label it is decoration."""
    return {"name": name, "label": label}


@_partial("breadcrumbs")
def breadcrumbs(items: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Path to this page: items with ``label`` and, but for the last, ``url``."""
    return {"items": items}


@register.inclusion_tag("core/components/breadcrumbs.html")
def crumbs(*pairs: str) -> dict[str, Any]:
    """Path to this page from alternating labels and addresses: ``{% crumbs "Rooms" url room.name %}``."""
    items = [
        {"label": pairs[i], "url": pairs[i + 1] if i + 1 < len(pairs) else ""}
        for i in range(0, len(pairs), 2)
    ]
    return {"items": items}


@_partial("tabs")
def tabs(items: Sequence[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Tabs made of links: items with ``label``, ``url``, ``current`` and optionally ``count``."""
    return {"items": items, "label": label}


@_partial("pagination")
def pagination(page: Any, label: str = "", parameter: str = "page") -> dict[str, Any]:
    """Links to the pages before and after a Django ``Page``."""
    return {"page": page, "label": label, "parameter": parameter}


@register.filter
def beside(first: Sequence[Any], second: Any) -> list[tuple[Any, Any]]:
    """Pair two sequences, or a sequence with the values of a mapping, for one loop over both."""
    return list(zip(first, second.values() if isinstance(second, Mapping) else second, strict=False))


# --- small things ----------------------------------------------------------------------------


@_partial("button")
def button(label: str, href: str = "", kind: str = "primary", **options: Any) -> dict[str, Any]:
    """Button, or link that looks like one.

    Options: ``icon``, ``name``, ``value``, ``type``, ``size`` ("large"), ``wide``, ``disabled``, ``form``, ``formaction``,
    ``confirm`` (question asked first), ``opens`` (id of a dialog), ``closes``, ``copies`` (id of a text), ``download``.
    """
    return {"label": label, "href": href, "kind": kind, **options}


@_partial("pill")
def pill(text: str, kind: str = "", icon: str = "") -> dict[str, Any]:
    """State in one or two words; kind is "", ``good``, ``caution`` or ``bad``, each with its sign."""
    signs = {"good": "check", "caution": "half", "bad": "dot"}
    return {"text": text, "kind": kind, "icon": icon or signs.get(kind, "")}


@_partial("stat")
def stat(label: str, value: Any, detail: str = "") -> dict[str, Any]:
    """One number with its words; put several into ``<div class="stats">``."""
    return {"label": label, "value": value, "detail": detail}


@_partial("timeline")
def timeline(entries: Sequence[Any]) -> dict[str, Any]:
    """What happened: entries with ``sentence``, ``created`` (or ``when`` as text), optionally ``detail`` and ``state``."""
    return {"entries": entries}


@_partial("segments")
def segments(states: Sequence[str | float], label: str = "", sealed: bool = False) -> dict[str, Any]:
    """Six segments, one per question; states are ``done``, ``part`` or ``open``, or shares from 0 to 1."""
    states = figures.segment_states(states)
    return {
        "cells": figures.segment_cells(states),
        "done": sum(state == "done" for state in states),
        "begun": sum(state == "part" for state in states),
        "count": len(states),
        "label": label,
        "sealed": sealed,
    }


@_partial("question_nav")
def question_nav(items: Sequence[Mapping[str, Any]], minutes: int | None = None) -> dict[str, Any]:
    """Way through the sheet: items with ``number``, ``label``, ``state``, ``url``, ``current``."""
    return {"items": items, "minutes": minutes}


@_partial("seal")
def seal(fingerprint: str = "", who: str = "", when: Any = "") -> dict[str, Any]:
    """Envelope with the fingerprint both sides can read out; open as long as there is none."""
    return {"fingerprint": fingerprint, "who": who, "when": when}


@_partial("non_binding")
def non_binding() -> dict[str, Any]:
    """Notice of every room: nothing here binds anybody."""
    return {}


@_partial("competition_law")
def competition_law() -> dict[str, Any]:
    """Caution beside the pledges P2, P8, P9 and question 2.4."""
    return {}


@_partial("clauses")
def clauses(items: Sequence[Any], id: str = "clauses") -> dict[str, Any]:  # noqa: A002
    """Numbered clauses to copy: texts, or mappings with ``text`` and ``note``."""
    return {"items": [c if isinstance(c, Mapping) else {"text": c} for c in items], "id": id}


@_partial("save_state")
def save_state(saved_at: Any = None) -> dict[str, Any]:
    """Place where autosave says "saved 09:41"; script keeps it current for htmx requests."""
    return {"saved_at": saved_at}


# --- form inputs -----------------------------------------------------------------------------


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
            "hint": choice[2] if len(choice) > 2 else "",  # noqa: PLR2004
            "checked": str(choice[0]) in wanted,
        }
        for choice in choices
    ]


@_partial("tiles")
def tiles(name: str, choices: Sequence[Any], value: Any = None, legend: str = "", **options: Any) -> dict[str, Any]:
    """Radio (or with ``multiple`` checkbox) tiles from (value, label[, hint]) choices.

    Options: ``help``, ``error``, ``multiple``, ``columns`` (1 = one below the other), ``dont_know`` (value of the choice that stands
    apart), ``number`` of the item, ``large``, ``id``.
    """
    return {"name": name, "choices": _choices(choices, value), "legend": legend, **options}


@_partial("segmented")
def segmented(name: str, choices: Sequence[Any], value: Any = None, legend: str = "", **options: Any) -> dict[str, Any]:
    """Few short choices in one row; options as :func:`tiles`, and ``hide_legend``."""
    return {"name": name, "choices": _choices(choices, value), "legend": legend, **options}


@_partial("scale")
def scale(name: str, value: Any = None, legend: str = "", **options: Any) -> dict[str, Any]:
    """Scale from 0 to 4; ``low`` and ``high`` name its ends."""
    return {"name": name, "choices": _choices(SCALE, value), "legend": legend, **options}


@_partial("stepper")
def stepper(name: str, value: Any = None, label: str = "", **options: Any) -> dict[str, Any]:
    """Number with − and +. Options: ``min``, ``max``, ``step``, ``unit``, ``help``, ``error``, ``hide_label``, ``id``."""
    return {"name": name, "value": value, "label": label, "min": 0, "step": 1, **options}


@_partial("number")
def number(name: str, value: Any = None, label: str = "", **options: Any) -> dict[str, Any]:
    """Number with its unit. Options: ``unit``, ``min``, ``max``, ``step``, ``help``, ``error``, ``id``, ``optional``."""
    return {"name": name, "value": value, "label": label, **options}


@_partial("points")
def points(rows: Sequence[Mapping[str, Any]], legend: str = "", total: int = 100, **options: Any) -> dict[str, Any]:
    """Share out points: rows with ``name``, ``label``, ``value``, optionally ``hint``. Options: ``help``, ``error``, ``number``, ``id``, ``step``."""
    given = sum(int(row.get("value") or 0) for row in rows)
    return {"rows": rows, "legend": legend, "total": total, "given": given, "left": total - given, "step": 5, **options}


@_partial("capability_grid")
def capability_grid(rows: Sequence[Mapping[str, Any]], legend: str = "", **options: Any) -> dict[str, Any]:
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
    return {"name": name, "choices": _choices(choices, value), "legend": legend or _("What backs it?"), **options}


# --- results ---------------------------------------------------------------------------------


@_partial("gates")
def gates(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Three conditions: items with ``label``, ``state`` (met, not_met, open), ``value`` (text), ``detail``."""
    return {"items": items}


@_partial("interests")
def interests(common: Sequence[Any], complementary: Sequence[Any], opposed: Sequence[Any], load: Any = None) -> dict[str, Any]:
    """Interests in three columns: texts, or mappings with ``text``, ``detail`` and (opposed) ``severity`` 1–3."""
    def entries(column: Sequence[Any]) -> list[Mapping[str, Any]]:
        return [entry if isinstance(entry, Mapping) else {"text": entry} for entry in column]

    return {"common": entries(common), "complementary": entries(complementary), "opposed": entries(opposed), "load": load}


@_partial("ladder")
def ladder(steps: Sequence[Mapping[str, Any]], name: str = "step") -> dict[str, Any]:
    """Fewest changes with a checkbox each: steps with ``value``, ``label``, ``gain`` (text), ``reason``, ``checked``."""
    return {"steps": steps, "name": name}


@_partial("dumbbells")
def dumbbells(rows: Sequence[Mapping[str, Any]], parties: Sequence[str], title: str = "", note: str = "") -> dict[str, Any]:
    """Answers of the parties on a line each; see :func:`figures.dumbbell_rows`."""
    return {"rows": figures.dumbbell_rows(rows, parties), "legend": figures.legend(parties), "title": title, "note": note}


@_partial("butterfly")
def butterfly(rows: Sequence[Mapping[str, Any]], left: str, right: str, title: str = "", note: str = "") -> dict[str, Any]:
    """100 points of two parties back to back; see :func:`figures.butterfly_rows`."""
    return {"rows": figures.butterfly_rows(rows), "left": left, "right": right, "title": title, "note": note}


@_partial("bars")
def bars(rows: Sequence[Mapping[str, Any]], title: str = "", note: str = "", top: float = 100) -> dict[str, Any]:
    """Horizontal bars with threshold ticks; see :func:`figures.bar_rows`."""
    return {"rows": figures.bar_rows(rows, top), "title": title, "note": note}


@_partial("waterfall")
def waterfall(rows: Sequence[Mapping[str, Any]], total: Any, title: str = "", note: str = "") -> dict[str, Any]:
    """Each rule from where the last one ended; see :func:`figures.waterfall_rows`."""
    placed = figures.waterfall_rows(rows)
    return {"rows": placed, "total": total, "total_width": placed[-1]["end"] if placed else "0%", "title": title, "note": note}


@_partial("step_line")
def step_line(points: Sequence[Mapping[str, Any]], threshold: float | None = None, title: str = "", note: str = "") -> dict[str, Any]:
    """Score after each change; see :func:`figures.step_points`."""
    return {**figures.step_points(points, threshold), "title": title, "note": note}


@register.simple_tag
def sample(name: str) -> Any:
    """Sample content for the style guide and the start page."""
    return SAMPLES[name]
