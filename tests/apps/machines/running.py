"""Runs state machines until enough steps are done: each example in a transaction that is undone."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import ExitStack
from typing import Any, ClassVar
from unittest import mock

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from apps.rooms.cast import Cast, make_cast
from mutualist.apps.core.audit import verify
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditHead

#: Steps of each machine; more before a release: ``MUTUALIST_STEPS=20000 ./test tests/apps/machines``.
STEPS = int(os.environ.get("MUTUALIST_STEPS", "2000"))
IN_ONE_GO = 50


class Machine(RuleBasedStateMachine):
    """A machine whose database is put back at the end of each example."""

    counted: ClassVar[Counter[str]]
    #: The people are the same in all examples; nothing of them is changed.
    cast: ClassVar[Cast]

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        # Writing mails takes longer than all the rest; other tests read them.
        for place in ("mails", "invitations"):
            name = f"mutualist.apps.rooms.actions.{place}.send_mail_template"
            self.undo.enter_context(mock.patch(name))

    def step(self, name: str) -> None:
        """Count a step."""
        type(self).counted[name] += 1

    def tried(self, action: Any, **arguments: Any) -> str:
        """Carry out an action; return "done" or why it was refused."""
        try:
            with transaction.atomic():
                self.result = action(**arguments)
        except ActionError as error:
            return error.code
        except NotAllowed:
            return "not_allowed"
        return "done"

    def teardown(self) -> None:
        try:
            self.chains_hold()
        finally:
            transaction.set_rollback(True)
            self.undo.close()

    def chains_hold(self) -> None:
        for head in AuditHead.objects.all():
            assert list(verify(head.chain)) == [], head.chain


def run(machine: type[Machine], rules: set[str]) -> None:
    """Run a machine until enough steps are done and each of its rules was tried."""
    machine.counted = Counter()
    machine.cast = make_cast()
    # The second database repeats a part; what differs there are locks, which one process never waits for.
    wanted = STEPS if connection.vendor == "sqlite" else min(STEPS, 100)
    # A hundred steps, as on PostgreSQL, are too few for every rule to come up.
    all_rules = wanted >= 2000
    for go in range(100):
        random.seed(go)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=max(4, (wanted - machine.counted.total()) // IN_ONE_GO + 1),
                stateful_step_count=IN_ONE_GO,
                deadline=None,
                database=None,
                # In CI every go would else repeat the first.
                derandomize=False,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )
        missing = rules - set(machine.counted) if all_rules else set()
        if machine.counted.total() >= wanted and not missing:
            break
    assert machine.counted.total() >= wanted
    assert not all_rules or set(machine.counted) == rules, rules ^ set(machine.counted)
