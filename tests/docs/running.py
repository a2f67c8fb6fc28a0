"""Run what a page shows, block by block, in one folder, as a reader would."""

from __future__ import annotations

import doctest
import io
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mutualist.cli.run import run

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# These go on until they are stopped or change the database: only their options are compared with the help.
ENDLESS = {"serve", "work", "demo", "migrate", "tick", "operator", "doctor", "backup", "restore"}


def blocks(text: str) -> list[tuple[str, str]]:
    """Return language and content of every fenced block."""
    return [(found[1], found[2]) for found in BLOCK.finditer(text)]


@dataclass
class Reader:
    """Somebody who types what the page shows."""

    folder: Path
    heard: Callable[[], str]
    names: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def follow(self, text: str) -> None:
        """Run all blocks of a page in their order."""
        for language, block in blocks(text):
            step = getattr(self, f"_{language}", None)
            if step is not None:
                step(block)

    def _python(self, block: str) -> None:
        self.done.append("python")
        if ">>>" not in block:
            exec(compile(block, "page", "exec"), self.names)
            self.heard()
            return
        test = doctest.DocTestParser().get_doctest(block, self.names, "page", "page", 0)
        said = io.StringIO()
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(test, out=said.write, clear_globs=False)
        assert runner.failures == 0, said.getvalue()
        self.names.update(test.globs)

    def _yaml(self, block: str) -> None:
        """A room file is saved; a rule goes where the page says."""
        if block.startswith("ruleset:"):
            (self.folder / "room.yaml").write_text(block, encoding="utf-8")
        elif block.startswith("  - id:"):
            file = self.folder / "my-rules.yaml"
            before = "  - id: D1\n"
            file.write_text(file.read_text("utf-8").replace(before, block + before), "utf-8")

    def _sh(self, block: str) -> None:
        for line in block.splitlines():
            command = line.split("  #")[0].strip()
            if command.startswith("mutualist "):
                # What a condition of --fail-on gives is a result as well.
                self._type(command, (0, 3) if "--fail-on" in command else (0,))

    def _console(self, block: str) -> None:
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = step.rstrip("\n").splitlines()
            code = int(lines.pop()[1:-1]) if lines and re.fullmatch(r"\[\d+\]", lines[-1]) else 0
            said = self._type(command, (code,))
            assert seems_like(said, lines), f"{command}\n{said}"

    def _type(self, command: str, codes: tuple[int, ...]) -> str:
        self.done.append(command)
        command, _, target = command.partition(" > ")
        _, *arguments = shlex.split(command)
        if ENDLESS & set(arguments[:1]):
            self._compare_with_help(arguments)
            return ""
        found = run(arguments)
        said = self.heard()
        assert found in codes, f"{command} ended with {found}:\n{said}"
        if target:
            (self.folder / target).write_text(said, encoding="utf-8")
        return said

    def _compare_with_help(self, arguments: list[str]) -> None:
        assert run([arguments[0], "--help"]) == 0
        text = self.heard()
        for option in arguments[1:]:
            assert not option.startswith("-") or option in text, arguments


def seems_like(said: str, lines: list[str]) -> bool:
    """Whether the lines come in this order; ``...`` stands for anything."""
    parts = "\n".join(lines).split("...")
    pattern = ".*?".join("\n".join(map(re.escape, part.splitlines())) for part in parts)
    return re.search(pattern, said, re.DOTALL) is not None
