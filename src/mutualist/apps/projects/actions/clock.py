"""What is done with projects by the clock: protections that run out, partners asked before, vendors reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, today
from mutualist.apps.programme.public import programme_ids
from mutualist.apps.projects import mails, scopes
from mutualist.apps.projects.actions.steps import take
from mutualist.apps.projects.models import Registration
from mutualist.apps.projects.queries import rules_of
from mutualist.domain.programme.registration import PROTECTED, WAITING, State, expired

MOST = 500


def expire_due() -> int:
    """End protections whose last day has passed, and questions that nobody answered."""
    done = 0
    for programme in programme_ids():
        for pk in _pks(
            programme, Q(protected_until__lt=today(), state__in=(*PROTECTED, State.ACTION_REQUIRED))
        ):
            with transaction.atomic(), scopes.of_clock(programme):
                row = Registration.objects.select_for_update().get(pk=pk)
                still = row.state in {*PROTECTED, State.ACTION_REQUIRED}
                if still and row.protected_until and expired(row.protected_until, today()):
                    take(row, "expire", "clock", actor=Actor.system(), answer_by=None)
                    mails.tell_partner(row, "expire")
                    done += 1
    return done


def ask_how_it_stands() -> int:
    """Write to partners whose protection ends soon: won, lost, or do they need more time."""
    done = 0
    far = today() + timedelta(days=365)
    for programme in programme_ids():
        for pk in _pks(programme, Q(state__in=PROTECTED, asked_at=None, protected_until__lte=far)):
            with transaction.atomic(), scopes.of_clock(programme):
                row = Registration.objects.select_for_update().get(pk=pk)
                due = row.protected_until and today() >= rules_of(row).ask_on(row.protected_until)
                if row.state in PROTECTED and row.asked_at is None and due:
                    row.asked_at = now()
                    row.save(update_fields=["asked_at"])
                    mails.tell_partner(row, "asked")
                    done += 1
    return done


def tell_vendors() -> int:
    """Write to vendors about what is new, and once more about what waits for long: one mail a programme."""
    return sum(_tell_vendor(programme) for programme in programme_ids())


@transaction.atomic
def _tell_vendor(programme: int) -> int:
    with scopes.of_clock(programme):
        new = list(_waiting(programme).filter(told_at=None)[:MOST])
        late = [row for row in _waiting(programme).filter(reminded_at=None)[:MOST] if _is_late(row)]
        if not new and not late:
            return 0
        _mark(new, "told_at")
        _mark(late, "reminded_at")
    mails.tell_vendor(programme, new, late)
    return len(new) + len(late)


def _waiting(programme: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a private query set
    asked = Q(state__in=PROTECTED, extension_asked_at__isnull=False)
    rows = Registration.objects.select_for_update().filter(programme=programme)
    return rows.filter(Q(state__in=WAITING) | asked).order_by("submitted_at", "pk")


def _is_late(row: Registration) -> bool:
    if row.answer_by is None:
        return False
    rules = rules_of(row)
    asked = row.answer_by - timedelta(hours=rules.answer_hours)
    return now() >= rules.remind_at(asked)


def _mark(rows: list[Registration], field: str) -> None:
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(**{field: now()})


def _pks(programme: int, condition: Q) -> Iterator[int]:
    with scopes.of_clock(programme):
        found = Registration.objects.filter(condition, programme=programme)
        return iter(
            list(found.order_by("protected_until", "pk").values_list("pk", flat=True)[:MOST])
        )
