"""The weekly mail of a partner: what there is for it first, then level, next step and what runs out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mutualist.apps.programme.public import News, Standing, Week, waiting_for

MOST = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its lines."""

    title: str
    lines: tuple[News, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the language that was active when it was written."""

    subject: str
    parts: tuple[Part, ...]


def partner_letter(
    standing: Standing, week: Week | None, before: Mapping[str, str], day: date, language: str
) -> Letter | None:
    """Write the weekly mail of a partner; None where there is nothing to say.

    Parameters
    ----------
    standing
        Of the contact who is written to.
    week
        The partner today; None where no rules are in force.
    before
        Its figures a week ago; empty in the first week.
    """
    waiting = tuple(waiting_for(standing, day)[:MOST])
    todo = _todo(week)
    changes = week.changes(before, language) if week else []
    ends = _ends(week, language) if week else ()
    if not (waiting or todo or changes or ends):
        return None
    level = _level(week, changes, language) if week else ()
    parts = [
        Part(_("For you"), waiting),
        Part(_("Your level"), level),
        Part(_("Runs out in the next 90 days"), ends),
        Part(_("Please do"), todo),
    ]
    told = tuple(one for one in parts if one.lines)
    # The subject says what is worth opening the mail for: the gain first, what is to be done last.
    first = [one.text for one in waiting] + changes + [one.text for one in (*ends, *todo)]
    return Letter(f"{standing.programme_name}: {first[0]}", told)


def _todo(week: Week | None) -> tuple[News, ...]:
    if week is None or not week.lacks_agreement:
        return ()
    text = _("There is a new version of the agreement.")
    return (News(text, _("Read and accept"), "agreement/"),)


def _level(week: Week, changes: list[str], language: str) -> tuple[News, ...]:
    held = week.relation.level
    level = week.level(held, language) if held else _("No level yet")
    total = week.total(language)
    here = (
        _("{level}, {points} points").format(level=level, points=total)
        if total
        else _("Level: {level}").format(level=level)
    )
    lines = [News(here, _("See why"), "")]
    if changes:
        said = _("Since last week: {changes}").format(changes=" · ".join(changes[:MOST]))
        lines.append(News(said, _("See what changed"), ""))
    above, way = week.next_step(language)
    if way:
        said = _("Shortest way to {level}: {way}").format(level=above, way=way)
        lines.append(News(said, _("Plan it"), ""))
    return tuple(lines)


def _ends(week: Week, language: str) -> tuple[News, ...]:
    lines = []
    for one in [each for each in week.falling if not each.is_undecided][:2]:
        day, level = _day(one.day), week.level(one.level, language)
        said = _("{day}: {level} is lost if nothing happens.").format(day=day, level=level)
        lines.append(News(said, _("Keep the level"), ""))
    for fact in week.ending(language):
        said = _("{day}: {fact}").format(day=_day(fact.day), fact=fact.text)
        lines.append(News(said, _("Look at it"), ""))
    return tuple(lines[:MOST])


def _day(day: date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))
