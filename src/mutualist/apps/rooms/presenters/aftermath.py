"""What follows from a result: clauses to copy, the wording of a bond, a polite letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.presenters.findings import of_group
from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.presenters.texts import load
from mutualist.apps.rooms.presenters.views import Clause, Letter
from mutualist.domain.assess.wording import listed as listing


def clauses(given: Given) -> tuple[Clause, ...]:
    """Return the mutual pledges as draft clauses of the rule file."""
    parties = listing(given.names, given.lang)
    found = []
    for key in given.verdict.mutual:
        pledge = given.ruleset.pledge(key)
        title = f"{key} · {pledge.short[given.lang]}"
        caution = " · " + _("Have competition law checked.") if pledge.caution else ""
        text = pledge.clause[given.lang].format(parties=parties)
        found.append(Clause(key, title, text, title + caution))
    return tuple(found)


def clauses_as_text(given: Given, found: Sequence[Clause]) -> str:
    """Return the clauses as a text file, with what they are and are not."""
    head = load("letter")["clauses"][given.lang].format(
        room=given.name,
        parties=listing(given.names, given.lang),
        round=given.round,
        ruleset=given.ruleset.version,
    )
    body = [
        f"{number}. {clause.text}\n   ({clause.note})" for number, clause in enumerate(found, 1)
    ]
    return "\n\n".join([head, *body, given.ruleset.texts["caution"][given.lang]]) + "\n"


def binding_text(given: Given) -> str:
    """Return a proposal for what the parties record when they choose to be bound."""
    texts = load("letter")["binding"]
    parties = listing(given.names, given.lang)
    if not given.verdict.mutual:
        return str(texts["none"][given.lang].format(parties=parties))
    head = texts["head"][given.lang].format(parties=parties)
    lines = [f"{n}. {clause.text}" for n, clause in enumerate(clauses(given), 1)]
    return "\n".join([head, *lines])


def letter(given: Given, sender: str | None) -> Letter:
    """Return the letter to part with, from one party to the others.

    Parameters
    ----------
    sender
        Id of the party that writes; without it the sender is left open.
    """
    texts = load("letter")
    others = [name for party, name in given.parties.items() if party != sender]
    common = [
        _quoted(entry.text[given.lang], given.lang) for entry in given.verdict.interests.common
    ]
    worst = dict.fromkeys(f.title[given.lang] for f in of_group(given.verdict, "conflict"))
    differ = [_quoted(title, given.lang) for title in list(worst)[:3]]
    gaps = {
        "room": given.name,
        "recipients": listing(others, given.lang),
        "common": listing(common, given.lang),
        "differ": listing(differ, given.lang),
        "sender": given.parties.get(sender or "", "[…]"),
    }
    met = {"common": bool(common), "differ": bool(differ), given.verdict.kind: True}
    paragraphs = [
        paragraph[given.lang].format(**gaps)
        for paragraph in texts["paragraphs"]
        if "needs" not in paragraph or met.get(paragraph["needs"], False)
    ]
    parts: list[Any] = [
        texts["salutation"][given.lang].format(**gaps),
        *paragraphs,
        texts["closing"][given.lang].format(**gaps),
    ]
    return Letter(texts["subject"][given.lang].format(**gaps), tuple(parts))


def _quoted(text: str, lang: str) -> str:
    return f"„{text}“" if lang == "de" else f"“{text}”"
