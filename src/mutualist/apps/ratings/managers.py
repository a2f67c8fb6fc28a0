"""Which ratings somebody may read: one's own, and the other side's once both have rated or the time is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from mutualist.apps.core.clock import today

if TYPE_CHECKING:
    from mutualist.apps.programme.public import Standing


class RoundQuerySet(models.QuerySet[Any]):
    """Half-years in which somebody rated."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme for its vendor, one's own for a partner."""
        found = self.filter(relation__programme=standing.programme)
        return found if standing.side == "vendor" else found.filter(relation=standing.relation or 0)


class RatingQuerySet(models.QuerySet[Any]):
    """Ratings."""

    def public(self) -> Self:
        """Those of rounds in which both have rated, or whose time is over."""
        other = self.model.objects.filter(round=OuterRef("round")).exclude(side=OuterRef("side"))
        return self.filter(Q(round__closes__lt=today()) | Exists(other))

    def visible_to(self, standing: Standing) -> Self:
        """One's own side's, and the other side's where they are public; of a partner's side the own relation only."""
        found = self.filter(round__relation__programme=standing.programme)
        if standing.side != "vendor":
            found = found.filter(round__relation=standing.relation or 0)
        public = self.model.objects.all().public().values("pk")
        return found.filter(Q(side=standing.side) | Q(pk__in=public))
