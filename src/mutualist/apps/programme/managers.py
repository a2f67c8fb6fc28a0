"""Which programmes and partners somebody may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from mutualist.apps.core.actor import Actor

if TYPE_CHECKING:
    from mutualist.apps.programme.models import Programme, Relation  # noqa: F401
    from mutualist.apps.programme.standing import Standing


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes, cut down to those of the own organisations."""

    def visible_to(self, actor: Actor) -> ProgrammeQuerySet:
        """Programmes that the actor's organisations run."""
        return self.filter(organisation__in=actor.organisations())


class RelationQuerySet(models.QuerySet["Relation"]):
    """Partners, cut down to what one side may know of."""

    def visible_to(self, who: Standing | Actor) -> RelationQuerySet:
        """Return all partners of the own programme; of a partner's side the own relation only.

        An actor without a standing sees the relations of the own organisations on either side.
        """
        if isinstance(who, Actor):
            own = who.organisations()
            return self.filter(Q(organisation__in=own) | Q(programme__organisation__in=own))
        found = self.filter(programme=who.programme)
        return found if who.side == "vendor" else found.filter(pk=who.relation or 0)
