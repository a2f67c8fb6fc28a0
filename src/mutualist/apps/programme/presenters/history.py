"""What happened to a partner's level: changes, decisions of reviews, new rules, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from mutualist.apps.programme.models import LevelChange, LevelProposal, RuleSetVersion


def timeline(
    changes: Iterable[LevelChange],
    kept: Iterable[LevelProposal],
    versions: Iterable[RuleSetVersion],
    word: Callable[[str], str],
) -> list[dict[str, Any]]:
    """Return the entries of the timeline.

    Parameters
    ----------
    kept
        Levels that were to fall and that somebody kept.
    word
        Tells the word for a level.
    """
    entries = [
        {
            "day": one.day,
            "text": _("Level {level}").format(level=word(one.level))
            if one.level
            else _("No level any more"),
            "detail": one.reason,
            "strong": True,
            "change": one.pk,
        }
        for one in changes
    ]
    entries += [
        {
            "day": localdate(one.decided_at or one.proposed_at),
            "text": _("Review: {level} was kept although facts no longer give it").format(
                level=word(one.before)
            ),
            "detail": one.reason,
            "strong": False,
        }
        for one in kept
    ]
    entries += [
        {
            "day": one.since,
            "text": _("Version {number} of the rules in force").format(number=one.number),
            "detail": "",
            "strong": False,
        }
        for one in versions
    ]
    return sorted(entries, key=lambda one: one["day"], reverse=True)
