"""What pages tell of an enquiry, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language

from mutualist.apps.core.clock import today
from mutualist.apps.enquiries import queries
from mutualist.apps.enquiries.actions.steps import nobody_words
from mutualist.apps.enquiries.forms import Offered
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.enquiries.words import CLOSE, COLOURS, DECLINE, LOSE, OFFER, SOURCES, STATUS
from mutualist.apps.programme.public import (
    PartnerCard,
    abilities_said,
    level_names,
    names_for_reader,
)
from mutualist.domain.programme.routing import Candidate, Refusal
from mutualist.library.routing import candidate_text, failed_text, language_text, refusal_text


def _lang() -> str:
    return (get_language() or "en")[:2]


def offered(
    cards: Iterable[PartnerCard], levels: dict[str, str], names: Mapping[str, str]
) -> Offered:
    """Return what may be chosen in a programme, in the reader's language: ``names`` are those of abilities."""
    every = tuple(cards)
    spoken = sorted({code for card in every for code in card.languages} | {"de", "en"})
    languages = tuple((code, language_text(code, _lang())) for code in spoken)
    there = queries.abilities_of(every)
    return Offered(abilities_offered(there, names), languages, tuple(levels.items()))


def abilities_offered(keys: Iterable[str], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return abilities by key, sorted by what they are called."""
    pairs = ((key, names.get(key, key)) for key in keys)
    return tuple(sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0])))


def called(enquiry: Enquiry) -> str:
    """Return what an enquiry is called: where it comes from, and from whom if that is known."""
    place = f"{enquiry.country} {enquiry.postal_code}".strip()
    return " · ".join(filter(None, (place, enquiry.company)))


def about(enquiry: Enquiry) -> dict[str, Any]:
    """Return what is asked for in words: language and level by their names."""
    level = enquiry.level
    if level:
        level = level_names(enquiry.programme_id, today(), _lang()).get(level, level)
    language = language_text(enquiry.language, _lang()) if enquiry.language else ""
    abilities = abilities_said(enquiry.abilities, names_for_reader(enquiry.programme_id))
    return {"language": language, "level": level, "abilities": ", ".join(abilities)}


def status_of(enquiry: Enquiry) -> dict[str, Any]:
    """Return how a status is called and coloured."""
    return {"label": STATUS[enquiry.status], "kind": COLOURS.get(enquiry.status, "")}


def source_of(enquiry: Enquiry) -> Any:
    """Return where it came in."""
    return SOURCES.get(enquiry.source, enquiry.source)


def reason_of(enquiry: Enquiry) -> Any:
    """Return why it was closed or lost."""
    return (LOSE if enquiry.status == "lost" else CLOSE).get(enquiry.reason, "")


def nobody_of(enquiry: Enquiry) -> str:
    """Return why nobody is asked; empty where somebody is."""
    waits = enquiry.status == "received" and enquiry.nobody
    return nobody_words(enquiry, _lang()) if waits else ""


def offer_told(offer: Offer) -> dict[str, Any]:
    """Return an offer with why this partner was asked, and why the next ones were not."""
    why, lang = offer.why, _lang()
    reason = ""
    if "parts" in why:
        chosen = Candidate("", offer.relation.name, why["score"], why["parts"], why["km"])
        reason = candidate_text(chosen, lang)
    beside = [
        (name, refusal_text(Refusal("", name, code, values), lang))
        for name, code, values in why.get("beside", ())
    ]
    return {
        "offer": offer,
        "state": OFFER[offer.state],
        "kind": {"accepted": "good", "lapsed": "bad", "declined": "bad"}.get(offer.state, ""),
        "reason": reason,
        "beside": beside,
        "by_hand": why.get("by_hand", False),
        # Besides the one that is asked and those named above.
        "more": max(0, why.get("able", 0) - len(beside) - ("parts" in why)),
        "unable": sum(why.get("failed", {}).values()),
        "failed": failed_text(why.get("failed", {}), lang),
        "answer": DECLINE.get(offer.reason, ""),
    }
