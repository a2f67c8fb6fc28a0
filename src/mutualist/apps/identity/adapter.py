"""How accounts behave here; the account library asks this class."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import translation


class AccountAdapter(DefaultAccountAdapter):
    """Keeps the language of a new person."""

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Store a person who signs up, with the language they read just now."""
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)
