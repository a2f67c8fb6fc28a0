"""The language a browser has chosen, kept in its cookie."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

YEAR = 365 * 24 * 3600


def reading() -> Literal["de", "en"]:
    """Return the language that is read now: ``de`` or ``en``."""
    return "de" if (translation.get_language() or "en").startswith("de") else "en"


def has_chosen(request: HttpRequest) -> bool:
    """Whether somebody has chosen a language in this browser."""
    return request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in dict(settings.LANGUAGES)


def keep_language(response: HttpResponse, language: str) -> None:
    """Read and keep this language in this browser from now on."""
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
