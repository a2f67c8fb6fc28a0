"""What happens to every answer: it stays private, and a refused action becomes a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mutualist.apps.core.errors import ActionError, NotAllowed


class PrivateMiddleware:
    """Keep answers out of every cache: shared ones, and that of a browser somebody else uses next.

    Files of the site itself never come here; an answer that says how long it keeps is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ErrorMiddleware:
    """Turn :class:`NotAllowed` into 404 and :class:`ActionError` into a clear page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view that raised; Django calls this."""
        if isinstance(error, NotAllowed):
            raise Http404
        if isinstance(error, ActionError):
            partial = request.headers.get("HX-Request") == "true"
            template = "core/partials/action_error.html" if partial else "core/action_error.html"
            return render(request, template, {"error": error}, status=error.status)
        return None
