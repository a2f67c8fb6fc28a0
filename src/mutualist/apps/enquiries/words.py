"""How states, reasons and sources of enquiries are called."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

STATUS: Final[dict[str, Any]] = {
    "received": _("nobody asked yet"),
    "pending": _("waits for the partner"),
    "accepted": _("accepted"),
    "won": _("won"),
    "lost": _("lost"),
    "declined": _("closed by the vendor"),
    "expired": _("nobody took it"),
}
COLOURS: Final = {
    "received": "caution",
    "accepted": "good",
    "won": "good",
    "lost": "bad",
    "expired": "bad",
}
STATES: Final[dict[str, Any]] = {
    "new": _("New"),
    "active": _("With a partner"),
    "closed": _("Closed"),
}
OFFER: Final[dict[str, Any]] = {
    "open": _("open"),
    "accepted": _("accepted"),
    "declined": _("declined"),
    "lapsed": _("not answered in time"),
    "withdrawn": _("taken back"),
    "returned": _("given back"),
}
SOURCES: Final[dict[str, Any]] = {
    "finder": _("partner finder"),
    "hand": _("entered by hand"),
    "api": _("by a program"),
    "file": _("from a file"),
}
DECLINE: Final[dict[str, Any]] = {
    "no_time": _("no time at present"),
    "too_far": _("too far away"),
    "no_skill": _("not what we are good at"),
    "too_small": _("too small"),
    "known": _("we know this customer already"),
    "other": _("another reason"),
}
LOSE: Final[dict[str, Any]] = {
    "no_answer": _("the customer did not answer"),
    "competitor": _("another supplier"),
    "price": _("price"),
    "no_need": _("no need any more"),
    "partner_gap": _("we lacked something"),
    "other": _("another reason"),
}
CLOSE: Final[dict[str, Any]] = {
    "spam": _("no real enquiry"),
    "double": _("sent twice"),
    "direct": _("served by the vendor itself"),
    "no_partner": _("no partner for it; the customer was told"),
    "other": _("another reason"),
}
