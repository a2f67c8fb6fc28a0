"""How often something may be done: counted for all processes, with the time to wait.

A window begins with the first attempt and ends after its seconds; who tries once more than allowed
waits for its end. Where a rule grows, each further time doubles the wait, up to an hour, until a
day has passed quietly. A window that begins late lets through at most twice the number within any
period of its length: that is the error of this way of counting.
"""

from __future__ import annotations

import hashlib
import logging
import math
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mutualist.apps.core.counts import counts
from mutualist.apps.core.errors import ActionError

logger = logging.getLogger(__name__)
LONGEST = 3600
QUIET = 86_400
SWEEP_EVERY = 2000
# One statement, so that no two processes count the same attempt. Whoever waits is not counted.
HIT = """
INSERT INTO hits VALUES (:key, :now, 1, 0, 0) ON CONFLICT(key) DO UPDATE SET
  start = CASE WHEN :now < until OR :now < start + :seconds THEN start ELSE :now END,
  count = CASE WHEN :now < until THEN count WHEN :now < start + :seconds THEN count + 1 ELSE 1 END,
  strikes = CASE WHEN :now < until THEN strikes
    WHEN :now < start + :seconds AND count >= :amount THEN strikes + 1
    WHEN :now > until + :quiet THEN 0 ELSE strikes END,
  until = CASE WHEN :now < until THEN until
    WHEN :now < start + :seconds AND count >= :amount THEN
      CASE WHEN :grows THEN :now + min(:longest, :seconds * (1 << min(strikes, 20)))
      ELSE start + :seconds END
    ELSE until END
RETURNING until
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `amount` times in `seconds`."""

    name: str
    amount: int
    seconds: int = 60
    grows: bool = False


class ComeAgain(ActionError):
    """It works again after `wait` seconds."""

    wait: int


class TooMany(ComeAgain):
    """Something was done too often; `wait` seconds later it works again."""

    status = 429

    def __init__(self, wait: float) -> None:
        self.wait = max(1, math.ceil(wait))
        minutes = math.ceil(self.wait / 60)
        if self.wait < 90:
            text: Any = ngettext_lazy(
                "Too many attempts in a short time. Try again in {seconds} second.",
                "Too many attempts in a short time. Try again in {seconds} seconds.",
                self.wait,
            )
        else:
            text = ngettext_lazy(
                "Too many attempts in a short time. Try again in {minutes} minute.",
                "Too many attempts in a short time. Try again in {minutes} minutes.",
                minutes,
            )
        super().__init__("too_many", text, seconds=self.wait, minutes=minutes)


class Uncounted(ComeAgain):
    """Attempts cannot be counted just now, so none is let through."""

    status = 503

    def __init__(self) -> None:
        self.wait = 5
        super().__init__("uncounted", _("The server is busy. Try again in a few seconds."))


def _key(rule: Rule, who: str) -> str:
    # Mail addresses and tokens are not kept: a digest tells two of them apart as well.
    return f"{rule.name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


_swept = 0


def hit(rule: Rule, who: str) -> None:
    """Count one attempt; raises :class:`TooMany` when it is one too many."""
    global _swept  # noqa: PLW0603  (a rough count of this process is enough to sweep now and then)
    factor = settings.MUTUALIST_LIMITS
    if not factor:
        return
    now = time.time()
    values = {
        "key": _key(rule, who),
        "now": now,
        "amount": rule.amount * factor,
        "seconds": rule.seconds,
        "grows": rule.grows,
        "longest": LONGEST,
        "quiet": QUIET,
    }
    try:
        (until,) = counts().run(HIT, values).fetchone()
        _swept += 1
        if _swept % SWEEP_EVERY == 0:
            counts().run("DELETE FROM hits WHERE max(start, until) < ?", (now - QUIET,))
    except sqlite3.Error as error:
        logger.exception("attempts cannot be counted: is the data folder writable?")
        if rule.grows:  # what guards a secret fails closed
            raise Uncounted from error
        return
    if until > now:
        raise TooMany(until - now)


def forget(rule: Rule, who: str) -> None:
    """Take back what was counted: the right person came in."""
    if settings.MUTUALIST_LIMITS:
        counts().run("DELETE FROM hits WHERE key = ?", (_key(rule, who),))
