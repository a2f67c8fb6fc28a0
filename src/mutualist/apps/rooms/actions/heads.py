"""Heads of a room's log in other people's mail: from then on nobody rewrites what lies before them alone.

A mail goes to the leads of all parties, at every opening and otherwise at most once an hour, only when the log of the
room has grown. That log holds what the room's page shows to all parties anyway; what one party does by itself stands
in a log of its own, and only that party gets its head.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import CharField, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.anchors import anchored_head, last_anchor
from mutualist.apps.core.clock import now
from mutualist.apps.core.mail import send_mail_template
from mutualist.apps.core.models import AuditAnchor, AuditHead
from mutualist.apps.core.signing import public_fingerprint
from mutualist.apps.rooms.actions.mails import context_for, leads, mail_of
from mutualist.apps.rooms.chains import room_chain, seat_chain
from mutualist.apps.rooms.models import Answerer, Room
from mutualist.apps.rooms.queries.access import room_for_update
from mutualist.apps.rooms.standing import Standing, standing

logger = logging.getLogger(__name__)
# With the clock's own five minutes no entry waits longer than an hour.
PAUSE = timedelta(minutes=55)


def head_lines(here: Standing) -> dict[str, Any]:
    """Anchor the head of a room's log and return what a mail says of it; for mails to all leads."""
    head = anchored_head(room_chain(here.room))
    return {"head": head.text, "key_fingerprint": public_fingerprint()}


def send_heads(moment: datetime | None = None) -> int:
    """Mail the heads of all rooms whose log has grown and that had no such mail within the hour; return how many.

    Safe to run at any time and twice at once: each room is locked, and its anchor is stored in the transaction that
    stores the mails.
    """
    moment = moment or now()
    return sum(_sent(pk, moment) for pk in _due(moment))


def _due(moment: datetime) -> list[int]:
    """Return the rooms that may be due: their log is longer than its last anchor, which is old enough."""
    chain = Concat(Value("room:"), Cast(OuterRef("pk"), CharField()))
    newest = AuditAnchor.objects.filter(chain=chain).order_by("-seq")
    rooms = Room.objects.exclude(mode=Room.Mode.ALONE).annotate(
        reached=Subquery(AuditHead.objects.filter(chain=chain).values("seq")[:1]),
        anchored=Coalesce(Subquery(newest.values("seq")[:1]), 0, output_field=IntegerField()),
        anchored_at=Subquery(newest.values("created")[:1]),
    )
    old = Q(anchored_at__isnull=True) | Q(anchored_at__lte=moment - PAUSE)
    return list(rooms.filter(old, reached__gt=F("anchored")).values_list("pk", flat=True))


def _sent(pk: int, moment: datetime) -> bool:
    """Send for one room; what goes wrong there must not keep the others waiting."""
    try:
        return _send(pk, moment)
    except (DatabaseError, LookupError):
        logger.exception("the head of the log of a room could not be sent")
        return False


@transaction.atomic
def _send(pk: int, moment: datetime) -> bool:
    room = Room.objects.filter(pk=pk).first()
    if room is None:
        return False
    here = standing(Actor.system(), room_for_update(room))
    people = _arrived(here)
    # As long as only one side is there, there is nobody to keep what the other can't rewrite.
    if len({person.seat_id for person in people}) < 2 or not _is_due(room, moment):
        return False
    head = anchored_head(room_chain(here.room), moment)
    told: set[str] = set()
    for person in people:
        to = mail_of(person)
        if to and to.lower() not in told:
            _mail(here, person, to, head.text, moment)
            told.add(to.lower())
    return True


def _is_due(room: Room, moment: datetime) -> bool:
    """Look again, now that nobody else can write: another run may have been quicker."""
    chain = room_chain(room)
    anchor, head = last_anchor(chain), AuditHead.objects.filter(chain=chain).first()
    if head is None or anchor is None:
        return head is not None
    return head.seq > anchor.seq and anchor.created <= moment - PAUSE


def _arrived(here: Standing) -> list[Answerer]:
    """Return the leads who have come in; whoever was only invited gets no further mail."""
    came = {
        *Answerer.objects.filter(room=here.room, user__isnull=False).values_list("pk", flat=True),
        *Answerer.objects.filter(room=here.room, links__used_at__isnull=False).values_list(
            "pk", flat=True
        ),
    }
    return [person for person in leads(here) if person.pk in came]


def _mail(here: Standing, person: Answerer, to: str, head: str, moment: datetime) -> None:
    own = _own_head(here, person, moment)
    context = {
        # Without a link: nothing is to be done, and each link would be one more way in.
        **context_for(person, here, ""),
        "head": head,
        "own_head": own,
        "key_fingerprint": public_fingerprint(),
    }
    send_mail_template("rooms/mail/head", to=to, language=person.language, context=context)


def _own_head(here: Standing, person: Answerer, moment: datetime) -> str:
    """Return the head of the party's own log; there may be none yet."""
    seat = next(seat for seat in here.seats if seat.pk == person.seat_id)
    try:
        return anchored_head(seat_chain(here.room, seat), moment).text
    except LookupError:
        return ""
