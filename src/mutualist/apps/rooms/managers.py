"""Which rooms an actor may know of: the one rule all reads and writes start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

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
        from mutualist.apps.rooms.models import Answerer, Room, Seat, SeatLink

        organisations = actor.organisations()
        rooms: list[models.QuerySet[Any, Any]] = []
        if organisations:
            hosted = Room.objects.filter(host__in=organisations)
            seated = Seat.objects.filter(organisation__in=organisations)
            rooms += [hosted.values("pk"), seated.order_by().values("room")]
        if actor.user_id is not None:
            alone = Room.objects.filter(host__isnull=True, created_by=actor.user_id)
            mine = Answerer.objects.filter(user=actor.user_id)
            rooms += [alone.values("pk"), mine.order_by().values("room")]
        if actor.link_ids:
            rooms.append(SeatLink.objects.held_by(actor).order_by().values("room"))
        if not rooms:
            return self.none()
        # Found by index on both databases; conditions joined by OR would read every room there is.
        return self.filter(pk__in=rooms[0].union(*rooms[1:]))

    def past_deadline(self, day: Any) -> RoomQuerySet:
        """Rooms that open by themselves and whose last day is over."""
        return self.filter(state="answering", opens="deadline", deadline__lt=day)
