"""Notes about partners, for the vendor's people alone."""

from __future__ import annotations

from django.db.models import QuerySet

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.programme.models import PartnerNote
from mutualist.apps.programme.standing import Standing


def notes_of(standing: Standing, relation: int) -> QuerySet[PartnerNote]:
    """Return the notes about a partner, newest first.

    Raises
    ------
    NotAllowed
        If it is not the vendor who asks.
    """
    if standing.side != "vendor":
        raise NotAllowed
    found = PartnerNote.objects.filter(relation=relation, relation__programme=standing.programme)
    return found.select_related("author")
