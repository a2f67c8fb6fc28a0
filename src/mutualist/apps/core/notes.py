"""Where short messages wait for the next page: in a cookie only this host can set."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """A cookie with the name the settings give."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class HostMessages(FallbackStorage):
    """The cookie first; what does not fit goes into the session."""

    storage_classes = (HostCookie, SessionStorage)
