"""The scorecard both sides see: the same on the vendor's page and on the partner's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language

from mutualist.apps.core.clock import today
from mutualist.apps.programme.checklists import kinds_of
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.presenters.course import chart, losses, staying_text
from mutualist.apps.programme.presenters.history import timeline
from mutualist.apps.programme.presenters.scorecard import scorecard
from mutualist.apps.programme.presenters.why import why
from mutualist.apps.programme.queries.facts import facts_known_at
from mutualist.apps.programme.queries.joining import checklist_of
from mutualist.apps.programme.queries.level_order import level_names
from mutualist.apps.programme.queries.levels import changes_of, kept_of, outlook
from mutualist.apps.programme.queries.rules import versions_begun


def card_of(partner: Relation) -> dict[str, Any] | None:
    """Return the scorecard of a partner as of today; None where no rules are in force."""
    language = (get_language() or "en")[:2]
    found = outlook(partner, today())
    if found is None:
        return None
    return {
        **scorecard(found.scored, language),
        "known_at": facts_known_at(partner.pk),
        "why": why(found.scored, language),
        "losses": losses(found, language),
        "chart": chart(found, language),
        "staying": staying_text(found, language),
    }


def level_word(programme: int) -> Callable[[str], str]:
    """Return what tells the word for a level; one the rules no longer have keeps its name."""
    names = level_names(programme, today(), (get_language() or "en")[:2])
    return lambda level: names.get(level, level)


def held_by(partner: Relation) -> dict[str, Any]:
    """Return the level a partner holds and what happened to it, in words."""
    word = level_word(partner.programme_id)
    entries = timeline(
        changes_of(partner.pk),
        kept_of(partner.pk),
        versions_begun(partner.programme_id, today()),
        word,
    )
    return {"level": word(partner.level), "timeline": entries}


def kind_word(programme: int, kind: str) -> str:
    """Return what a kind of partner is called; one the checklist no longer has keeps its name."""
    if not kind:
        return ""
    return kinds_of(checklist_of(programme), (get_language() or "en")[:2]).get(kind, kind)
