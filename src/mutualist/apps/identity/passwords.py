"""What a password may be, beyond Django's own checks."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 256
#: Words everybody thinks of here.
OURS = frozenset({"mutualist", "partnership", "partnerschaft", "kooperation"})


class LongestValidator:
    """Refuse what is too long to be typed and costly to hash."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        """Raise when a password is too long."""
        if len(password) > LONGEST:
            raise ValidationError(_("The password has more than 256 characters."), code="too_long")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("At most 256 characters.")


class VariantValidator(CommonPasswordValidator):
    """Refuse a common password that was only doubled, or framed with digits and signs.

    The list of common passwords holds few that are as long as ours have to be; those who guess
    lengthen the short ones in this way.
    """

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        """Raise when nothing but a common password is left."""
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.lower().strip())
        core = re.sub(r"^(.+?)\1+$", r"\1", core)
        if core and (core in self.passwords or core in OURS):
            raise ValidationError(_("This password is used too often."), code="too_common")
