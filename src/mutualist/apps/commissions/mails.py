"""Mails about money: a statement, with a link to the partner's own page."""

from __future__ import annotations

from django.utils import translation
from django.utils.formats import date_format

from mutualist.apps.commissions.models import Statement
from mutualist.apps.core.mail import send_mail_template
from mutualist.apps.programme.public import Standing, contacts_of, make_link
from mutualist.domain.programme.commission.money import said

#: For how long the link of a statement opens the partner's page.
DAYS = 60


def send_statement(standing: Standing, issued: Statement) -> None:
    """Send a statement to the partner's contacts for money."""
    for contact in contacts_of(issued.relation_id, "money"):
        with translation.override(contact.language):
            context = {
                "programme": standing.programme_name,
                "number": issued.number,
                "first": date_format(issued.first, "SHORT_DATE_FORMAT"),
                "last": date_format(issued.last, "SHORT_DATE_FORMAT"),
                "closing": said(issued.closing, issued.currency, contact.language),
                "name": contact.name,
                "action_url": make_link(contact, days=DAYS),
            }
        send_mail_template(
            "commissions/mail/statement",
            to=contact.email,
            language=contact.language,
            context=context,
        )
