"""Tells a true partnership from a logo, and makes it work.

>>> import mutualist as mu
>>> verdict = mu.assess(mu.datasets.load_pumpenpuls(round=1))
>>> verdict.kind, verdict.scores["S"], verdict.red
('supplier', 85, ('C1', 'C3', 'C9'))

The names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mutualist.domain.assess import AnswerError, Problem, Room
    from mutualist.domain.venture import VentureError
    from mutualist.library import datasets, risk, rules, workbook
    from mutualist.library.cases import Case
    from mutualist.library.errors import CellProblem, FileError, WorkbookError
    from mutualist.library.files import read_case, read_room, write_room
    from mutualist.library.receipts import ReceiptCheck, verify_receipt
    from mutualist.library.schemas import (
        es_schema,
        exits_schema,
        receipt_schema,
        room_schema,
        ruleset_schema,
        simulation_schema,
        split_comparison_schema,
        split_schema,
        stopgap_schema,
        terms_schema,
        tiers_schema,
        venture_schema,
        verdict_schema,
    )
    from mutualist.library.split import Comparison, Split, compare_splits, read_game
    from mutualist.library.stopgap import Stopgap, rational_exits, stopgap
    from mutualist.library.terms import propose_terms
    from mutualist.library.venture_outcomes import Outcomes
    from mutualist.library.ventures import Venture, venture_templates
    from mutualist.library.verdict import Verdict, assess

__version__ = "0.1.0"

_HOMES = {
    "AnswerError": "mutualist.domain.assess",
    "Case": "mutualist.library.cases",
    "CellProblem": "mutualist.library.errors",
    "Comparison": "mutualist.library.split",
    "FileError": "mutualist.library.errors",
    "Outcomes": "mutualist.library.venture_outcomes",
    "Problem": "mutualist.domain.assess",
    "ReceiptCheck": "mutualist.library.receipts",
    "Room": "mutualist.domain.assess",
    "Split": "mutualist.library.split",
    "Stopgap": "mutualist.library.stopgap",
    "Venture": "mutualist.library.ventures",
    "VentureError": "mutualist.domain.venture",
    "Verdict": "mutualist.library.verdict",
    "WorkbookError": "mutualist.library.errors",
    "assess": "mutualist.library.verdict",
    "compare_splits": "mutualist.library.split",
    "es_schema": "mutualist.library.schemas",
    "exits_schema": "mutualist.library.schemas",
    "propose_terms": "mutualist.library.terms",
    "rational_exits": "mutualist.library.stopgap",
    "read_case": "mutualist.library.files",
    "read_game": "mutualist.library.split",
    "read_room": "mutualist.library.files",
    "receipt_schema": "mutualist.library.schemas",
    "room_schema": "mutualist.library.schemas",
    "ruleset_schema": "mutualist.library.schemas",
    "simulation_schema": "mutualist.library.schemas",
    "split_comparison_schema": "mutualist.library.schemas",
    "split_schema": "mutualist.library.schemas",
    "stopgap": "mutualist.library.stopgap",
    "stopgap_schema": "mutualist.library.schemas",
    "terms_schema": "mutualist.library.schemas",
    "tiers_schema": "mutualist.library.schemas",
    "venture_schema": "mutualist.library.schemas",
    "venture_templates": "mutualist.library.ventures",
    "verdict_schema": "mutualist.library.schemas",
    "verify_receipt": "mutualist.library.receipts",
    "write_room": "mutualist.library.files",
}
_MODULES = {
    "datasets": "mutualist.library.datasets",
    "risk": "mutualist.library.risk",
    "rules": "mutualist.library.rules",
    "workbook": "mutualist.library.workbook",
}

__all__ = [
    "AnswerError",
    "Case",
    "CellProblem",
    "Comparison",
    "FileError",
    "Outcomes",
    "Problem",
    "ReceiptCheck",
    "Room",
    "Split",
    "Stopgap",
    "Venture",
    "VentureError",
    "Verdict",
    "WorkbookError",
    "__version__",
    "assess",
    "compare_splits",
    "datasets",
    "es_schema",
    "exits_schema",
    "propose_terms",
    "rational_exits",
    "read_case",
    "read_game",
    "read_room",
    "receipt_schema",
    "risk",
    "room_schema",
    "rules",
    "ruleset_schema",
    "simulation_schema",
    "split_comparison_schema",
    "split_schema",
    "stopgap",
    "stopgap_schema",
    "terms_schema",
    "tiers_schema",
    "venture_schema",
    "venture_templates",
    "verdict_schema",
    "verify_receipt",
    "workbook",
    "write_room",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name in _MODULES:
        value: Any = import_module(_MODULES[name])
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, also those not loaded yet."""
    return sorted({*globals(), *_HOMES, *_MODULES})
