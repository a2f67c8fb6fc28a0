"""Words and addresses around a page of the answer sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.pages.answer_sheet import AnswerSheet

LAST = 6


@dataclass(frozen=True)
class PageWords:
    """What stands around the items of a page."""

    title: str
    short: str
    eyebrow: str
    lead: str
    url: str
    changed_url: str
    next: str
    next_url: str
    back: bool
    law: bool
    guess: str


def page_words(sheet: AnswerSheet, question: int) -> PageWords:
    """Return what stands around a page; page 0 is role and mandate."""
    url = sheet.url("answer", question)
    last = question == LAST
    next_url = sheet.url("preview") if last else sheet.url("answer", question + 1)
    if question == 0:
        title, short = _("Who is answering?"), _("Your role")
        eyebrow = _("Before the first question")
        lead = _("This is printed on the result and changes no figure in it.")
        next_url += ("&" if "?" in next_url else "?") + "later"
    else:
        entry = sheet.rules.questions[question - 1]
        title, short = entry.words[sheet.scene.language], entry.short[sheet.scene.language]
        eyebrow = _("Question %(number)s of 6") % {"number": question}
        lead = ""
    joint = "&" if "?" in url else "?"
    items = [sheet.rules.items[number] for number in sheet.numbers(question)] if question else []
    return PageWords(
        title=title,
        short=short,
        eyebrow=eyebrow,
        lead=lead,
        url=url,
        changed_url=f"{url}{joint}only=changed",
        next=_("To the preview") if last else _("Next"),
        next_url=next_url,
        back=question > 0,
        law=any(item.caution for item in items),
        guess=guessed_name(sheet),
    )


def guessed_name(sheet: AnswerSheet) -> str:
    """Return whose answers are being guessed; empty for one's own."""
    for seat in sheet.status.my_seats:
        if seat.key == sheet.sheet.seat and seat.is_guess:
            return seat.name
    return ""


def progress_bar(sheet: AnswerSheet, question: int | None) -> dict[str, Any]:
    """Return the six segments as links, and the minutes left."""
    reached = sheet.sheet.progress
    items = []
    for entry, share in zip(sheet.rules.questions, reached.segments, strict=True):
        state = "done" if share >= 1 else "part" if share > 0 else "open"
        items.append(
            {
                "number": entry.number,
                "label": entry.short[sheet.scene.language],
                "state": state,
                "url": sheet.url("answer", entry.number),
                "current": entry.number == question,
            }
        )
    return {"items": items, "minutes": reached.minutes_left or None}
