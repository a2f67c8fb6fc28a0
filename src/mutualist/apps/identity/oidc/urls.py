from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest
from django.urls import path
from requests import RequestException

from mutualist.apps.identity.oidc.provider import OidcAdapter


def _answer(view: Any, request: HttpRequest, provider_id: str) -> Any:
    adapter = OidcAdapter(request, provider_id)
    try:
        return view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (RequestException, OAuth2Error, KeyError, ValueError) as error:
        # The provider is away, or what it says of itself makes no sense.
        return render_authentication_error(request, adapter.get_provider(), exception=error)


@login_not_required
def login(request: HttpRequest, provider_id: str) -> Any:
    """Send a visitor to a provider."""
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> Any:
    """Take a visitor back."""
    return _answer(OAuth2CallbackView, request, provider_id)


urlpatterns = [
    path("oidc/<slug:provider_id>/login/", login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
