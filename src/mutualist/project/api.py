"""The root of the JSON API."""

from __future__ import annotations

from ninja import NinjaAPI

from mutualist import __version__

api = NinjaAPI(title="Mutualist", version=__version__, urls_namespace="api", docs_url="docs")
