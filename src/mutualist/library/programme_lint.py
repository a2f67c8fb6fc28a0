"""Check files of partner programmes: what cannot be read, what nobody can reach, what overlaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mutualist.domain.programme import checklist
from mutualist.domain.programme.rules.lint import Finding, lint, lint_versions
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.problems import Problem, RuleSetError
from mutualist.library.errors import FileError, Unreadable
from mutualist.library.files import name_of
from mutualist.library.programme_files import PRESET, read_mapping, read_rule_file, rules_of


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem or finding in a file; no file, where it is about several."""

    file: str
    severity: Literal["error", "warning"]
    what: Problem | Finding | Unreadable

    def line(self, language: str) -> str:
        """Return file, place and sentence."""
        said = self.what.message(language)
        return f"{self.file}: {said}" if self.file else said

    def entry(self, language: str) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "file": self.file,
            "severity": self.severity,
            "place": self.what.place,
            "code": self.what.code,
            "message": self.what.message(language),
        }


def lint_files(files: Sequence[str]) -> list[Mistake]:
    """Check files one by one, and several rule files as versions of one programme."""
    found: list[Mistake] = []
    read: list[RuleSet] = []
    broken = False
    for file in files:
        name = name_of(file)
        try:
            rules = _read(file, name)
        except RuleSetError as error:
            found += [Mistake(name, "error", one) for one in error.problems]
            broken = True
            continue
        except FileError as error:
            found.append(Mistake(name, "error", Unreadable(error)))
            broken = True
            continue
        if rules:
            read.append(rules)
            found += [Mistake(name, one.severity, one) for one in lint(rules)]
    if len(read) > 1 and not broken:
        found += [Mistake("", one.severity, one) for one in lint_versions(read)]
    return found


def _read(file: str, name: str) -> RuleSet | None:
    """Return the rules in a file; none for a checklist, which is checked by reading it."""
    if file.startswith(PRESET):
        return read_rule_file(file)
    content = read_mapping(file)
    if isinstance(content, Mapping) and content.get("schema") == checklist.SCHEMA:
        checklist.read_checklist(content)
        return None
    return rules_of(content, name)
