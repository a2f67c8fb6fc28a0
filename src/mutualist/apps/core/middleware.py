"""What happens to every answer: it stays private, and a refused action becomes a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from mutualist.apps.core.errors import ActionError, NotAllowed

_NO_METHOD = 405


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
        """Answer the request; who opens the address of a form is led back to the page it stands on."""
        response = self.get_response(request)
        if response.status_code == _NO_METHOD and request.method == "GET" and not response.content:
            said = _("This address only takes in a form, and none was sent.")
            shown = {"error": {"message": said}, "back": _page_above(request.path)}
            page = render(request, "core/action_error.html", shown, status=_NO_METHOD)
            page.headers["Allow"] = response.headers.get("Allow", "POST")
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view that raised; Django calls this."""
        if isinstance(error, NotAllowed):
            raise Http404
        if isinstance(error, ActionError):
            partial = request.headers.get("HX-Request") == "true"
            template = "core/partials/action_error.html" if partial else "core/action_error.html"
            return render(request, template, {"error": error}, status=error.status)
        return None


def _page_above(path: str) -> str:
    """Return the nearest address above one that leads anywhere."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"
