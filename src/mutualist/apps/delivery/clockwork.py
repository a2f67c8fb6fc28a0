"""Runs what is due by the clock; a task that fails stops no other and is told of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from mutualist.apps.core import clock, schedule
from mutualist.apps.core.schedule import Task
from mutualist.apps.delivery.models import TaskRun

logger = logging.getLogger(__name__)
#: A task still running after so long was killed with its worker.
LEASE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Ran:
    """A task that was run just now."""

    name: str
    count: int
    failed: bool


def run_due(ahead: timedelta = timedelta(0)) -> Iterator[Ran]:
    """Run the tasks that are due, each in its own right.

    Parameters
    ----------
    ahead
        Run what would be due within this time, too: a job called every few minutes has to.
    """
    for task in schedule.tasks().values():
        if _take(task, ahead):
            yield _run(task)


def _take(task: Task, ahead: timedelta) -> bool:
    """Reserve a task for this worker, if it is due and nobody else runs it."""
    moment = clock.now()
    run, _ = TaskRun.objects.get_or_create(name=task.name)
    if not _is_due(run, task, moment + ahead, moment):
        return False
    free = Q(lease_until=None) | Q(lease_until__lte=moment) | Q(lease_until__gt=moment + LEASE)
    same = TaskRun.objects.filter(free, name=task.name, started=run.started)
    return bool(same.update(started=moment, lease_until=moment + LEASE))


def _is_due(run: TaskRun, task: Task, until: datetime, moment: datetime) -> bool:
    if run.started is None or run.started > moment:
        # Never run, or run by a clock that has since been set back.
        return True
    return run.started + task.every <= until


def _run(task: Task) -> Ran:
    try:
        count = task.run() or 0
    except Exception as error:
        logger.exception("the task %s failed", task.name)
        _note(task, error=f"{type(error).__name__}: {error}"[:200])
        return Ran(task.name, 0, failed=True)
    _note(task, count=count)
    return Ran(task.name, count, failed=False)


def _note(task: Task, *, count: int = 0, error: str = "") -> None:
    moment = clock.now()
    runs = TaskRun.objects.filter(name=task.name)
    if error:
        runs.update(ended=moment, lease_until=None, error=error, failures=F("failures") + 1)
    else:
        runs.update(
            ended=moment, succeeded=moment, lease_until=None, error="", failures=0, count=count
        )
