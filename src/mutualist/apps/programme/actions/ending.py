"""A programme goes for good, with everything in it: because the firm that runs it is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format

from mutualist.apps.core.mail import send_mail_template
from mutualist.apps.core.models import AuditPersonal
from mutualist.apps.programme.models import Acceptance, Contact, Programme, Relation
from mutualist.apps.programme.standing import THERE


@dataclass(frozen=True, slots=True)
class Run:
    """A programme that a firm runs, and with how many partners."""

    id: int
    name: str
    partners: int


def programmes_run_by(organisation: int) -> list[Run]:
    """Return the programmes of a firm."""
    return [
        Run(one.pk, one.name, one.relations.filter(state__in=THERE).count())
        for one in Programme.objects.filter(organisation=organisation)
    ]


def tell_of_the_end(programme: int, day: date) -> int:
    """Write to the contacts of all partners that a programme ends; return to how many."""
    found = Programme.objects.select_related("organisation").get(pk=programme)
    there = Relation.objects.filter(programme=found, state__in=THERE)
    contacts = Contact.objects.filter(relation__in=there).select_related("relation")
    for contact in contacts:
        with translation.override(contact.language):
            ends = date_format(day, "SHORT_DATE_FORMAT")
        send_mail_template(
            "programme/mail/ends",
            to=contact.email,
            language=contact.language,
            context={
                "person": contact.name,
                "partner": contact.relation.name,
                "programme": found.name,
                "vendor": found.organisation.name,
                "day": ends,
            },
        )
    return len(contacts)


@transaction.atomic
def delete_programme(programme: int) -> None:
    """Delete a programme; what is private in it has to be gone before, in a scope of its own."""
    own, partners = f"programme:{programme}", f"programme:{programme}:"
    AuditPersonal.objects.filter(
        Q(entry__chain=own) | Q(entry__chain__startswith=partners)
    ).delete()
    # A version of an agreement stands as long as somebody accepted it.
    Acceptance.objects.filter(relation__programme=programme).delete()
    Programme.objects.filter(pk=programme).delete()
