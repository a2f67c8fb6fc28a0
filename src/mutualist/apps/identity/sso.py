"""Who is let in by an identity provider, and whose account that is.

A provider speaks for the mail domains it is trusted for, and for no others. Within them a proven
address finds its account or makes one; outside, a sign-in only counts after its owner, signed in
here, has connected it. So no provider can take over an account by claiming an address.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import translation

from mutualist.apps.identity.sso_file import SsoProvider

logger = logging.getLogger(__name__)


def provider_of(provider_id: str) -> SsoProvider | None:
    """Return a provider of the file."""
    found: SsoProvider | None = settings.MUTUALIST_SSO.get(provider_id)
    return found


class SsoAdapter(DefaultSocialAccountAdapter):
    """What the account library asks about sign-in by a provider."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:  # noqa: ARG002
        """Know the providers of the file only; the database can add none."""
        from allauth.socialaccount.adapter import _build_apps_from_settings

        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_email_verified(self, provider: Any, email: str) -> bool:  # noqa: ARG002
        """Prove nothing here: the provider's own answer is read where it is understood."""
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Let an address find its account only where the provider may speak for it."""
        found = provider_of(login.account.provider)
        return bool(found and found.speaks_for(email))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse newcomers the provider cannot speak for."""
        found = provider_of(sociallogin.account.provider)
        for address in sociallogin.email_addresses:
            address.verified = bool(address.verified and found and found.speaks_for(address.email))
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        proven = any(address.verified for address in sociallogin.email_addresses)
        if not (found and found.sign_up and proven):
            logger.warning(
                "a sign-in by %s was refused: no proven address", sociallogin.account.provider
            )
            page = render(
                request,
                "socialaccount/refused.html",
                {"provider": found, "domains": sorted(found.trusted_domains) if found else []},
                status=403,
            )
            raise ImmediateHttpResponse(page)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Make accounts for newcomers; who may be one was decided before."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Give a new person the name the provider knows and the language they read just now."""
        user = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name") or "", data.get("last_name") or "")
        name = data.get("name") or " ".join(parts)
        user.name = " ".join(str(name).split())[:120]
        user.language = translation.get_language() or "en"
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,  # noqa: ARG002
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Log the reason for the operator; the page says only that it did not work."""
        reason = (extra_context or {}).get("saml_last_error_reason") or exception or error
        # Only the beginning: what a provider answers may hold more than belongs into a log.
        logger.warning(
            "a sign-in by %s failed: %.120s", getattr(provider, "sub_id", provider), reason
        )
