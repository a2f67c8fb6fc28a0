"""Links to a partner's page go by mail to the person they are for, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.programme.models import Contact, PartnerLink
from mutualist.apps.programme.standing import chain_of, mailed_link, make_link

#: Asked for twice within this time, one mail goes out.
AGAIN = timedelta(minutes=10)


@transaction.atomic
def renew_link(*, token: str, language: str) -> None:
    """Mail a new link to whomever one was mailed that has run out.

    Whoever holds an old link learns nothing by it and gets nothing: the mail goes to the address on record.

    Raises
    ------
    NotAllowed
        If there is no such link, it was taken back, or its firm has no page.
    """
    link = mailed_link(token)
    person = Contact.objects.select_for_update().get(pk=link.contact_id)
    if PartnerLink.objects.filter(contact=person, created_at__gt=now() - AGAIN).exists():
        return
    mail_link(link.contact, Actor("link", name=person.name, language=language))


def mail_link(person: Contact, actor: Actor) -> None:
    """Mail a contact a new link to the partner's page, and put that on record."""
    relation = person.relation
    send_mail_template(
        "programme/mail/link",
        to=person.email,
        language=person.language,
        context={
            "person": person.name,
            "partner": relation.name,
            "programme": relation.programme.name,
            "action_url": absolute(make_link(person)),
        },
    )
    record(
        "programme.link.sent",
        actor=actor,
        obj=person,
        chain=chain_of(relation.programme_id, relation.pk),
        data={"name": relation.name},
        personal={"contact": person.name},
    )
