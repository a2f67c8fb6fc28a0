"""Words for the states of a room."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutualist.domain.assess import builtin_ruleset

register = template.Library()

STATES = {
    "draft": (_("Being prepared"), ""),
    "answering": (_("Answers are being given"), "caution"),
    "opened": (_("Opened"), "good"),
    "closed": (_("Closed"), ""),
}
MODES = {
    "alone": _("Self-check"),
    "two_sided": _("Two-sided"),
    "convened": _("Convened"),
}
LINKS = {
    "none": (_("No link yet"), ""),
    "sent": (_("Link sent"), "caution"),
    "used": (_("Link used"), "good"),
    "expired": (_("Link expired"), "bad"),
    "revoked": (_("Link taken back"), "bad"),
    "account": (_("Has an account"), "good"),
}


@register.filter
def state_label(state: str) -> str:
    """Return the words for a room's state."""
    return str(STATES[state][0])


@register.filter
def state_kind(state: str) -> str:
    """Return the colour of a room's state."""
    return STATES[state][1]


@register.filter
def mode_label(mode: str) -> str:
    """Return the words for the way a room is run."""
    return str(MODES[mode])


@register.filter
def link_label(state: str) -> str:
    """Return the words for the state of a seat link."""
    return str(LINKS[state][0])


@register.filter
def link_kind(state: str) -> str:
    """Return the colour of the state of a seat link."""
    return LINKS[state][1]


@register.filter
def kind_label(kind: str | None) -> str:
    """Return the words of the rule file for a kind of relationship; none without a kind."""
    if not kind:
        return ""
    return builtin_ruleset().kinds[kind].words[get_language() or "en"]


@register.filter
def first_open(shares: Iterable[float]) -> int:
    """Return the number of the first question that is not complete, or 0 if all are."""
    return next((number for number, share in enumerate(shares, start=1) if share < 1), 0)


@register.filter
def segment_states(shares: Iterable[float]) -> list[str]:
    """Turn the six answered shares into done, part and open."""
    return ["done" if share >= 1 else "part" if share > 0 else "open" for share in shares]
