"""What ventures record, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind("ventures.venture.described", _("{actor} described the venture {venture}.")),
    ActionKind("ventures.version.saved", _("{actor} saved version {number} of the venture.")),
    ActionKind("ventures.figures.kept", _("{actor} changed your private figures."), "seat"),
    ActionKind(
        "ventures.own.described", _("{actor} described the venture {venture}."), "organisation"
    ),
    ActionKind(
        "ventures.own.saved", _("{actor} saved version {number} of a venture."), "organisation"
    ),
    ActionKind("ventures.own.deleted", _("{actor} deleted a venture."), "organisation"),
)
