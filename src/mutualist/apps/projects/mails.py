"""Mails about projects: to the partner with a link to its page, to the vendor one for all that waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.programme.public import contacts_of, make_link, programme_name, vendor_people
from mutualist.apps.projects.models import Registration
from mutualist.apps.projects.words import rejection_words

#: For how long the link of a mail opens the partner's page.
DAYS = 30
#: So many projects are named in one mail.
NAMED = 20
_NEWS: dict[str, tuple[Any, Any]] = {
    "approve": (_("{customer}: your project is protected"), _("It is protected until {until}.")),
    "extend": (
        _("{customer}: your project is protected for longer"),
        _("It is protected until {until}."),
    ),
    "reject": (_("{customer}: your project was not accepted"), _("The reason: {reason}.")),
    "release": (_("{customer}: the protection has ended"), _("The reason: {reason}.")),
    "ask": (_("{customer}: a question about your project"), _("Please answer until {until}.")),
    "expire": (
        _("{customer}: the time of your project is over"),
        _("It was open until {until}. You may register it again if you are still at it."),
    ),
    "asked": (
        _("{customer}: how does it stand?"),
        _("The protection ends on {until}. Is the project won, lost, or do you need more time?"),
    ),
}
_LABEL = _("Open the project")


def tell_partner(row: Registration, move: str) -> None:
    """Write to the partner's contacts for projects what happened."""
    programme = programme_name(row.programme_id)
    for contact in contacts_of(row.relation_id, "projects"):
        with translation.override(contact.language):
            until = (
                date_format(row.protected_until, "SHORT_DATE_FORMAT") if row.protected_until else ""
            )
            fields = {
                "customer": row.customer,
                "until": until,
                "reason": rejection_words(row.reason, vendor=False),
            }
            heading, line = (str(text).format(**fields) for text in _NEWS[move])
            context = {
                "heading": heading,
                "line": line,
                "person": contact.name,
                "programme": programme.name,
                "project": row.title,
                "share": row.share if move == "approve" else 100,
                "answer": row.answer
                if move in {"approve", "extend", "reject", "release", "ask"}
                else "",
                "action_label": str(_LABEL),
                "action_url": absolute(make_link(contact, days=DAYS, to=f"projects/{row.uid}/")),
            }
        send_mail_template(
            "projects/mail/news", to=contact.email, language=contact.language, context=context
        )


def tell_vendor(programme: int, new: Sequence[Registration], late: Sequence[Registration]) -> None:
    """Write to the people of a vendor what is new and what waits for long."""
    named = programme_name(programme)
    address = absolute(reverse("projects:queue", args=[named.uid]))
    for person in vendor_people(programme):
        context = {
            "person": person.name,
            "programme": named.name,
            "new": [row.customer for row in new[:NAMED]],
            "late": [row.customer for row in late[:NAMED]],
            "more": max(0, len(new) + len(late) - 2 * NAMED),
            "action_url": address,
        }
        send_mail_template(
            "projects/mail/queue", to=person.email, language=person.language, context=context
        )
