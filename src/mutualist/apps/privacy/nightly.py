"""Nothing is kept for longer than its class says: done every night."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.models import AuditHead
from mutualist.apps.privacy.erasures import write_down
from mutualist.apps.privacy.finding import batches
from mutualist.apps.privacy.organisations import end_due
from mutualist.apps.privacy.retained_rooms import apply_to_rooms
from mutualist.apps.privacy.retention import CHAIN, Due, Rule, is_here, overdue, policy
from mutualist.apps.privacy.wiping import wipe_pending


def apply_retention(moment: datetime | None = None, *, dry_run: bool = False) -> list[Due]:
    """Delete what was kept long enough; with `dry_run` only say what that would be."""
    at = moment or now()
    done = [
        Due(kept.name, rule.label, _apply(rule, at - timedelta(days=kept.days), dry_run=dry_run))
        for kept in policy().classes.values()
        if kept.days is not None
        for rule in kept.rules
        if is_here(rule.label)
    ]
    done += apply_to_rooms(at, dry_run=dry_run)
    done = [one for one in done if one.rows]
    if done and not dry_run:
        _note(done)
    return done


def _apply(rule: Rule, before: datetime, *, dry_run: bool) -> int:
    rows = overdue(rule, before)
    if dry_run:
        return rows.count()
    if rule.null:
        return rows.update(**dict.fromkeys(rule.null))
    gone = 0
    for chunk in batches(rows.values_list("pk", flat=True)):
        # In pieces, so that nobody waits for a lock; what was counted belongs to the table itself.
        with transaction.atomic():
            model = apps.get_model(rule.label)
            model._base_manager.filter(pk__in=chunk).delete()  # noqa: SLF001
            gone += len(chunk)
    return gone


@transaction.atomic
def _note(done: list[Due]) -> None:
    head, _made = AuditHead.objects.get_or_create(chain=CHAIN)
    tables: dict[str, int] = {}
    for one in done:
        tables[one.label] = tables.get(one.label, 0) + one.rows
    record(
        "privacy.retention.applied",
        actor=Actor.system(),
        obj=head,
        chain=CHAIN,
        data={"rows": sum(tables.values()), "tables": tables},
    )


def run_due() -> int:
    """Do what is due; called by the clock."""
    ended = end_due()
    done = apply_retention()
    write_down()
    wipe_pending(owner=True)
    return ended + sum(one.rows for one in done)
