from __future__ import annotations

from django.apps import AppConfig


class SamlConfig(AppConfig):
    """Installed only where the file of identity providers names one of this kind."""

    name = "mutualist.apps.identity.saml"
    label = "identity_saml"
