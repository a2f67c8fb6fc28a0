"""What projects show within a programme: a tab for the vendor, a part of a partner's page, what waits."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mutualist.apps.programme.public import (
    Figure,
    PartnerTab,
    Section,
    Standing,
    Tab,
    counters,
    figures,
    partner_tabs,
    sections,
    tabs,
)
from mutualist.apps.projects import queries
from mutualist.apps.projects.pages.ways import state_of, url

#: So many of a partner's projects stand on its page, the newest.
SHOWN = 5


def of_partner(standing: Standing, relation: int) -> Section | None:
    """Return a partner's newest projects, and for itself the way to register one."""
    found, more = queries.lines(standing, relation=relation, most=SHOWN)
    if not found and standing.side == "vendor":
        return None
    own = standing.side == "partner"
    content = {
        "projects": [
            (line, state_of(line.row.state), url(standing, "project", project=line.row.uid))
            for line in found
        ],
        "more": more,
        "url_list": url(standing, "list" if own else "queue"),
        "url_new": url(standing, "new") if own and standing.writes else "",
    }
    return Section("projects", "projects/_section.html", content)


def waiting(standing: Standing) -> list[tuple[Any, int, str]]:
    """Return how many projects wait for the vendor."""
    count = queries.counts(standing)["waiting"]
    if not count:
        return []
    text = ngettext_lazy("%(count)s project to decide", "%(count)s projects to decide", count)
    return [(text % {"count": count}, count, url(standing, "queue"))]


def open_registrations(standing: Standing) -> Figure:
    """Return the counter of what waits for the vendor."""
    return Figure(
        "projects",
        _("Registrations open"),
        queries.counts(standing)["waiting"],
        url(standing, "queue"),
    )


def register() -> None:
    """Name them where programmes look for such things."""
    tabs.append(Tab("projects", _("Projects"), "projects:queue"))
    partner_tabs.append(PartnerTab(_("Projects"), "projects:own_list"))
    sections.append(of_partner)
    counters.append(waiting)
    figures.append(open_registrations)
