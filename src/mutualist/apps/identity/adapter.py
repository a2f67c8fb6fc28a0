"""How accounts behave here; the account library asks this class."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.contrib.sites.shortcuts import get_current_site
from django.utils import translation

from mutualist.apps.core.outbox import post


class AccountAdapter(DefaultAccountAdapter):
    """Keeps the language of a new person."""

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Store a person who signs up, with the language they read just now."""
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about an account the way all mails go: stored first, tried again."""
        request = allauth_context.request
        own = {"request": request, "email": email, "current_site": get_current_site(request)}
        post(self.render_mail(template_prefix, email, {**own, **context}))
