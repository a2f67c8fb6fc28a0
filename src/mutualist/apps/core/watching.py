"""Follows each request: gives it a number, counts it, writes a line about it, answers the probes.

Stands before nearly everything else, so that what is refused on the way is seen, too, and a watchdog
needs no session, no language and no host name.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from mutualist.apps.core import metrics, probes
from mutualist.apps.core.logs import number_of_request

logger = logging.getLogger("mutualist.requests")
NUMBER = "X-Request-ID"
#: Taken over from a proxy when it looks like a number and could not be anything else.
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}\Z")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PROBES: Mapping[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": probes.live,
    "/health/ready": probes.ready,
    "/metrics": metrics.metrics,
}


def route_of(request: HttpRequest) -> str:
    """Return the name of the page asked for: never its address, which may hold a secret."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    if request.path_info in PROBES:
        return "probe"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "unknown"


def _kind(request: HttpRequest) -> str:
    """Return what kind of actor asked, if anybody had to know."""
    actor = getattr(request, "auth", None) or getattr(request, "actor", None)
    found = getattr(actor, "_wrapped", actor)
    # A lazy actor that nobody looked at stays unasked: the log must not cost a query.
    return str(getattr(found, "kind", "none"))


class WatchMiddleware:
    """See the module."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        given = request.headers.get(NUMBER, "")
        number = given if SANE.match(given) else secrets.token_hex(8)
        before = number_of_request.set(number)
        start = perf_counter()
        metrics.IN_FLIGHT.inc()
        try:
            response = self._answer(request)
        finally:
            metrics.IN_FLIGHT.dec()
        self._tell(request, response, perf_counter() - start)
        response.headers[NUMBER] = number
        number_of_request.reset(before)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(sorted(METHODS))
        probe = PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        try:
            response = probe(request)
        except Http404:
            # The page says no more than for any other address that does not exist.
            return self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = route_of(request)
        method = request.method if request.method in METHODS else "other"
        metrics.REQUESTS.labels(route, method, str(response.status_code)).inc()
        metrics.LATENCY.labels(route).observe(seconds)
        if logger.isEnabledFor(logging.INFO):
            logger.info(
                "answered",
                extra={
                    "shown": {
                        "route": route,
                        "method": method,
                        "status": response.status_code,
                        "ms": round(seconds * 1000, 1),
                        "actor": _kind(request),
                    }
                },
            )

    def process_exception(self, request: HttpRequest, error: Exception) -> None:  # noqa: ARG002
        """Count errors of the database; Django calls this."""
        if isinstance(error, DatabaseError):
            metrics.DATABASE_ERRORS.inc()
