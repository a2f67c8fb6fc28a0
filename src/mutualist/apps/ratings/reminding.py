"""Reminds partners to rate the vendor before the half-year is over: 21 and 7 days before, once each."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format

from mutualist.apps.core.clock import today
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.letters.public import once
from mutualist.apps.programme.public import (
    contacts_of,
    make_link,
    partners_to_write,
    programme_ids,
    programme_name,
)
from mutualist.apps.ratings.models import Rating
from mutualist.domain.programme.rating import half_year_of

BEFORE = (7, 21)


def remind(day: date | None = None) -> int:
    """Write to the partners that have not rated; return how many mails were written."""
    when = day or today()
    period = half_year_of(when)
    left = (period.closes - when).days
    step = next((days for days in BEFORE if left <= days), None)
    if step is None:
        return 0
    rated = set(
        Rating.objects.filter(round__period=period.id, side="partner").values_list(
            "round__relation", flat=True
        )
    )
    heard = set(
        Rating.objects.filter(round__period=period.id, side="vendor").values_list(
            "round__relation", flat=True
        )
    )
    written = 0
    for programme in programme_ids():
        name = programme_name(programme)
        for relation in partners_to_write(programme):
            if relation.pk in rated or relation.state != "active":
                continue
            for contact in contacts_of(relation.pk, "levels"):
                key = f"rating:{contact.pk}:{period.id}:{step}"
                with transaction.atomic():
                    if not once(key, "rating", programme, contact=contact):
                        continue
                    with translation.override(contact.language):
                        closes = date_format(period.closes, "SHORT_DATE_FORMAT")
                    send_mail_template(
                        "ratings/mail/remind",
                        to=contact.email,
                        language=contact.language,
                        context={
                            "person": contact.name,
                            "programme": name.name,
                            "vendor": name.vendor,
                            "closes": closes,
                            "heard": relation.pk in heard,
                            "action_url": absolute(make_link(contact, to="rating/")),
                        },
                    )
                    written += 1
    return written
