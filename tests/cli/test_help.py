"""Every command shows how it is called, with options it has."""

from __future__ import annotations

import re

import typer

from mutualist.cli.app import build


def commands(group, path=()):
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def test_every_command_shows_how_it_is_called(call):
    for path, command in commands(build()):
        shown = call(*path.split(), "--help").out
        assert "Examples" in shown, path
        examples = [line for line in command.epilog.splitlines() if f"mutualist {path}" in line]
        assert examples, path
        known = {name for one in command.params for name in one.opts}
        for line in examples:
            used = re.findall(r"(?<!\S)--?[a-z][a-z-]*", line)
            assert set(used) <= known, line
