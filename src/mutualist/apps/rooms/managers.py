"""Which rooms an actor may know of: the one rule all reads and writes start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now

if TYPE_CHECKING:
    from mutualist.apps.rooms.models import Room, SeatLink  # noqa: F401


class SeatLinkQuerySet(models.QuerySet["SeatLink"]):
    """Links by which people without an account reach their seat."""

    def live(self) -> SeatLinkQuerySet:
        """Links that are neither revoked nor expired at this moment."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now())

    def held_by(self, actor: Actor) -> SeatLinkQuerySet:
        """Live links accepted in the actor's browser session; asked of the database each time."""
        return self.live().filter(pk__in=actor.link_ids)


class RoomQuerySet(models.QuerySet["Room"]):
    """Rooms, cut down to what an actor may know of."""

    def visible_to(self, actor: Actor) -> RoomQuerySet:
        """Rooms the actor hosts, has a seat in (by account, organisation or live link).

        The system itself sees none: scheduled work names its rooms with :meth:`past_deadline`.
        """
        from mutualist.apps.rooms.models import Answerer, Seat, SeatLink

        organisations = actor.organisations()
        rules: list[Any] = []
        if organisations:
            seats = Seat.objects.filter(room=OuterRef("pk"), organisation__in=organisations)
            rules += [Q(host__in=organisations), Exists(seats)]
        if actor.user_id is not None:
            mine = Answerer.objects.filter(room=OuterRef("pk"), user_id=actor.user_id)
            rules += [Q(host__isnull=True, created_by_id=actor.user_id), Exists(mine)]
        if actor.link_ids:
            rules.append(Exists(SeatLink.objects.held_by(actor).filter(room=OuterRef("pk"))))
        if not rules:
            return self.none()
        condition = rules[0]
        for rule in rules[1:]:
            condition |= rule
        return self.filter(condition)

    def past_deadline(self, day: Any) -> RoomQuerySet:
        """Rooms that open by themselves and whose last day is over."""
        return self.filter(state="answering", opens="deadline", deadline__lt=day)
