"""What a password may be, beyond Django's own checks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 256


class LongestValidator:
    """Refuse what is too long to be typed and costly to hash."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        """Raise when a password is too long."""
        if len(password) > LONGEST:
            raise ValidationError(_("The password has more than 256 characters."), code="too_long")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("At most 256 characters.")
