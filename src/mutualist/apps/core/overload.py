"""What is answered when the database cannot take more right now: 503 and when to come again.

A write that waited too long for its turn, a deadlock, a server without free connections: all of
these pass by themselves. Nothing was stored, so the request may simply be sent again.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mutualist.apps.core import metrics
from mutualist.apps.core.errors import ActionError

logger = logging.getLogger(__name__)
#: Seconds until it is worth another try.
COME_AGAIN = 5
IN_A_MOMENT = 2
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
API = "/api/"


def is_busy(error: BaseException | None) -> bool:
    """Whether an error of the database passes by itself.

    Of SQLite that is a lock held too long; a full disk or a broken file does not pass. PostgreSQL
    calls operational whatever its own work or the way to it causes: deadlock, timeout, no free
    connection, a server that starts again.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in LOCKED
    return True


def busy_answer(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Answer 503 without asking the database for anything."""
    metrics.DATABASE_ERRORS.inc()
    logger.warning(
        "the database is busy: %s", type(error.__cause__ or error).__name__ if error else ""
    )
    if request.path.startswith(API):
        message = _("The server is busy. Nothing was stored; please send the request again.")
        body = {"code": "busy", "message": message, "problems": []}
        answer: HttpResponse = JsonResponse(body, status=503)
    elif request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=503)
    else:
        answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(COME_AGAIN)
    return answer


def refusal(request: HttpRequest, error: ActionError) -> HttpResponse:
    """Answer for an action that was refused before any view was reached."""
    if request.path.startswith(API):
        body = {"code": error.code, "message": error.message, "problems": []}
        answer: HttpResponse = JsonResponse(body, status=error.status)
    else:
        answer = render(request, "core/action_error.html", {"error": error}, status=error.status)
    if error.status == 409:
        answer["Retry-After"] = str(IN_A_MOMENT)
    return answer


class OverloadMiddleware:
    """Turn a busy database into 503, wherever a view ran into it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view that raised; Django calls this."""
        return busy_answer(request, error) if is_busy(error) else None
