"""What the installation itself records, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

INSTALLATION = "installation"

register(
    ActionKind(
        "core.key.changed",
        _("The key-encryption key was changed from {old} to {new}: {count} keys."),
        "operator",
    ),
    ActionKind(
        "core.signing_key.changed",
        _("The signing key was changed from {old} to {new}."),
        "operator",
    ),
)
