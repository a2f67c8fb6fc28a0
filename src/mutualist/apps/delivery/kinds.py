"""Events as people read them: by part of the product, each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mutualist.apps.core.audit import kinds
from mutualist.apps.delivery.events import TEST, kinds_to_hear


class _Open(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(name: str, told: Mapping[str, Any] | None = None) -> str:
    """Return what an event says: somebody did it, with what a program is told of it.

    Names are in no event. Of parties there is the letter of their seat; dots stand for the rest.
    """
    if name == TEST:
        return _("A test: this works.")
    kind = kinds().get(name)
    if kind is None:
        return name
    fields = _Open({"actor": _("Somebody"), **(told or {})})
    if told and "seat" in told:
        fields["party"] = _("Party %(seat)s") % {"seat": told["seat"]}
    if told and told.get("deadline"):
        fields["deadline"] = date_format(date.fromisoformat(str(told["deadline"])))
    return str(kind.sentence).format_map(fields).replace("….", "…")


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds to choose from, in groups."""
    groups = {
        "rooms": _("Rooms"),
        "ventures": _("Ventures"),
        "identity": _("People of the organisation"),
        "delivery": _("Webhooks"),
    }
    found: dict[str, list[tuple[str, str]]] = {title: [] for title in groups.values()}
    for name in kinds_to_hear():
        title = groups.get(name.partition(".")[0], _("Other"))
        found.setdefault(title, []).append((name, sentence(name)))
    return [(title, entries) for title, entries in found.items() if entries]
