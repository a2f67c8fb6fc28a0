from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest
from django.urls import path

from mutualist.apps.identity.oidc.provider import OidcAdapter


@login_not_required
def login(request: HttpRequest, provider_id: str) -> Any:
    """Send a visitor to a provider."""
    try:
        return OAuth2LoginView.adapter_view(OidcAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> Any:
    """Take a visitor back."""
    try:
        return OAuth2CallbackView.adapter_view(OidcAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


urlpatterns = [
    path("oidc/<slug:provider_id>/login/", login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
