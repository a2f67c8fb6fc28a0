"""Seat links by their token; the database knows its digest only."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.tokens import digest
from mutualist.apps.rooms.models import SeatLink


def live_link(token: str) -> SeatLink:
    """Return the seat link behind a token that still opens.

    Raises
    ------
    ActionError
        ``link_unknown``, ``link_revoked`` or ``link_expired``: each says how to get a new one.
    """
    link = (
        SeatLink.objects.filter(digest=digest(token))
        .select_related("answerer__seat", "answerer__user", "room")
        .first()
    )
    if link is None:
        raise ActionError(
            "link_unknown",
            _("This link is not known. Please use the newest mail, or ask for a new link."),
            status=404,
        )
    if link.revoked_at is not None:
        raise ActionError(
            "link_revoked",
            _("This link has been taken back. Please ask whoever invited you for a new one."),
            status=410,
        )
    if not link.is_live:
        raise ActionError(
            "link_expired",
            _("This link has expired. Please ask whoever invited you for a new one."),
            status=410,
        )
    return link


def link_language(token: str) -> str:
    """Return the language a seat link was sent in; "" for a link that is not ours.

    Whoever holds the token may know this much, also when the link has ended: the page that says
    so is then in the right language.
    """
    links = SeatLink.objects.filter(digest=digest(token))
    return links.values_list("answerer__language", flat=True).first() or ""
