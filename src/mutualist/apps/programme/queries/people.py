"""The people of a partner, whether they have links, and when they last came by one."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from mutualist.apps.core.clock import now
from mutualist.apps.programme.models import Contact


def people_of(relation: int) -> QuerySet[Contact]:
    """Return the people of a partner the caller may know of, each with ``live`` links and ``last_used``."""
    live = Q(links__revoked_at=None, links__expires_at__gt=now())
    mine = Contact.objects.filter(relation=relation).order_by("pk")
    return mine.annotate(live=Count("links", filter=live), last_used=Max("links__used_at"))
