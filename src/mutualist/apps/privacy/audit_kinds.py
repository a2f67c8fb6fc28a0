"""What is recorded about people's rights; no entry names the person who was erased."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind("privacy.person.exported", _("{actor} took a copy of their data."), "operator"),
    ActionKind("privacy.person.erased", _("A person was erased: {rows} rows."), "operator"),
    ActionKind(
        "privacy.organisation.ending", _("{actor} ends {organisation} on {day}."), "operator"
    ),
    ActionKind("privacy.organisation.kept", _("{actor} keeps {organisation}."), "operator"),
    ActionKind(
        "privacy.organisation.ended", _("An organisation was deleted: {rooms} rooms."), "operator"
    ),
    ActionKind(
        "privacy.retention.applied",
        _("What was kept long enough was deleted: {rows} rows."),
        "operator",
    ),
)
