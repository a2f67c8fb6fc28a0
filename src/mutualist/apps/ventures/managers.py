"""Which ventures an actor may know of: those of the own organisations, and of rooms whose result they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from mutualist.apps.core.actor import Actor

if TYPE_CHECKING:
    from mutualist.apps.ventures.models import Venture  # noqa: F401


class VentureQuerySet(models.QuerySet["Venture"]):
    """Ventures, cut down to what an actor may know of."""

    def visible_to(self, actor: Actor) -> VentureQuerySet:
        """Ventures of the actor's organisations and of rooms whose result the actor sees."""
        from mutualist.apps.rooms.public import rooms_with_result

        own = Q(organisation__in=actor.organisations())
        return self.filter(own | Q(room__in=rooms_with_result(actor)))
