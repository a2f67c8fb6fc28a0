"""A sign that no text has: nobody can type a NUL, and PostgreSQL neither stores one nor looks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class NulMiddleware:
    """Answer 400 for a NUL in an address, in what it asks for, or in a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Look at a form once all that may refuse a request unread has done so; Django calls this.

        What programs send is no form, whatever they call it, and is read as it came.
        """
        form = request.method == "POST" and request.content_type in _FORMS
        if form and not request.path_info.startswith("/api/"):
            for _name, values in request.POST.lists():
                if any("\0" in str(value) for value in values):
                    raise BadRequest
