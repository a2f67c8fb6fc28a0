"""How much a request may bring: refused before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.overload import refusal


class SizeMiddleware:
    """Answer 413 for a body that is larger than any page or operation takes.

    The framework counts fields but not files, which it would write to the disk one after the other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        most: int = settings.MUTUALIST_MAX_BODY
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length[:18]) <= most:
            return self.get_response(request)
        error = ActionError(
            "too_large",
            _("What was sent is larger than {most} MB. Send less, or a smaller file."),
            status=413,
            most=most // 1_048_576,
        )
        return refusal(request, error)
