"""The checks of `mutualist doctor`, in the order in which they help each other."""

from __future__ import annotations

from mutualist.apps.operations.checks import database, machine, running, surroundings
from mutualist.apps.operations.checks.found import Asked, Finding, examine, register

__all__ = ["Asked", "Finding", "examine", "register"]

for _name, _check in (
    ("version", machine.version),
    ("folder", machine.folder),
    ("clock", machine.clock),
    ("database", database.reachable),
    ("keys", machine.keys),
    ("address", surroundings.address),
    ("switches", surroundings.switches),
    ("certificate", surroundings.certificate),
    ("mail", surroundings.mail),
    ("tasks", running.tasks),
    ("queues", running.queues),
    ("backup", running.backups),
    ("erased", running.wiping),
):
    register(_name, _check)
