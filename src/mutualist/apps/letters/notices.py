"""Looks ahead for all partners: keeps the levels that are to be lost, and writes 90, 30 and 7 days before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format

from mutualist.apps.core.clock import today
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.letters.models import Outlook
from mutualist.apps.letters.sending import once
from mutualist.apps.programme.public import (
    Week,
    all_rules,
    contacts_of,
    make_link,
    open_agreement,
    partners_to_write,
    programme_ids,
    programme_name,
    week_of,
)
from mutualist.domain.programme.ahead.falling import Falling

#: Days before a level is lost on which its partner is written to.
BEFORE = (7, 30, 90)
#: A new partner reads of the agreement when it is taken in; it is reminded after so many days.
PATIENCE = timedelta(days=7)


def run(day: date | None = None) -> int:
    """Look at every partner of every programme; return how many mails were written."""
    when = day or today()
    written = 0
    for programme in programme_ids():
        versions, name = all_rules(programme), programme_name(programme).name
        for relation in partners_to_write(programme):
            week = week_of(relation, when, versions)
            if week is not None and relation.state == "active":
                written += _losses(relation, week, name, when)
            written += _agreement(relation, name, when)
    return written


@transaction.atomic
def _losses(relation: Any, week: Week, name: str, day: date) -> int:
    falling = week.falling
    keep_outlook(relation.pk, falling)
    written = 0
    for one in falling:
        left = (one.day - day).days
        step = next((days for days in BEFORE if left <= days), None)
        # What has fallen by the rules was written about before; whoever decides tells the rest.
        if step is None or one.is_undecided or not _is_news(week, one):
            continue
        for contact in contacts_of(relation.pk, "levels"):
            key = f"fall:{contact.pk}:{one.level}:{one.day.isoformat()}:{step}"
            if once(key, "fall", relation.programme_id, contact=contact):
                _tell(contact, relation, week, one, name)
                written += 1
    return written


def _is_news(week: Week, one: Falling) -> bool:
    """Whether this is the highest level that goes on its day: those below go with it."""
    names = [level.name for level in week.rules.levels]
    same = [other.level for other in week.falling if other.day == one.day]
    ranked = [name for name in names if name in same]
    return not ranked or one.level == ranked[-1]


def keep_outlook(relation: int, falling: Iterable[Falling]) -> None:
    """Store what lies ahead of a partner in place of what was known before."""
    wanted = {(one.level, one.day): one for one in falling}
    known = {(row.level, row.day): row for row in Outlook.objects.filter(relation=relation)}
    Outlook.objects.filter(pk__in=[known[key].pk for key in known.keys() - wanted.keys()]).delete()
    for key, one in wanted.items():
        row = known.get(key)
        if row is None:
            Outlook.objects.get_or_create(
                relation_id=relation,
                level=one.level,
                day=one.day,
                defaults={"then": one.then or "", "falls_on": one.falls_on},
            )
        elif (row.then, row.falls_on) != (one.then or "", one.falls_on):
            row.then, row.falls_on = one.then or "", one.falls_on
            row.save(update_fields=["then", "falls_on"])


def _tell(contact: Any, relation: Any, week: Week, one: Falling, name: str) -> None:
    language = contact.language
    with translation.override(language):
        context = {
            "person": contact.name,
            "partner": relation.name,
            "programme": name,
            "level": week.level(one.level, language),
            "then": week.level(one.then, language) if one.then else "",
            "day": date_format(one.day, "SHORT_DATE_FORMAT"),
            "falls_on": date_format(one.falls_on, "SHORT_DATE_FORMAT") if one.falls_on else "",
            "why": one.reasons(week.rules, "de" if language == "de" else "en"),
            "way": week.way_to_keep(one.level, one.day, language),
            "action_url": absolute(make_link(contact)),
        }
    send_mail_template("letters/mail/fall", to=contact.email, language=language, context=context)


@transaction.atomic
def _agreement(relation: Any, name: str, day: date) -> int:
    agreement = open_agreement(relation)
    new_here = relation.state == "onboarding" and relation.joined is not None
    if agreement is None or (new_here and relation.joined + PATIENCE > day):
        return 0
    written = 0
    for contact in relation.contacts.all():
        key = f"agreement:{agreement.id}:{contact.pk}"
        if once(key, "agreement", relation.programme_id, contact=contact):
            context = {
                "person": contact.name,
                "partner": relation.name,
                "programme": name,
                "title": agreement.title,
                "number": agreement.number,
                "action_url": absolute(make_link(contact, to="agreement/")),
            }
            send_mail_template(
                "letters/mail/agreement",
                to=contact.email,
                language=contact.language,
                context=context,
            )
            written += 1
    return written
