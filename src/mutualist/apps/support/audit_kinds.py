"""What support records, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind(
        "support.session.begun",
        _("{actor}, operator, opened a support session. Reason: {reason}"),
        "organisation",
    ),
    ActionKind(
        "support.session.ended", _("{actor}, operator, ended a support session."), "organisation"
    ),
)
