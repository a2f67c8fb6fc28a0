"""The four counters of a channel manager, each with the list of what it counts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import today
from mutualist.apps.programme.beside import Figure, figures
from mutualist.apps.programme.queries.listing import risks_of
from mutualist.apps.programme.standing import Standing


def list_url(standing: Standing, **asked: str) -> str:
    """Return the address of the list of partners, with what is asked of it."""
    address = reverse("programme:partners", args=[standing.programme_uid])
    return f"{address}?{urlencode(asked)}" if asked else address


def figures_of(standing: Standing) -> list[Figure]:
    """Return levels at risk, registrations open, proofs running out, enquiries unanswered."""
    levels, ending = risks_of(standing, today())
    risk = list_url(standing, risk="level", sort="falls")
    ends = list_url(standing, risk="ending", sort="ends")
    others = {one.key: one for one in (count(standing) for count in figures)}
    found = [
        Figure("level", _("Levels at risk in 90 days"), levels, risk),
        others.get("projects"),
        Figure("ending", _("Certificates and contracts running out in 90 days"), ending, ends),
        others.get("enquiries"),
    ]
    return [one for one in found if one is not None]
