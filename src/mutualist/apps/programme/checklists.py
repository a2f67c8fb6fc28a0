"""What a new partner does before it is active, by kind of partner: read from YAML, every mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.errors import ActionError
from mutualist.library.errors import FileError
from mutualist.library.yamlfile import load

SCHEMA = "checklist/1"
MOST_STEPS, MOST_KINDS, LONGEST = 30, 12, 200
_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_OWN = frozenset({"agreement", "profile", "contact"})
#: To begin with: kinds of partners as most programmes have them.
EXAMPLE = """\
schema: checklist/1
kinds:
  reseller: {de: Händler, en: Reseller}
  integrator: {de: Integrator, en: Integrator}
  referrer: {de: Empfehler, en: Referral partner}
steps:
  - {id: kickoff, by: vendor, words: {de: Auftaktgespräch geführt, en: Kick-off held}}
  - {id: course, by: partner, kinds: [reseller, integrator], words: {de: Grundkurs besucht, en: Basic course attended}}
  - {id: demo, by: partner, kinds: [integrator], words: {de: Demosystem eingerichtet, en: Demo system set up}}
  - {id: prices, by: vendor, kinds: [reseller], words: {de: Preisliste freigeschaltet, en: Price list opened}}
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A step of the checklist.

    Attributes
    ----------
    by
        Who ticks it: ``partner`` or ``vendor``.
    kinds
        Kinds of partners it is for; empty: all.
    """

    id: str
    by: str
    kinds: tuple[str, ...]
    words: Mapping[str, str]


def items_of(checklist: Any, kind: str) -> tuple[Item, ...]:
    """Return the steps of a stored checklist that are for a kind of partner."""
    steps = checklist.get("steps", ()) if isinstance(checklist, dict) else ()
    found = [Item(one["id"], one["by"], tuple(one.get("kinds", ())), one["words"]) for one in steps]
    return tuple(one for one in found if not one.kinds or kind in one.kinds)


def kinds_of(checklist: Any, language: str) -> dict[str, str]:
    """Return the kinds of partners of a stored checklist, with their words in a language."""
    kinds = checklist.get("kinds", {}) if isinstance(checklist, dict) else {}
    return {name: words[language] for name, words in kinds.items()}


def read_checklist(text: str) -> dict[str, Any]:
    """Read a checklist as it is written; empty text is none.

    Raises
    ------
    ActionError
        ``checklist`` with the place that is wrong and what would be right.
    """
    if not text.strip():
        return {}
    try:
        content = load(text)
    except FileError as error:
        raise ActionError("checklist", "{problem}", problem=str(error)) from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise _wrong("schema", _("write “schema: checklist/1” in the first line"))
    if unknown := set(content) - {"schema", "kinds", "steps"}:
        raise _wrong(str(min(map(str, unknown))), _("leave it out: there are kinds and steps"))
    kinds = content.get("kinds") or {}
    if not isinstance(kinds, dict) or len(kinds) > MOST_KINDS:
        raise _wrong("kinds", _("write “name: {de: …, en: …}” for up to 12 kinds"))
    for name, words in kinds.items():
        _named(f"kinds.{name}", name)
        _words(f"kinds.{name}", words)
    steps = content.get("steps") or []
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        raise _wrong("steps", _("write a list of up to 30 steps"))
    seen: set[str] = set()
    for number, step in enumerate(steps, 1):
        _step(f"steps.{number}", step, set(kinds), seen)
    return {"schema": SCHEMA, "kinds": kinds, "steps": steps}


def _step(place: str, step: Any, kinds: set[str], seen: set[str]) -> None:
    if not isinstance(step, dict) or not set(step) <= {"id", "by", "kinds", "words"}:
        raise _wrong(place, _("write “{id: …, by: partner, words: {de: …, en: …}}”"))
    name = step.get("id")
    _named(f"{place}.id", name)
    if name in seen or name in _OWN:
        raise _wrong(f"{place}.id", _("“{name}” is taken; choose another id").format(name=name))
    seen.add(str(name))
    if step.get("by") not in {"partner", "vendor"}:
        raise _wrong(f"{place}.by", _("write partner or vendor: who ticks the step"))
    for kind in _list(f"{place}.kinds", step.get("kinds", [])):
        if kind not in kinds:
            raise _wrong(
                f"{place}.kinds", _("“{name}” is not among kinds; name it there").format(name=kind)
            )
    _words(f"{place}.words", step.get("words"))


def _list(place: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(place, _("write a list, such as [reseller]"))
    return value


def _named(place: str, name: Any) -> None:
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise _wrong(place, _("use small letters, digits, - and _, beginning with a letter"))


def _words(place: str, words: Any) -> None:
    if (
        not isinstance(words, dict)
        or set(words) != {"de", "en"}
        or not all(isinstance(one, str) and 0 < len(one) <= LONGEST for one in words.values())
    ):
        raise _wrong(place, _("write “{de: …, en: …}” with up to 200 characters each"))


def _wrong(place: str, remedy: str) -> ActionError:
    return ActionError(
        "checklist", _("{place} of the checklist: {remedy}."), place=place, remedy=remedy
    )
