"""What is done by the clock: each app names its tasks here, the worker and ``tick`` run them.

A task is a function without arguments that may be run again at any moment: it does what is due
and returns how much that was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """Something that has to be done again and again.

    Attributes
    ----------
    name
        Dotted and unique: ``rooms.open_due``.
    every
        How much time may pass between two runs.
    run
        Does what is due and returns how much that was; may raise, which stops no other task.
    """

    name: str
    every: timedelta
    run: Callable[[], int | None]


_TASKS: dict[str, Task] = {}


def register(*tasks: Task) -> None:
    """Make tasks known, in the order they are to run; a name may be registered once."""
    for task in tasks:
        if _TASKS.setdefault(task.name, task) != task:
            raise ValueError(f"the task {task.name!r} is registered twice")


def tasks() -> Mapping[str, Task]:
    """Return all registered tasks by name."""
    return dict(_TASKS)


def later(module: str, function: str) -> Callable[[], Any]:
    """Return a function that loads its module when it is called: start-up stays quick."""

    def call() -> Any:
        from importlib import import_module

        return getattr(import_module(module), function)()

    return call
