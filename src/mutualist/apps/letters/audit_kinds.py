"""What letters record, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind("letters.settings.saved", _("{actor} chose which mails are sent."), "host"),
    ActionKind("letters.weekly.stopped", _("{actor} stopped the weekly mail.")),
    ActionKind("letters.weekly.resumed", _("{actor} ordered the weekly mail again.")),
    ActionKind("letters.calendar.made", _("{actor} made an address for a calendar.")),
    ActionKind("letters.calendar.revoked", _("{actor} revoked the address of a calendar.")),
)
