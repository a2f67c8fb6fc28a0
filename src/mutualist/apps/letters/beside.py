"""What letters show within a programme: bar entries for the vendor, and on a partner's page the way to its calendar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import today
from mutualist.apps.core.language import reading
from mutualist.apps.letters.calendars import days_of
from mutualist.apps.programme.doors import partner_url
from mutualist.apps.programme.public import (
    AHEAD,
    PartnerTab,
    Section,
    Standing,
    Tab,
    partner_tabs,
    sections,
    tabs,
)

SHOWN = 4


def coming(standing: Standing, relation: int) -> Section | None:  # noqa: ARG001 - the shape of sections
    """Return the next days of a partner, for its own page."""
    if standing.side != "partner":
        return None
    language = reading()
    found = days_of(standing, today(), today() + AHEAD, language)
    content = {"days": found[:SHOWN], "url": partner_url(standing, "letters:own")}
    return Section("calendar", "letters/_section.html", content)


def register() -> None:
    """Name them where programmes look for such things."""
    tabs.append(Tab("letters", _("Mails"), "letters:letters"))
    tabs.append(Tab("calendar", _("Calendar"), "letters:calendar"))
    partner_tabs.append(PartnerTab(_("Calendar"), "letters:own"))
    sections.append(coming)
