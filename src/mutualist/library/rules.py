"""Rule files: the built-in one, and what is wrong with one of your own.

>>> from mutualist import rules
>>> rules.builtin().version
'2026.2'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mutualist.domain.assess import builtin_ruleset
from mutualist.domain.assess import ruleset as ruleset_module
from mutualist.library.files import Source, read_text
from mutualist.library.form import Form

if TYPE_CHECKING:
    from mutualist.domain.assess import Ruleset

CURRENT = "2026.2"


def versions() -> tuple[str, ...]:
    """Return the rule versions this program knows, the current one last."""
    return (CURRENT,)


def builtin(version: str = CURRENT) -> Ruleset:
    """Return a rule version that comes with the program."""
    return builtin_ruleset(version)


def form_of(version: str, parties: Mapping[str, str]) -> Form:
    """Return what the items of a rule version ask the parties of a room for."""
    return Form(builtin_ruleset(version).source, parties)


def builtin_form(parties: Mapping[str, str]) -> Form:
    """Return the form of the current rule version."""
    return form_of(CURRENT, parties)


def builtin_text(version: str = CURRENT) -> str:
    """Return the text of a rule file that comes with the program."""
    return ruleset_module.builtin_text(version)


def load(source: Source) -> Ruleset:
    """Read a rule file of your own.

    Raises
    ------
    RulesetError
        When it has mistakes; ``.problems`` lists them with line and key.
    """
    return ruleset_module.load_ruleset(read_text(source))


def lint(content: str) -> tuple[Any, ...]:
    """Return the mistakes of a rule file's text, each with ``line``, ``key`` and ``message(lang)``."""
    from mutualist.domain.assess.lint import lint_ruleset

    return tuple(lint_ruleset(content))
