"""What enquiries record, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind(
        "enquiries.intake.saved", _("{actor} changed how enquiries are handed out."), "host"
    ),
    ActionKind("enquiries.enquiry.received", _("An enquiry came in ({source})."), "host"),
    ActionKind("enquiries.enquiry.nobody", _("Nobody can be asked for an enquiry."), "host"),
    ActionKind("enquiries.offer.made", _("An enquiry was offered to {name}.")),
    ActionKind("enquiries.offer.accepted", _("{actor} accepted an enquiry.")),
    ActionKind("enquiries.offer.declined", _("{actor} declined an enquiry.")),
    ActionKind("enquiries.offer.lapsed", _("{name} did not answer an enquiry in time.")),
    ActionKind("enquiries.offer.withdrawn", _("An enquiry was taken back from {name}.")),
    ActionKind("enquiries.enquiry.won", _("{actor} noted an enquiry as won.")),
    ActionKind("enquiries.enquiry.lost", _("{actor} noted an enquiry as lost.")),
    ActionKind("enquiries.enquiry.closed", _("{actor} closed an enquiry."), "host"),
    ActionKind("enquiries.enquiry.expired", _("An enquiry that nobody took was closed."), "host"),
    ActionKind("enquiries.enquiry.reopened", _("{actor} opened an enquiry again."), "host"),
)
