"""What commissions show within a programme: a bar entry for the vendor, the balance on a partner's page, what waits."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.pages.ways import url
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.programme.public import (
    PartnerTab,
    Section,
    Standing,
    Tab,
    counters,
    partner_tabs,
    sections,
    tabs,
)


def money(standing: Standing, relation: int) -> Section | None:
    """Return where a partner stands, with a link to its statement; nothing before the first invoice."""
    rows = [one for one in queries.balances(standing) if one.relation == relation]
    if not rows and standing.side == "vendor":
        return None
    if standing.side == "vendor":
        address = url(standing, "partner", partner=partners_of(standing)[relation].uid)
    else:
        address = url(standing, "own")
    content = {
        "money_rows": rows,
        "money_url": address,
        "account": relation in queries.last_four(standing),
    }
    return Section("commissions", "commissions/_money.html", content)


def waiting(standing: Standing) -> list[tuple[Any, int, str]]:
    """Return what waits for the vendor's approval."""
    count = queries.waiting(standing).count()
    if not count:
        return []
    text = ngettext_lazy(
        "%(count)s commission to approve", "%(count)s commissions to approve", count
    )
    return [(text % {"count": count}, count, url(standing, "overview"))]


def register() -> None:
    """Name them where programmes look for such things."""
    tabs.append(Tab("commissions", _("Commissions"), "commissions:overview"))
    partner_tabs.append(PartnerTab(_("Commissions"), "commissions:own"))
    sections.append(money)
    counters.append(waiting)
