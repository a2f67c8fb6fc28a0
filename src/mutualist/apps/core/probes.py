"""Is it alive, can it work? For balancers and watchdogs: a status and short codes, no details.

``/health/live`` says that the process answers. ``/health/ready`` looks at what every request
needs; what only delays (a worker that stands still) is named, but keeps nobody out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that has to be well.

    Attributes
    ----------
    code
        What stands in the answer when it is not.
    fine
        Tells whether it is well; may raise, which means that it is not.
    vital
        Whether no request can be served without it.
    """

    code: str
    fine: Callable[[], bool]
    vital: bool = True


_PROBES: dict[str, Probe] = {}
_MIGRATED = False


def register(*probes: Probe) -> None:
    """Make probes known, in the order they are asked."""
    _PROBES.update({probe.code: probe for probe in probes})


def database_answers() -> bool:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def is_migrated() -> bool:
    """Whether the tables are those of this version; once they are, they stay so."""
    global _MIGRATED  # noqa: PLW0603 - looking costs fifty milliseconds
    if not _MIGRATED:
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        _MIGRATED = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _MIGRATED


def keys_fit() -> bool:
    """Whether the key-encryption key can be read."""
    from mutualist.apps.core.vault import check_key

    check_key()
    return True


register(
    Probe("database", database_answers),
    Probe("migrations", is_migrated),
    Probe("keys", keys_fit),
)


def ill() -> list[Probe]:
    """Return what is not well; without a database nothing further is asked."""
    found: list[Probe] = []
    for probe in _PROBES.values():
        try:
            fine = probe.fine()
        except Exception as error:  # noqa: BLE001 - nothing may go past this
            # Whatever it is, the answer is the same; the log says what.
            logger.warning("the probe %s failed: %s", probe.code, type(error).__name__)
            fine = False
            if isinstance(error, DatabaseError):
                return [*found, probe]
        if not fine:
            found.append(probe)
    return found


@require_safe
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer as long as the process does."""
    return JsonResponse({"status": "live"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 200 when requests can be served, else 503 with the codes of what is missing."""
    found = ill()
    vital = any(probe.vital for probe in found)
    status = "unready" if vital else "degraded" if found else "ready"
    answer = JsonResponse(
        {"status": status, "reasons": [probe.code for probe in found]},
        status=503 if vital else 200,
    )
    if vital:
        answer["Retry-After"] = "5"
    return answer
