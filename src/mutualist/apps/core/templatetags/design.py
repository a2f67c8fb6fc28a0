"""The components of the design system as template tags; the style guide page shows all of them.

Tags with an end tag (``{% card %}…{% endcard %}``) wrap content, the others take plain values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from mutualist.apps.core import figures
from mutualist.apps.core.samples import SAMPLES
from mutualist.apps.core.templatetags import design_inputs, design_results
from mutualist.domain.assess import builtin_ruleset

register = template.Library()
# One library to load, three files to read.
register.tags.update(design_inputs.register.tags)
register.tags.update(design_results.register.tags)

THEMES = ("light", "dark")


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
_wrapper(
    "rows",
    {
        "legend": "",
        "help": "",
        "add_name": "",
        "add_label": "",
        "full": False,
        "id": "",
        "error": "",
    },
)
_wrapper("row", {"title": "", "remove_name": "", "remove_value": ""})
_wrapper(
    "field_group", {"legend": "", "help": "", "error": "", "id": "", "large": False, "number": ""}
)


def _partial(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return register.inclusion_tag(f"core/components/{name}.html", name=name)


# Types count: the same letters, once as text and once as safe HTML, are two things.
@lru_cache(maxsize=4096, typed=True)
def _remembered(
    name: str,
    values: Callable[..., Any],
    language: str,  # noqa: ARG001  (part of what is remembered)
    *given: Hashable,
    **options: Hashable,
) -> SafeString:
    return _render(name, values(*given, **options))


def _constant(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a component that depends on nothing but its values and the language: drawn once.

    Lists repeat the same few pills and icons many times, and to run a template is the dearest part
    of a page.
    """

    def registered(values: Callable[..., Any]) -> Callable[..., Any]:
        @register.simple_tag(name=name)
        @wraps(values)
        def tag(*given: Any, **options: Any) -> SafeString:
            try:
                return _remembered(name, values, get_language() or "en", *given, **options)
            except TypeError:
                # A value that cannot be a key, such as a list: draw it anew.
                return _render(name, values(*given, **options))

        return values

    return registered


# --- frame -----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """Colour scheme this browser has chosen, or "" to follow the system."""
    request = context.get("request")
    chosen = request.COOKIES.get(settings.THEME_COOKIE_NAME, "") if request else ""
    return chosen if chosen in THEMES else ""


@_constant("icon")
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
    return list(
        zip(first, second.values() if isinstance(second, Mapping) else second, strict=False)
    )


# --- small things ----------------------------------------------------------------------------


@_partial("button")
def button(label: str, href: str = "", kind: str = "primary", **options: Any) -> dict[str, Any]:
    """Button, or link that looks like one.

    Options: ``icon``, ``name``, ``value``, ``type``, ``size`` ("large"), ``wide``, ``disabled``, ``form``, ``formaction``,
    ``confirm`` (question asked first), ``opens`` (id of a dialog), ``closes``, ``copies`` (id of a text), ``download``.
    """
    return {"label": label, "href": href, "kind": kind, **options}


@_constant("pill")
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
    """Tell what happened: entries with ``sentence``, ``created`` (or ``when`` as text), optionally ``detail`` and ``state``."""
    return {"entries": entries}


@_constant("segments")
def segments(
    states: Sequence[str | float], label: str = "", sealed: bool = False
) -> dict[str, Any]:
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


@_constant("room_card")
def room_card(room: Any, level: int = 3) -> dict[str, Any]:
    """One room in a list: its name, seats, state and date; `level` is that of the heading."""
    return {"room": room, "level": level}


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
    return {"items": [design_results.with_text(item) for item in items], "id": id}


@_partial("save_state")
def save_state(saved_at: Any = None) -> dict[str, Any]:
    """Place where autosave says "saved 09:41"; script keeps it current for htmx requests."""
    return {"saved_at": saved_at}


@register.simple_tag
def sample(name: str) -> Any:
    """Sample content for the style guide and the start page."""
    return SAMPLES[name]


@register.simple_tag
def question_titles() -> list[str]:
    """Titles of the six questions, in the words of the rule file."""
    questions = builtin_ruleset(settings.MUTUALIST_RULESET).questions
    return [question.words[get_language() or "en"] for question in questions]
