"""How accounts behave here; the account library asks this class."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows import reauthentication
from allauth.core import context as surroundings
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.addresses import address_of
from mutualist.apps.core.audit import record
from mutualist.apps.core.limiting import FACTOR, LOGIN, account_named, of_account
from mutualist.apps.core.limits import forget
from mutualist.apps.core.mail import absolute
from mutualist.apps.identity import proof, sessions
from mutualist.apps.identity.mails import MAILS, send_account_mail
from mutualist.apps.identity.models import User
from mutualist.apps.identity.notices import NOTICES

logger = logging.getLogger(__name__)
#: What the person's log keeps, by the notice the library sends.
EVENTS = {
    "account/email/password_changed": "identity.password.changed",
    "account/email/password_set": "identity.password.changed",
    "account/email/password_reset": "identity.password.changed",
    "account/email/email_changed": "identity.email.changed",
    "mfa/email/totp_activated": "identity.factor.added",
    "mfa/email/webauthn_added": "identity.factor.added",
    "mfa/email/totp_deactivated": "identity.factor.removed",
    "mfa/email/webauthn_removed": "identity.factor.removed",
    "mfa/email/recovery_codes_generated": "identity.factor.codes_made",
    "socialaccount/email/account_connected": "identity.sso.connected",
    "socialaccount/email/account_disconnected": "identity.sso.removed",
}
LINKS = ("activate_url", "password_reset_url", "signup_url")
NEW_HERE = "account/email/unknown_account"


class AccountAdapter(DefaultAccountAdapter):
    """Keeps language, sessions, log and mails of accounts."""

    # The library's German says "du" and "leider".
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Mail address and password do not belong together."),
        "enter_current_password": _("This is not the password until now."),
        "incorrect_code": _("This code is not right, or it has run out."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _(
            "This link for a new password no longer works. Ask for a new one."
        ),
        "unverified_primary_email": _("Confirm your mail address first."),
    }

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Store a person who signs up, with the language they read just now."""
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address, behind a proxy only where it is trusted."""
        return address_of(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin a session; what was counted against the right person is forgotten."""
        # Before the browser becomes a known one: what strangers tried elsewhere stays counted.
        counted = of_account(request, account_named(user.email))
        super().login(request, user)
        sessions.begin(request, user)
        logger.info("signed in", extra={"shown": {"by": _ways(request)}})
        forget(LOGIN, counted)
        forget(FACTOR, f"user:{user.pk}")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong password or an unknown account, without saying whose."""
        super().authentication_failed(request, **credentials)
        logger.warning("signing in failed", extra={"shown": {"by": "password"}})

    def logout(self, request: HttpRequest) -> None:
        """End the session with everything it holds."""
        sessions.sign_out(request)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Any = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what happened in our words; where a page shows it anyhow, say nothing."""
        words = NOTICES.get(message_template or "")
        if words is None:
            super().add_message(
                request, level, message_template, message_context, extra_tags, message
            )
        elif words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask for a mailed code where the library would ask for nothing, for want of a password."""
        request = surroundings.request
        if proof.lacks_mailed_proof(request):
            page = reauthentication.suspend_request(request, reverse("identity:prove"))
            raise ImmediateHttpResponse(page)
        return bool(super().is_reauthentication_required(app=app, **more))

    def set_password(self, user: Any, password: str) -> None:
        """Set a password and end every other session: whoever knew the old one is out."""
        with transaction.atomic():
            super().set_password(user, password)
            current = getattr(self.request, "session", None)
            mine = getattr(self.request, "user", None) == user
            key = current.session_key if current is not None and mine else None
            sessions.end_other_sessions(user, but=key, actor=_actor(user))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell a person what happened to their account, and keep it in their log."""
        event = EVENTS.get(template_prefix)
        if event:
            with transaction.atomic():
                record(event, actor=_actor(user), obj=user, chain=f"person:{user.pk}")
        # People made by the operator have no list of addresses yet.
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Send a mail of ours in place of the library's."""
        if template_prefix not in MAILS:
            super().send_mail(template_prefix, email, context)
            return
        person = User.objects.filter(email__iexact=email).first()
        language = person.language if person else (translation.get_language() or "en")
        links = reversed(LINKS) if template_prefix == NEW_HERE else LINKS
        url = _ours(next((context[key] for key in links if context.get(key)), ""))
        fields = {key: value for key, value in context.items() if isinstance(value, str)}
        if "provider" in context:
            fields["provider"] = str(context["provider"])
        elif "account" in context:
            fields["provider"] = context["account"].get_provider().name
        send_account_mail(
            template_prefix, to=email, language=language, **{**fields, "action_url": url}
        )


def _ours(url: str) -> str:
    """Return a link of ours at the address of the settings, whatever host or port was asked for."""
    if not url:
        return ""
    parts = urlsplit(url)
    return absolute(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _ways(request: HttpRequest) -> str:
    """Return how somebody proved who they are, such as ``password+mfa``."""
    records = request.session.get("account_authentication_methods", ())
    return "+".join(str(one.get("method", "")) for one in records) or "unknown"


def _actor(user: User) -> Actor:
    return Actor("user", user_id=user.pk, name=str(user), language=user.language)
