"""What whoever watches the server is told of mails, webhooks and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from mutualist.apps.core import clock, schedule
from mutualist.apps.core.metrics import Figure, register
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.probes import Probe
from mutualist.apps.core.probes import register as register_probe
from mutualist.apps.delivery.models import Delivery, TaskRun

#: A cron job may call every few minutes; after so many without any sign nothing is sent any more.
SILENT = timedelta(minutes=15)


def worker_lives() -> bool:
    """Whether anything was done by the clock lately, by a worker or by ``tick``."""
    last = TaskRun.objects.aggregate(last=Max("ended"))["last"]
    return last is not None and clock.now() - last < SILENT


def _by_state(rows: QuerySet[Any], states: list[str]) -> dict[str, float]:
    found = dict(rows.values_list("state").annotate(number=Count("pk")).order_by())
    return dict.fromkeys(states, 0.0) | found


def figures() -> Iterator[Figure]:
    """Count what is on its way by state, and tell how long ago each task succeeded."""
    mails, events = OutboxMail.objects.all(), Delivery.objects.all()
    by = _by_state(mails, OutboxMail.State.values)
    yield Figure("mutualist_mails", "Mails kept, by state.", by=by, label="state")
    by = _by_state(events, Delivery.State.values)
    yield Figure("mutualist_webhooks", "Webhooks, by state.", by=by, label="state")
    moment = clock.now()
    waiting = OutboxMail.objects.filter(state=OutboxMail.State.WAITING).aggregate(o=Min("created"))
    oldest = (moment - waiting["o"]).total_seconds() if waiting["o"] else 0
    yield Figure("mutualist_oldest_mail_seconds", "Age of the oldest waiting mail.", value=oldest)
    runs = TaskRun.objects.filter(name__in=schedule.tasks()).exclude(succeeded=None)
    ages = {
        name: (moment - succeeded).total_seconds()
        for name, succeeded in runs.values_list("name", "succeeded")
        if succeeded is not None
    }
    words = "Seconds since a task of the clock last succeeded."
    yield Figure("mutualist_task_age_seconds", words, by=ages, label="task")
    failing = dict(TaskRun.objects.filter(name__in=ages).values_list("name", "failures"))
    words = "How often in a row a task of the clock failed."
    yield Figure("mutualist_task_failures", words, by=failing, label="task")


register("delivery", figures)
# What is late is made up for later; nobody is kept out because of it.
register_probe(Probe("worker", worker_lives, vital=False))
