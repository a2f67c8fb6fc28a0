"""Mails about enquiries: to the partner who is asked, to the vendor where nobody can be, to the customer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mutualist.apps.core.clock import today
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.programme.public import (
    abilities_said,
    ability_names,
    contacts_of,
    make_link,
    programme_name,
    vendor_people,
)

#: For how long the link of a mail opens the partner's page: longer than any answer takes.
DAYS = 60


def _due(offer: Offer) -> str:
    return date_format(localtime(offer.due_at), "SHORT_DATETIME_FORMAT")


def _abilities(enquiry: Enquiry, language: str) -> str:
    names = ability_names(enquiry.programme_id, today(), language)
    return ", ".join(abilities_said(enquiry.abilities, names))


def tell_partner(offer: Offer) -> bool:
    """Offer an enquiry to the partner's contacts; tell whether there is anybody to write to."""
    enquiry = offer.enquiry
    programme = programme_name(enquiry.programme_id)
    contacts = contacts_of(offer.relation_id, "enquiries")
    for contact in contacts:
        with translation.override(contact.language):
            context: dict[str, Any] = {
                "person": contact.name,
                "programme": programme.name,
                "place": f"{enquiry.country} {enquiry.postal_code}",
                "abilities": _abilities(enquiry, contact.language),
                "text": enquiry.text,
                "due": _due(offer),
                "action_label": _("Accept or decline"),
                "action_url": absolute(make_link(contact, days=DAYS, to=f"enquiries/{offer.uid}/")),
            }
        send_mail_template(
            "enquiries/mail/offer", to=contact.email, language=contact.language, context=context
        )
    return bool(contacts)


def tell_partner_gone(offer: Offer) -> None:
    """Say that an enquiry is no longer the partner's."""
    programme = programme_name(offer.enquiry.programme_id)
    for contact in contacts_of(offer.relation_id, "enquiries"):
        context = {
            "person": contact.name,
            "programme": programme.name,
            "place": f"{offer.enquiry.country} {offer.enquiry.postal_code}",
            "late": offer.state == "lapsed",
        }
        send_mail_template(
            "enquiries/mail/gone", to=contact.email, language=contact.language, context=context
        )


def tell_vendor(enquiry: Enquiry, why: dict[str, str]) -> None:
    """Say that nobody can be asked, and why; by language."""
    programme = programme_name(enquiry.programme_id)
    address = absolute(reverse("enquiries:enquiry", args=[programme.uid, enquiry.uid]))
    for person in vendor_people(enquiry.programme_id):
        context = {
            "person": person.name,
            "programme": programme.name,
            "place": f"{enquiry.country} {enquiry.postal_code}",
            "abilities": _abilities(enquiry, person.language),
            "why": why.get(person.language, why["en"]),
            "action_url": address,
        }
        send_mail_template(
            "enquiries/mail/nobody", to=person.email, language=person.language, context=context
        )


def tell_customer(enquiry: Enquiry, partner: str) -> None:
    """Tell the customer who will write to them."""
    if not enquiry.email:
        return
    programme = programme_name(enquiry.programme_id)
    context = {
        "person": enquiry.person,
        "programme": programme.name,
        "vendor": programme.vendor,
        "partner": partner,
    }
    language = enquiry.language if enquiry.language in {"de", "en"} else "de"
    send_mail_template("enquiries/mail/taken", to=enquiry.email, language=language, context=context)
