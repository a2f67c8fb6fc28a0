"""Mail addresses as people type them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAIL_LENGTH = 254


def is_mail_address(text: str) -> bool:
    """Whether a mail can be sent there, as far as the form of the address tells."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= MAIL_LENGTH
