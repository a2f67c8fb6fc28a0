"""Events as people read them: by part of the product, each with its sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.audit import kinds
from mutualist.apps.delivery.events import TEST, kinds_to_hear


class _Open(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(name: str) -> str:
    """Return what an event says, with dots where names would stand."""
    if name == TEST:
        return _("A test: this works.")
    kind = kinds().get(name)
    return str(kind.sentence).format_map(_Open()).replace("….", "…") if kind else name


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds to choose from, in groups."""
    groups = {
        "rooms": _("Rooms"),
        "identity": _("People of the organisation"),
        "delivery": _("Webhooks"),
    }
    found: dict[str, list[tuple[str, str]]] = {title: [] for title in groups.values()}
    for name in kinds_to_hear():
        title = groups.get(name.partition(".")[0], _("Other"))
        found.setdefault(title, []).append((name, sentence(name)))
    return [(title, entries) for title, entries in found.items() if entries]
