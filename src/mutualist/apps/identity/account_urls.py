"""The account library's addresses, each part by name: an update of it adds none by itself."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    *(path("", include(f"{app}.urls")) for app in settings.SOCIALACCOUNT_APPS),
]
