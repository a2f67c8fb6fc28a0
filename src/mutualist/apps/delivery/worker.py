"""The worker: sends mails and webhooks and does what is due by the clock.

``mutualist work`` runs it until it is told to end; ``mutualist tick`` makes one pass for a cron
job. Any number may run at a time, on any number of machines. Calls to others happen side by side
in threads that touch no table.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, close_old_connections

from mutualist.apps.core import outbox
from mutualist.apps.delivery import clockwork, relay

logger = logging.getLogger(__name__)
SIDE_BY_SIDE = 4
#: Seconds between two looks when nothing was due, and after the database could not be reached.
PAUSE, TROUBLED = 1.0, 10.0
#: Seconds between two looks at the clock's tasks.
CLOCK = 15.0
#: A cron job calls every few minutes: what is due before the next call is done now.
TICK = timedelta(minutes=5)


@dataclass
class Pass:
    """What one pass did."""

    mails: int = 0
    delivered: int = 0
    failed: int = 0
    tasks: list[clockwork.Ran] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How much was tried; as long as it grows there may be more to do at once."""
        return self.mails + self.delivered + self.failed


def send_some(pool: ThreadPoolExecutor, done: Pass) -> None:
    """Send a few mails and events side by side, and note what came of each."""
    mails, deliveries = outbox.claim(SIDE_BY_SIDE), relay.claim(SIDE_BY_SIDE)
    refusals = [pool.submit(outbox.hand_over, mail) for mail in mails]
    outcomes = [pool.submit(relay.deliver, delivery) for delivery in deliveries]
    for mail, refusal in zip(mails, refusals, strict=True):
        outbox.settle(mail, refusal.result())
        done.mails += 1
    for delivery, outcome in zip(deliveries, outcomes, strict=True):
        arrived = relay.settle(delivery, outcome.result()) and outcome.result().arrived
        done.delivered += arrived
        done.failed += not arrived


def send_due() -> Pass:
    """Send everything that is due now."""
    done = Pass()
    with ThreadPoolExecutor(SIDE_BY_SIDE * 2) as pool:
        before = -1
        while before != done.tried:
            before = done.tried
            send_some(pool, done)
    return done


def one_pass() -> Pass:
    """Do everything that is due now, and end: what ``tick`` does."""
    tasks = list(clockwork.run_due(TICK))
    done = send_due()
    done.tasks = tasks
    return done


def run(stop: threading.Event, pause: float = PAUSE) -> None:
    """Work until told to stop; trouble with the database is waited out."""
    with ThreadPoolExecutor(SIDE_BY_SIDE * 2) as pool:
        for wait in _rounds(pool, pause):
            if stop.wait(wait):
                return


def _rounds(pool: ThreadPoolExecutor, pause: float) -> Iterator[float]:
    """Work once for each step; yield the seconds to wait before the next."""
    looked = time.monotonic() - CLOCK
    while True:
        some = Pass()
        try:
            close_old_connections()
            if time.monotonic() - looked >= CLOCK:
                looked = time.monotonic()
                some.tasks = list(clockwork.run_due())
            send_some(pool, some)
        except DatabaseError:
            logger.exception("the database cannot be used; the worker waits")
            yield TROUBLED
        except Exception:
            # A mistake of ours must not stop everybody's mail: said loudly, and tried again.
            logger.exception("the worker met something it does not know")
            yield TROUBLED
        else:
            yield 0.0 if some.tried else pause


def main(parent: int = 0) -> None:
    """Work until SIGTERM or SIGINT, or until the process with this number is gone."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent:
        watch = threading.Thread(target=_follow, args=(parent, stop), daemon=True)
        watch.start()
    run(stop)


def _follow(parent: int, stop: threading.Event) -> None:
    """End with the server that started us, even if it was killed."""
    while os.getppid() == parent:
        if stop.wait(1.0):
            return
    stop.set()
