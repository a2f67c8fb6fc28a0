"""Figures for whoever watches the server, in the format of Prometheus; no person, no firm, no room in them.

What happens in a request is counted where it happens; what the database knows is asked when
somebody looks. Each app names its figures with :func:`register`, as it does its tasks.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from prometheus_client.core import GaugeMetricFamily

logger = logging.getLogger(__name__)
REGISTRY = CollectorRegistry()
#: A page that takes longer than a few seconds is broken, whatever the number.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REQUESTS = Counter(
    "mutualist_requests", "Requests answered.", ("route", "method", "status"), registry=REGISTRY
)
LATENCY = Histogram(
    "mutualist_request_seconds",
    "Seconds until a request was answered.",
    ("route",),
    buckets=BUCKETS,
    registry=REGISTRY,
)
IN_FLIGHT = Gauge(
    "mutualist_requests_in_flight",
    "Requests being worked on.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
DATABASE_ERRORS = Counter(
    "mutualist_database_errors", "Errors of the database seen by requests.", registry=REGISTRY
)
REFUSED = Counter(
    "mutualist_refused", "Requests refused at once because too many ran.", registry=REGISTRY
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it stands now: one value, or one for each value of a label."""

    name: str
    help: str
    value: float = 0
    by: Mapping[str, float] = field(default_factory=dict)
    label: str = ""


_SOURCES: dict[str, Callable[[], Iterable[Figure]]] = {}


def register(name: str, source: Callable[[], Iterable[Figure]]) -> None:
    """Make a source of figures known; it is asked each time somebody looks."""
    _SOURCES[name] = source


def figures() -> Iterable[Figure]:
    """Return what all sources say; one that fails takes no other along."""
    for name, source in _SOURCES.items():
        try:
            yield from list(source())
        except DatabaseError:
            logger.exception("figures of %s cannot be read", name)


class _Asked:
    """Turns the figures of the apps into what the library prints."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for one in figures():
            labels = [one.label] if one.label else None
            family = GaugeMetricFamily(one.name, one.help, labels=labels)
            for text, value in one.by.items() if one.label else ():
                family.add_metric([text], value)
            if not one.label:
                family.add_metric([], one.value)
            yield family


def text() -> bytes:
    """Return everything in the format of Prometheus."""
    whole = CollectorRegistry()
    if values.ValueClass is values.MutexValue:
        counted: Any = REGISTRY
    else:
        # Several processes answer requests: what they counted lies in files of all of them.
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    whole.register(_Asked())
    return bytes(generate_latest(counted)) + bytes(generate_latest(whole))


def may_read(request: HttpRequest) -> bool:
    """Whether a request brings the token, or, where none is set, comes from this machine itself."""
    token = settings.MUTUALIST_METRICS_TOKEN
    if token:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())
    # Whoever comes through a proxy on this machine looks local, too.
    passed_on = {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip",
                 "Forwarded", "Via"} & set(request.headers)  # fmt: skip
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and not passed_on


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the figures to whoever may see them; to others there is no such page."""
    if not may_read(request):
        raise Http404
    return HttpResponse(text(), content_type=CONTENT_TYPE_LATEST)
