"""The six questions: answers in, a reasoned result out.

Everything here is pure: frozen values, no clock, no network, no files but the rule file of the package. Names are loaded
when they are first used, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mutualist.domain.assess.checks import check_answer, check_sheet
    from mutualist.domain.assess.explaining import GateDetail
    from mutualist.domain.assess.findings import Finding
    from mutualist.domain.assess.house_spread import SpreadLine, spread
    from mutualist.domain.assess.interests import Interest, Interests
    from mutualist.domain.assess.ladder import Step, apply_moves, changes, moves
    from mutualist.domain.assess.lint import RulesetProblem, lint_ruleset
    from mutualist.domain.assess.model import Ruleset, Words
    from mutualist.domain.assess.move_rules import Move, MoveError
    from mutualist.domain.assess.problems import AnswerError, Problem
    from mutualist.domain.assess.rooms import Room, check_room
    from mutualist.domain.assess.ruleset import (
        RulesetError,
        builtin_ruleset,
        builtin_text,
        load_ruleset,
    )
    from mutualist.domain.assess.schema import room_schema
    from mutualist.domain.assess.self_check import Preview, own_preview, preview, visible_answers
    from mutualist.domain.assess.sheet_progress import QuestionProgress, minutes_left, progress
    from mutualist.domain.assess.summary import EvidenceLine
    from mutualist.domain.assess.verdict import PairResult, Verdict, assess

_HOMES = {
    "checks": ("check_answer", "check_sheet"),
    "explaining": ("GateDetail",),
    "findings": ("Finding",),
    "interests": ("Interest", "Interests"),
    "ladder": ("Step", "apply_moves", "changes", "moves"),
    "lint": ("RulesetProblem", "lint_ruleset"),
    "model": ("Ruleset", "Words"),
    "move_rules": ("Move", "MoveError"),
    "self_check": ("Preview", "own_preview", "preview", "visible_answers"),
    "problems": ("AnswerError", "Problem"),
    "sheet_progress": ("QuestionProgress", "minutes_left", "progress"),
    "rooms": ("Room", "check_room"),
    "ruleset": ("RulesetError", "builtin_ruleset", "builtin_text", "load_ruleset"),
    "schema": ("room_schema",),
    "house_spread": ("SpreadLine", "spread"),
    "summary": ("EvidenceLine",),
    "verdict": ("PairResult", "Verdict", "assess"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AnswerError",
    "EvidenceLine",
    "Finding",
    "GateDetail",
    "Interest",
    "Interests",
    "Move",
    "MoveError",
    "PairResult",
    "Preview",
    "Problem",
    "QuestionProgress",
    "Room",
    "Ruleset",
    "RulesetError",
    "RulesetProblem",
    "SpreadLine",
    "Step",
    "Verdict",
    "Words",
    "apply_moves",
    "assess",
    "builtin_ruleset",
    "builtin_text",
    "changes",
    "check_answer",
    "check_room",
    "check_sheet",
    "lint_ruleset",
    "load_ruleset",
    "minutes_left",
    "moves",
    "own_preview",
    "preview",
    "progress",
    "room_schema",
    "spread",
    "visible_answers",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
