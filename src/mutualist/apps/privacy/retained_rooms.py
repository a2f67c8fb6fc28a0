"""Rooms whose time is over: all parties are told a month before, then it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from mutualist.apps.core.mail import absolute
from mutualist.apps.privacy.models import RetentionNotice
from mutualist.apps.privacy.retention import Due, policy
from mutualist.apps.rooms import rights as rooms

Kind = RetentionNotice.Kind


def apply_to_rooms(moment: datetime, *, dry_run: bool) -> list[Due]:
    """Announce and do what the rules about rooms say."""
    done = []
    for kept in policy().classes.values():
        if kept.rule in _RULES and kept.days:
            count = _RULES[kept.rule](moment, kept.days, dry_run=dry_run)
            done.append(Due(kept.name, "rooms.room", count))
    return done


def _idle(moment: datetime, days: int, *, dry_run: bool, opened: bool) -> int:
    notice = timedelta(days=policy().notice_days)
    silent = rooms.idle_since(moment - timedelta(days=days) + notice, opened=opened)
    _forget_woken(silent, opened=opened, dry_run=dry_run)
    return _announce_then(silent, Kind.IDLE, moment, rooms.close_idle, dry_run=dry_run)


def _idle_unopened(moment: datetime, days: int, *, dry_run: bool) -> int:
    return _idle(moment, days, dry_run=dry_run, opened=False)


def _idle_opened(moment: datetime, days: int, *, dry_run: bool) -> int:
    return _idle(moment, days, dry_run=dry_run, opened=True)


def _closed(moment: datetime, days: int, *, dry_run: bool) -> int:
    notice = timedelta(days=policy().notice_days)
    old = rooms.closed_before(moment - timedelta(days=days) + notice)
    return _announce_then(old, Kind.CLOSED, moment, rooms.delete_for_good, dry_run=dry_run)


_RULES: dict[str, Callable[..., int]] = {
    "idle_rooms": _idle_unopened,
    "idle_opened_rooms": _idle_opened,
    "closed_rooms": _closed,
}


def _forget_woken(silent: Iterable[Any], *, opened: bool, dry_run: bool) -> None:
    """Take an announcement back when somebody has done something since."""
    if dry_run:
        return
    state = {"room__state": "opened"} if opened else {"room__state__in": ["draft", "answering"]}
    rows = RetentionNotice.objects.filter(kind=Kind.IDLE, **state)
    rows.exclude(room__in=[room.pk for room in silent]).delete()


def _announce_then(
    found: Iterable[Any], kind: str, moment: datetime, act: Callable[[Any], None], *, dry_run: bool
) -> int:
    day = timezone.localtime(moment).date()
    known = {n.room_id: n for n in RetentionNotice.objects.filter(kind=kind)}
    acted = 0
    for room in found:
        notice = known.get(room.pk)
        if notice is None:
            if not dry_run:
                _announce(room, kind, moment)
            continue
        if notice.due_on > day:
            continue
        acted += 1
        if not dry_run:
            act(room)
    return acted


@transaction.atomic
def _announce(room: Any, kind: str, moment: datetime) -> None:
    due = timezone.localtime(moment).date() + timedelta(days=policy().notice_days)
    RetentionNotice.objects.create(room=room, kind=kind, due_on=due, sent_at=moment)
    rooms.tell_parties(
        room, "privacy/mail/room_ends", ends_on=due, deleted=kind == Kind.CLOSED, base=absolute("")
    )
