"""A partner rests, comes back or leaves: by decision, with a reason the partner reads; history stays.

====================  =========  ==========================
From                  Step       To
====================  =========  ==========================
getting ready, active suspend    suspended
suspended             resume     active, or getting ready
getting ready, active end        ended
suspended             end        ended
ended                 return     active, or getting ready
====================  =========  ==========================

While a partner is suspended it gets no enquiry and registers no project; what runs goes on. Whoever has left reads
what was and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.programme.actions.links import mail_link
from mutualist.apps.programme.actions.partners import require_vendor
from mutualist.apps.programme.models import Contact, PartnerLink, Relation
from mutualist.apps.programme.queries.joining import steps_of
from mutualist.apps.programme.standing import Standing, chain_of, make_link
from mutualist.apps.programme.words import state_word

Step = Literal["suspend", "resume", "end", "return"]
State = Relation.State
FROM: Mapping[str, tuple[str, ...]] = {
    "suspend": (State.ONBOARDING, State.ACTIVE),
    "resume": (State.SUSPENDED,),
    "end": (State.ONBOARDING, State.ACTIVE, State.SUSPENDED),
    "return": (State.ENDED,),
}
KINDS: Mapping[str, str] = {
    "suspend": "programme.partner.suspended",
    "resume": "programme.partner.resumed",
    "end": "programme.partner.ended",
    "return": "programme.partner.returned",
}
LONGEST_REASON = 300


def steps_from(state: str) -> list[str]:
    """Return the steps that are open to the vendor in a state."""
    return [step for step, states in FROM.items() if state in states]


@transaction.atomic
def move(*, standing: Standing, relation: Relation, step: str, reason: str = "") -> Relation:
    """Take a step of a partner's life; its people are told by mail.

    Raises
    ------
    ActionError
        ``partner_state`` where the step does not lead from here, ``partner_reason`` without a reason.
    """
    require_vendor(standing)
    found = Relation.objects.visible_to(standing).select_for_update().filter(pk=relation.pk).first()
    if found is None or step not in FROM:
        raise NotAllowed
    if found.state not in FROM[step]:
        raise ActionError(
            "partner_state",
            _("{name} is {state} at present, so this cannot be done. Nothing was changed."),
            status=409,
            name=found.name,
            state=state_word(found.state),
        )
    clean = " ".join(reason.split())[:LONGEST_REASON]
    if step in {"suspend", "end"} and not clean:
        raise ActionError(
            "partner_reason", _("Say why; the people of {name} read it."), name=found.name
        )
    found.state, found.state_since, found.state_reason = _after(found, step), today(), clean
    found.looked_on = None
    found.save(update_fields=["state", "state_since", "state_reason", "looked_on"])
    record(
        KINDS[step],
        actor=standing.actor,
        obj=found,
        chain=chain_of(standing.programme, found.pk),
        data={"name": found.name, "reason": clean},
    )
    for contact in found.contacts.all():
        _tell(contact, found, standing.programme_name, step)
    return found


def _after(relation: Relation, step: str) -> str:
    if step == "suspend":
        return State.SUSPENDED
    if step == "end":
        return State.ENDED
    return State.ACTIVE if all(one.done for one in steps_of(relation)) else State.ONBOARDING


def _tell(contact: Contact, relation: Relation, programme: str, step: str) -> None:
    send_mail_template(
        "programme/mail/state",
        to=contact.email,
        language=contact.language,
        context={
            "person": contact.name,
            "partner": relation.name,
            "programme": programme,
            "step": step,
            "reason": relation.state_reason,
            "action_url": absolute(make_link(contact)),
        },
    )


@transaction.atomic
def revoke_links(*, standing: Standing, relation: Relation, contact: int) -> int:
    """Take back every mailed link of a contact; the next mail brings a new one. Return how many there were."""
    person = _contact(standing, relation, contact)
    live = PartnerLink.objects.filter(contact=person, revoked_at=None, expires_at__gt=now())
    count = live.update(revoked_at=now())
    record(
        "programme.links.revoked",
        actor=standing.actor,
        obj=person,
        chain=chain_of(standing.programme, relation.pk),
        data={"name": relation.name, "count": count},
        personal={"contact": person.name},
    )
    return count


@transaction.atomic
def send_link(*, standing: Standing, relation: Relation, contact: int) -> None:
    """Mail a contact a new link to the partner's page."""
    mail_link(_contact(standing, relation, contact), standing.actor)


@transaction.atomic
def remove_contact(*, standing: Standing, relation: Relation, contact: int) -> None:
    """Remove a person of a partner firm; their links are gone with them."""
    person = _contact(standing, relation, contact)
    if standing.contact == person.pk:
        raise ActionError(
            "contact_own",
            _(
                "You came by a link of your own: somebody else of your firm or the vendor removes you."
            ),
        )
    if not Contact.objects.filter(relation=relation).exclude(pk=person.pk).exists():
        raise ActionError(
            "contact_last",
            _("{contact} is the only person of {name}. Name another one first."),
            contact=person.name,
            name=relation.name,
        )
    record(
        "programme.contact.removed",
        actor=standing.actor,
        obj=person,
        chain=chain_of(standing.programme, relation.pk),
        data={"name": relation.name},
        personal={"contact": person.name},
    )
    person.delete()


def _contact(standing: Standing, relation: Relation, contact: int) -> Contact:
    """Return a person of a partner, for either side that writes."""
    if not standing.writes or relation.programme_id != standing.programme:
        raise NotAllowed
    if standing.side == "partner" and standing.relation != relation.pk:
        raise NotAllowed
    found = Contact.objects.select_for_update().filter(pk=contact, relation=relation).first()
    if found is None:
        raise NotAllowed
    return found
