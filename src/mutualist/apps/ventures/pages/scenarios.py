"""All scenarios of a version as a Parquet file, for whoever computes on: without anybody's private figures."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import download, file_name
from mutualist.apps.ventures import computing, queries

PARQUET = "application/vnd.apache.parquet"


@require_safe
@known_person
def parquet(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Download present value, deepest outlay and payback of each party in each scenario."""
    place = queries.get_venture(actor_of(request), venture)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None
    saved = queries.version_of(place, number)
    outcomes = computing.simulated(saved.description, computing.REPORTED)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "scenarios.parquet"
        outcomes.write(file)
        content = file.read_bytes()
    name = file_name(place.venture.name, f"v{saved.number}", today(), "parquet")
    return download(content, PARQUET, name)


urlpatterns = [path("ventures/<uuid:venture>/scenarios.parquet", parquet, name="parquet")]
