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
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections

from mutualist.apps.core import outbox
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.delivery import clockwork, relay
from mutualist.apps.delivery.models import Delivery

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


class Sender:
    """Keeps a few mails and events under way; whoever is slow holds up nobody else."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._under_way: dict[Future[Any], OutboxMail | Delivery] = {}

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def take(self) -> None:
        """Take what is due, as far as there is room, and send it off in threads."""
        free = SIDE_BY_SIDE - len(self._under_way)
        if free <= 0:
            return
        for mail in outbox.claim(free):
            self._under_way[self._pool.submit(outbox.hand_over, mail)] = mail
        for delivery in relay.claim(free):
            self._under_way[self._pool.submit(relay.deliver, delivery)] = delivery

    def settle(self, done: Pass, patience: float | None = None) -> None:
        """Wait until something comes back, and note what came of it."""
        finished, _ = wait(self._under_way, patience, FIRST_COMPLETED)
        for future in finished:
            sent = self._under_way.pop(future)
            if isinstance(sent, OutboxMail):
                outbox.settle(sent, future.result())
                done.mails += 1
            else:
                outcome = future.result()
                arrived = relay.settle(sent, outcome) and outcome.arrived
                done.delivered += arrived
                done.failed += not arrived


def send_due() -> Pass:
    """Send everything that is due now."""
    done = Pass()
    with ThreadPoolExecutor(SIDE_BY_SIDE * 2) as pool:
        sender = Sender(pool)
        sender.take()
        while not sender.idle:
            sender.settle(done)
            sender.take()
    return done


def one_pass() -> Pass:
    """Do everything that is due now, and end: what ``tick`` does."""
    tasks = list(clockwork.run_due(TICK))
    done = send_due()
    done.tasks = tasks
    return done


def run(stop: threading.Event, pause: float = PAUSE) -> None:
    """Work until told to stop, then finish what is under way; trouble is waited out."""
    with ThreadPoolExecutor(SIDE_BY_SIDE * 2) as pool:
        sender, looked = Sender(pool), time.monotonic() - CLOCK
        while not stop.is_set():
            try:
                close_old_connections()
                if time.monotonic() - looked >= CLOCK:
                    looked = time.monotonic()
                    list(clockwork.run_due())
                _send_a_little(sender, stop, pause)
            except DatabaseError:
                logger.exception("the database cannot be used; the worker waits")
                stop.wait(TROUBLED)
            except Exception:
                # A mistake of ours must not stop everybody's mail: said loudly, and tried again.
                logger.exception("the worker met something it does not know")
                stop.wait(TROUBLED)
        while not sender.idle:
            sender.settle(Pass())


def _send_a_little(sender: Sender, stop: threading.Event, pause: float) -> None:
    sender.take()
    if sender.idle:
        stop.wait(pause)
    else:
        sender.settle(Pass(), pause)


def main(parent: int = 0) -> None:
    """Work until SIGTERM or SIGINT, or until the process with this number is gone."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent:
        watch = threading.Thread(target=_follow, args=(parent, stop), daemon=True)
        watch.start()
    run(stop, PAUSE)


def _follow(parent: int, stop: threading.Event) -> None:
    """End with the server that started us, even if it was killed."""
    while os.getppid() == parent:
        if stop.wait(1.0):
            return
    stop.set()
