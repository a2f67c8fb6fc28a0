"""What should happen by the clock: tasks, mails, webhooks, rooms due, backups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from mutualist.apps.core.clock import now
from mutualist.apps.delivery.public import mail_queue, task_states, webhook_queue
from mutualist.apps.operations.backups import last_backup
from mutualist.apps.operations.checks.found import Asked, Finding, ok, warning, wrong
from mutualist.apps.privacy.public import unwiped_since

QUIET = timedelta(minutes=30)
OLD = timedelta(days=2)


def tasks(_asked: Asked) -> Iterator[Finding]:
    """Look whether the worker or the tick runs."""
    states = task_states()
    runs = [state.started for state in states if state.started is not None]
    remedy = _("Let mutualist work run beside the server, or mutualist tick every few minutes.")
    if not runs:
        yield warning("tasks", _("Nothing was ever done by the clock."), remedy)
        return
    age = now() - max(runs)
    said = _("The last task ran {minutes} minutes ago.").format(
        minutes=int(age / timedelta(minutes=1))
    )
    yield warning("tasks", said, remedy) if age > QUIET else ok("tasks", said)
    for state in states:
        if state.failures:
            yield wrong(
                f"tasks.{state.name}",
                _("The task {name} failed {count} times in a row: {error}").format(
                    name=state.name, count=state.failures, error=state.error[:200]
                ),
                _("The log says why."),
            )


def queues(_asked: Asked) -> Iterator[Finding]:
    """Look whether mails and webhooks get through."""
    for name, queue in (("mails", mail_queue()), ("webhooks", webhook_queue())):
        said = _("{waiting} wait, {given_up} were given up.").format(
            waiting=queue.waiting, given_up=queue.given_up
        )
        late = queue.oldest is not None and now() - queue.oldest > QUIET
        if queue.given_up or late:
            yield warning(
                name, said, _("See the page of the outbox or of the webhooks, and the log.")
            )
        else:
            yield ok(name, said)


def backups(_asked: Asked) -> Iterator[Finding]:
    """Look how old the last backup is."""
    made = last_backup()
    remedy = _("mutualist backup --keep 14 FOLDER, by the clock; deploy/ has a timer for it.")
    if made is None:
        yield warning("backup", _("No backup was ever made from here."), remedy)
        return
    age = now() - made
    said = _("The last backup is {hours} hours old.").format(hours=int(age / timedelta(hours=1)))
    yield warning("backup", said, remedy) if age > OLD else ok("backup", said)


def wiping(_asked: Asked) -> Iterator[Finding]:
    """Look whether what was erased is gone from the database's files as well."""
    since = unwiped_since()
    if since is None:
        yield ok("erased", _("Nothing that was erased is left in the database's files."))
    else:
        said = _("What was erased on {day} may still be in the database's files.").format(
            day=since.date().isoformat()
        )
        remedy = _(
            "mutualist retention, with MUTUALIST_DATABASE_OWNER_URL of the owner of the tables."
        )
        yield warning("erased", said, remedy) if now() - since > OLD else ok("erased", said)
