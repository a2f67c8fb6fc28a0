"""Sends the weekly mails of all programmes: from Monday on, each once, whatever happens on the way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from mutualist.apps.core.clock import now
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.letters import queries
from mutualist.apps.letters.partner_letter import Letter, partner_letter
from mutualist.apps.letters.sending import once, stop_address, unsubscribe
from mutualist.apps.letters.vendor_letter import vendor_letter
from mutualist.apps.programme.public import (
    Week,
    all_rules,
    contact_standing,
    make_link,
    partners_to_write,
    programme_ids,
    programme_name,
    week_of,
)


def run(moment: datetime | None = None) -> int:
    """Send what is due; return how many mails were written."""
    moment = moment or now()
    begins = queries.monday_of(moment)
    if moment < begins:
        return 0
    return sum(_programme(one, begins, moment) for one in programme_ids())


def _programme(programme: int, begins: datetime, moment: datetime) -> int:
    post, day = queries.post_of(programme), timezone.localdate(moment)
    written = 0
    if post.partners:
        written += _partners(programme, begins, day)
    if post.vendor:
        for reader in queries.readers(programme):
            written += _to_vendor(programme, reader, day)
    return written


def _partners(programme: int, begins: datetime, day: date) -> int:
    quiet = queries.quiet_contacts(programme)
    versions = all_rules(programme)
    written = 0
    for relation in partners_to_write(programme):
        # Whoever came after the week's mails began gets the first one a week later.
        wanted = [
            one
            for one in relation.contacts.all()
            if one.pk not in quiet and one.created_at <= begins
        ]
        week = week_of(relation, day, versions) if wanted else None
        for contact in wanted:
            written += _to_contact(contact, week, day)
    return written


@transaction.atomic
def _to_contact(contact: Any, week: Week | None, day: date) -> int:
    key = f"weekly:{contact.pk}:{queries.week_key(day)}"
    before = queries.last_figures(contact.pk)
    programme = contact.relation.programme_id
    row = once(key, "weekly", programme, contact=contact, figures=week.figures if week else {})
    if row is None:
        return 0
    with translation.override(contact.language):
        standing = contact_standing(contact.pk, contact.language)
        letter = partner_letter(standing, week, before, day, contact.language)
    if letter is None:
        row.went = False
        row.save(update_fields=["went"])
        return 0
    stop = stop_address(programme, contact=contact.pk)
    base = absolute(make_link(contact))
    send_mail_template(
        "letters/mail/partner",
        to=contact.email,
        language=contact.language,
        headers=unsubscribe(stop),
        context={
            "person": contact.name,
            "partner": standing.partner_name,
            "programme": standing.programme_name,
            "stop": stop,
            "action_url": base,
            **with_links(letter, base),
        },
    )
    return 1


def with_links(letter: Letter, base: str) -> dict[str, Any]:
    """Return what the mail's templates show; each line with an address of its own."""
    return {
        "subject": letter.subject,
        "parts": [
            {
                "title": part.title,
                "lines": [
                    {"text": one.text, "label": one.label, "url": f"{base}{one.to}"}
                    for one in part.lines
                ],
            }
            for part in letter.parts
        ],
    }


@transaction.atomic
def _to_vendor(programme: int, reader: queries.Reader, day: date) -> int:
    key = f"vendor:{programme}:{reader.user}:{queries.week_key(day)}"
    row = once(key, "vendor", programme, user_id=reader.user)
    if row is None:
        return 0
    with translation.override(reader.language):
        lines = vendor_letter(reader.standing, day)
    if not lines:
        row.went = False
        row.save(update_fields=["went"])
        return 0
    stop = stop_address(programme, user=reader.user)
    send_mail_template(
        "letters/mail/vendor",
        to=reader.email,
        language=reader.language,
        headers=unsubscribe(stop),
        context={
            "person": reader.name,
            "programme": programme_name(programme).name,
            "lines": [
                {"text": one.text, "label": one.label, "url": absolute(one.path)} for one in lines
            ],
            "stop": stop,
        },
    )
    return 1
