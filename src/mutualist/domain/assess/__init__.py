"""The six questions: answers in, a reasoned result out.

Everything here is pure: frozen values, no clock, no network, no files but the rule file of the package.
"""

from __future__ import annotations

from mutualist.domain.assess.checks import check_answer, check_sheet
from mutualist.domain.assess.ladder import Step, apply_moves, changes, moves
from mutualist.domain.assess.moves import Move, MoveError
from mutualist.domain.assess.problems import AnswerError, Problem
from mutualist.domain.assess.rooms import Room, check_room
from mutualist.domain.assess.ruleset import RulesetError, builtin_ruleset, load_ruleset
from mutualist.domain.assess.verdict import PairResult, Verdict, assess

__all__ = [
    "AnswerError",
    "Move",
    "MoveError",
    "PairResult",
    "Problem",
    "Room",
    "RulesetError",
    "Step",
    "Verdict",
    "apply_moves",
    "assess",
    "builtin_ruleset",
    "check_answer",
    "check_room",
    "check_sheet",
    "changes",
    "load_ruleset",
    "moves",
]
