"""What happens in an organisation is heard by its own programs."""

from __future__ import annotations

from mutualist.apps.core.stream import Source, register_source
from mutualist.apps.identity.models import Organisation


def source_of(chain: str, audience: str) -> Source | None:
    """Return the organisation of a chain."""
    if audience != "organisation":
        return None
    found = Organisation.objects.filter(pk=int(chain.split(":")[1])).only("uid").first()
    return Source(f"organisation:{found.uid}", frozenset({found.pk})) if found else None


register_source("organisation", source_of)
