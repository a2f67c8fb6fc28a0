from __future__ import annotations

from django.apps import AppConfig


class OidcConfig(AppConfig):
    """Installed only where the file of identity providers names one of this kind."""

    name = "mutualist.apps.identity.oidc"
    label = "identity_oidc"
