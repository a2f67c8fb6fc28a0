"""All levels of a programme with what each asks for and brings, as one partner stands to them."""

from __future__ import annotations

from typing import Any

from mutualist.apps.programme.presenters.scorecard import asked_of
from mutualist.apps.programme.queries.scores import Scored


def levels(found: Scored, held: str, language: str) -> list[dict[str, Any]]:
    """Return the levels, highest first.

    Parameters
    ----------
    held
        Name of the level the partner holds; empty for none.
    language
        ``de`` or ``en``.
    """
    return [
        {
            "name": level.words.of(language),
            "held": level.name == held,
            "badge": level.badge or "#0a5c4e",
            "asked": asked_of(found.rules, found.score, level, language),
            "benefits": [one.of(language) for one in level.benefits],
        }
        for level in reversed(found.rules.levels)
    ]
