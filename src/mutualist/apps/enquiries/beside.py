"""What enquiries show within a programme: a tab for the vendor, a part of a partner's page, what waits."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mutualist.apps.enquiries import queries
from mutualist.apps.programme.doors import partner_url
from mutualist.apps.programme.public import (
    Figure,
    PartnerTab,
    Section,
    Standing,
    Tab,
    counters,
    figures,
    names_for_reader,
    partner_tabs,
    sections,
    tabs,
)

#: So many of a partner's enquiries stand on its page, the newest.
SHOWN = 5


def of_partner(standing: Standing, relation: int) -> Section | None:
    """Return a partner's newest enquiries, with the way to answer."""
    found = queries.offers(standing, relation=relation)
    if not found and standing.side == "vendor":
        return None
    own = standing.side == "partner"
    rows = [
        (
            one,
            partner_url(standing, "enquiries:offer", offer=one.uid)
            if own
            else reverse("enquiries:enquiry", args=[standing.programme_uid, one.enquiry.uid]),
        )
        for one in found[:SHOWN]
    ]
    address = partner_url(standing, "enquiries:own") if own and found else ""
    names = names_for_reader(standing.programme)
    shown = {"rows": rows, "all": address, "ability_names": names}
    return Section("enquiries", "enquiries/_section.html", shown)


def waiting(standing: Standing) -> list[tuple[Any, int, str]]:
    """Return how many enquiries nobody is asked for."""
    count = queries.board(standing).filter(status="received").count()
    if not count:
        return []
    text = ngettext_lazy(
        "%(count)s enquiry without a partner", "%(count)s enquiries without a partner", count
    )
    return [
        (text % {"count": count}, count, reverse("enquiries:board", args=[standing.programme_uid]))
    ]


def unanswered(standing: Standing) -> Figure:
    """Return the counter of what waits for the vendor."""
    return Figure(
        "enquiries",
        _("Enquiries unanswered"),
        queries.board(standing).filter(status="received").count(),
        reverse("enquiries:board", args=[standing.programme_uid]),
    )


def register() -> None:
    """Name them where programmes look for such things."""
    tabs.append(Tab("enquiries", _("Enquiries"), "enquiries:board"))
    partner_tabs.append(PartnerTab(_("Enquiries"), "enquiries:own"))
    sections.append(of_partner)
    counters.append(waiting)
    figures.append(unanswered)
