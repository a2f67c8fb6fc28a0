"""What other apps may ask of delivery: how mails, webhooks and the clock fare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from mutualist.apps.core import schedule
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.delivery.models import Delivery, TaskRun

__all__ = ["Queue", "TaskState", "mail_queue", "task_states", "webhook_queue"]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits and what was given up.

    Attributes
    ----------
    oldest
        When the eldest that waits was written.
    """

    waiting: int
    given_up: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class TaskState:
    """How a task of the clock fares."""

    name: str
    started: datetime | None
    succeeded: datetime | None
    failures: int
    error: str


def mail_queue() -> Queue:
    """Return how mails fare; kept mails of a server without mail are in neither number."""
    waiting = OutboxMail.objects.filter(state=OutboxMail.State.WAITING)
    found = waiting.aggregate(number=Count("pk"), oldest=Min("created"))
    failed = OutboxMail.objects.filter(state=OutboxMail.State.FAILED).count()
    return Queue(found["number"], failed, found["oldest"])


def webhook_queue() -> Queue:
    """Return how events fare; those of paused webhooks wait on purpose and are not counted."""
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING, endpoint__paused="")
    found = waiting.aggregate(number=Count("pk"), oldest=Min("created"))
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    return Queue(found["number"], dead, found["oldest"])


def task_states() -> tuple[TaskState, ...]:
    """Return how the tasks of the clock fare, those that never ran included."""
    runs = TaskRun.objects.in_bulk()
    return tuple(
        TaskState(run.name, run.started, run.succeeded, run.failures, run.error)
        for run in (runs.get(name, TaskRun(name=name)) for name in schedule.tasks())
    )
