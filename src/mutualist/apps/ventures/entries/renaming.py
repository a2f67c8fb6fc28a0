"""Short names for formulas: made of what people type, and changed wherever they are used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LONGEST = 40
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
#: Keys whose text is a formula, and keys that hold names.
FORMULAS = frozenset({"amount", "price", "rate", "of", "hours", "while", "when", "cost"})
NAMES = frozenset({"lines", "ends", "starts", "takes", "profile", "between", "pool"})
_PARTIES = frozenset({"party", "from", "to"})


def short_name(text: str) -> str:
    """Return the name formulas use for what somebody typed.

    Examples
    --------
    >>> short_name("Verkaufte Stück"), short_name("3 plants"), short_name(" ")
    ('Verkaufte_Stueck', '_3_plants', '')
    """
    plain = unicodedata.normalize("NFKD", text.strip().translate(_LETTERS))
    kept = re.sub(r"[^A-Za-z0-9_]+", "_", plain.encode("ascii", "ignore").decode())
    name = re.sub(r"_{2,}", "_", kept).rstrip("_") if kept != text.strip() else kept
    if name[:1].isdigit():
        name = f"_{name}"
    return name[:LONGEST]


def renamed(part: str, entry: Any, changed: Mapping[str, str]) -> Any:
    """Return an entry with names that were changed; units in brackets stay."""
    if not changed or not isinstance(entry, Mapping):
        return entry
    found = {}
    for key, value in entry.items():
        if key in FORMULAS and isinstance(value, str):
            found[key] = _in_formula(value, changed)
        elif key in NAMES or (key in _PARTIES and part in {"lines", "terms"}):
            found[key] = _in_names(value, changed)
        else:
            found[key] = value
    return found


def _in_names(value: Any, changed: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return changed.get(value, value)
    if isinstance(value, list | tuple):
        return [changed.get(one, one) if isinstance(one, str) else one for one in value]
    return value


def _in_formula(text: str, changed: Mapping[str, str]) -> str:
    known = "|".join(map(re.escape, changed))
    pattern = re.compile(rf"\[[^\]]*\]|(?<![A-Za-z0-9_])({known})(?![A-Za-z0-9_])")
    return pattern.sub(lambda found: changed[found[1]] if found[1] else found[0], text)
