"""Tasks of the clock: each runs when it is due, and none stops another."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from mutualist.apps.core import schedule
from mutualist.apps.core.schedule import Task
from mutualist.apps.delivery import clockwork, public, worker
from mutualist.apps.delivery.models import TaskRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Task]:
    found: dict[str, Task] = {}
    monkeypatch.setattr(schedule, "_TASKS", found)
    return found


def test_every_task_of_the_product_runs() -> None:
    ran = {one.name: one for one in clockwork.run_due()}
    assert set(ran) == set(schedule.tasks())
    assert {"rooms.open_due", "delivery.forget"} <= set(ran)
    assert [one.name for one in ran.values() if one.failed] == []
    assert list(clockwork.run_due()) == [], "not again before its time"


def test_a_task_runs_when_it_is_due(tasks, clock) -> None:
    calls: list[int] = []
    schedule.register(Task("a.b", timedelta(hours=1), lambda: calls.append(1) or 3))
    assert [one.count for one in clockwork.run_due()] == [3]
    clock.forward(minutes=56)
    assert list(clockwork.run_due()) == []
    assert len(list(clockwork.run_due(worker.TICK))) == 1, "a cron job comes too late otherwise"
    clock.forward(hours=-5)
    assert len(list(clockwork.run_due())) == 1, "a clock set back holds nothing up"


def test_a_task_that_fails_stops_no_other_and_is_told_of(tasks, clock, caplog) -> None:
    def fail() -> int:
        raise ValueError("no reason at all")

    calls: list[int] = []
    schedule.register(Task("a.fails", timedelta(minutes=1), fail))
    schedule.register(Task("b.works", timedelta(minutes=1), lambda: calls.append(1)))
    ran = {one.name: one.failed for one in clockwork.run_due()}
    assert ran == {"a.fails": True, "b.works": False}
    clock.forward(minutes=2)
    list(clockwork.run_due())
    assert len(calls) == 2
    told = {one.name: one for one in public.task_states()}
    assert (told["a.fails"].failures, told["a.fails"].error) == (2, "ValueError: no reason at all")
    assert told["a.fails"].succeeded is None
    assert told["b.works"].succeeded == clock.moment
    assert "the task a.fails failed" in caplog.text


def test_a_task_under_way_is_not_started_again_unless_it_was_killed(tasks, clock) -> None:
    def busy() -> None:
        clock.forward(minutes=2)
        assert list(clockwork.run_due()) == []

    schedule.register(Task("a.b", timedelta(minutes=1), busy))
    assert [one.failed for one in clockwork.run_due()] == [False]
    TaskRun.objects.update(started=clock.moment, lease_until=clock.moment + clockwork.LEASE)
    clock.forward(minutes=5)
    assert list(clockwork.run_due()) == []
    clock.forward(minutes=30)
    assert len(list(clockwork.run_due())) == 1


def test_the_worker_goes_on_after_any_trouble(tasks, monkeypatch, caplog) -> None:
    """The worker ends when it is told to, and for no other reason."""
    stop, seen = threading.Event(), []

    def trouble(*_: object) -> None:
        seen.append(1)
        if len(seen) == 3:
            stop.set()
        raise RuntimeError("something new")

    monkeypatch.setattr(worker.Sender, "take", trouble)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "TROUBLED", 0.0)
    worker.run(stop)
    assert len(seen) == 3
    assert "does not know" in caplog.text
