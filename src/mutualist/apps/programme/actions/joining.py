"""Apply, be taken in or refused, and do what is asked before a partner is active."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.programme.actions.levels import settle_those
from mutualist.apps.programme.actions.partners import as_stored, clean_name, require_vendor
from mutualist.apps.programme.checklists import read_checklist
from mutualist.apps.programme.models import (
    NAME_LENGTH,
    Acceptance,
    AgreementVersion,
    Contact,
    Programme,
    Relation,
)
from mutualist.apps.programme.queries.joining import newest_agreement, steps_of
from mutualist.apps.programme.standing import Standing, chain_of, make_link

MOST_APPLICATIONS = 1000
LONGEST = 20_000


@transaction.atomic
def apply(
    *,
    programme: int,
    name: str,
    person: str,
    email: str,
    language: str,
    fields: dict[str, Any],
    message: str = "",
) -> None:
    """Store an application; whoever applies learns only that it was received.

    A firm or address that is known already changes nothing that anybody could see from outside.
    """
    clean, address = clean_name(name), email.strip().lower()
    who = clean_name(person)
    try:
        validate_email(address)
    except ValidationError:
        raise ActionError(
            "contact_mail",
            _("{email} is no mail address. Write it as name@firm.example."),
            email=email[:80],
        ) from None
    found = Programme.objects.select_for_update().get(pk=programme)
    waiting = found.relations.filter(state=Relation.State.APPLIED)
    if waiting.filter(contacts__email=address).exists() or waiting.count() >= MOST_APPLICATIONS:
        return
    made = Relation.objects.create(
        programme=found,
        name=clean,
        state=Relation.State.APPLIED,
        profile={"message": message[:2000]},
        **as_stored(found.pk, fields),
    )
    Contact.objects.create(relation=made, name=who, email=address, language=language)
    record(
        "programme.application.received",
        actor=Actor.system(),
        obj=made,
        chain=chain_of(found.pk),
        data={"name": clean},
        personal={"contact": who},
    )


@transaction.atomic
def answer(*, standing: Standing, relation: Relation, accept: bool, reason: str = "") -> None:
    """Take a firm in, or refuse it with a reason; it is told by mail."""
    require_vendor(standing)
    found = (
        Relation.objects.visible_to(standing)
        .select_for_update()
        .filter(pk=relation.pk, state=Relation.State.APPLIED)
        .first()
    )
    if found is None:
        raise ActionError(
            "application_answered",
            _("This application was answered already. Nothing was changed now."),
            status=409,
        )
    clean = " ".join(reason.split())[:300]
    if not accept and not clean:
        raise ActionError(
            "application_reason", _("Say why {name} is refused; they read it."), name=found.name
        )
    found.state = Relation.State.ONBOARDING if accept else Relation.State.REFUSED
    found.joined = today() if accept else None
    found.save(update_fields=["state", "joined"])
    record(
        "programme.application.accepted" if accept else "programme.application.refused",
        actor=standing.actor,
        obj=found,
        chain=chain_of(standing.programme, found.pk),
        data={"name": found.name},
    )
    for contact in found.contacts.all():
        send_mail_template(
            "programme/mail/answer",
            to=contact.email,
            language=contact.language,
            context={
                "person": contact.name,
                "partner": found.name,
                "programme": standing.programme_name,
                "accepted": accept,
                "reason": clean,
                "action_url": absolute(make_link(contact) if accept else "/"),
            },
        )
    if accept:
        _activate(found, standing.actor)


@transaction.atomic
def add_agreement(
    *, standing: Standing, title: str, text: str, since: date | None = None
) -> AgreementVersion:
    """Add a version of the agreement, in force from a day on; every partner is asked to accept it anew.

    The newest one sent again changes nothing.
    """
    require_vendor(standing)
    programme = Programme.objects.select_for_update().get(pk=standing.programme)
    clean, body = " ".join(title.split()), text.strip()
    if not clean or len(clean) > NAME_LENGTH or not body or len(body) > LONGEST:
        raise ActionError(
            "agreement_text",
            _("Give a title of 1 to {most} characters and a text of up to {longest}."),
            most=NAME_LENGTH,
            longest=LONGEST,
        )
    last = newest_agreement(programme.pk)
    if (
        last is not None
        and (last.title, last.text) == (clean, body)
        and since in {None, last.since}
    ):
        # Sent from a second window: nobody is to accept the same once more.
        return last
    first = max(today(), last.since) if last else today()
    if since is not None and since < first:
        raise ActionError(
            "agreement_since",
            _("The new version begins on {first} or later, not on {since}."),
            first=first.isoformat(),
            since=since.isoformat(),
        )
    made = AgreementVersion.objects.create(
        programme=programme,
        number=last.number + 1 if last else 1,
        title=clean,
        text=body,
        since=since or first,
    )
    record(
        "programme.agreement.added",
        actor=standing.actor,
        obj=made,
        chain=standing.chain,
        data={"number": made.number, "title": clean},
    )
    return made


@transaction.atomic
def accept_agreement(*, standing: Standing, number: int) -> None:
    """Accept the newest agreement for the own firm."""
    relation = _own(standing)
    agreement = newest_agreement(standing.programme)
    if agreement is None or agreement.number != number:
        raise ActionError(
            "agreement_changed",
            _("The agreement has changed in the meantime. Please read it again, then accept it."),
            status=409,
        )
    contact = relation.contacts.filter(pk=standing.contact or 0).first()
    who = {
        "name": standing.actor.name[:NAME_LENGTH],
        "email": contact.email if contact else None,
        "user_id": standing.actor.user_id,
    }
    _made, new = Acceptance.objects.get_or_create(
        relation=relation, agreement=agreement, defaults=who
    )
    if new:
        record(
            "programme.agreement.accepted",
            actor=standing.actor,
            obj=relation,
            chain=standing.chain,
            data={"number": agreement.number, "title": agreement.title},
        )
    _activate(relation, standing.actor)


@transaction.atomic
def change_profile(*, standing: Standing, fields: dict[str, Any]) -> None:
    """Change what the own firm says of itself: place, abilities, languages, capacity, finder."""
    relation = _own(standing)
    known = {
        "postal_code",
        "place",
        "country",
        "abilities",
        "languages",
        "capacity",
        "in_finder",
        "website",
    }
    if unknown := set(fields) - known:
        raise TypeError(f"a profile has no {sorted(unknown)}")
    for name, value in as_stored(standing.programme, fields).items():
        setattr(relation, name, value)
    relation.save(update_fields=list(fields))
    record(
        "programme.partner.changed",
        actor=standing.actor,
        obj=relation,
        chain=standing.chain,
        data={"name": relation.name},
    )
    _activate(relation, standing.actor)


@transaction.atomic
def save_checklist(*, standing: Standing, text: str) -> None:
    """Save what new partners do before they are active, by kind of partner."""
    require_vendor(standing)
    checklist = read_checklist(text)
    Programme.objects.filter(pk=standing.programme).update(checklist=checklist)
    record(
        "programme.checklist.saved",
        actor=standing.actor,
        obj=Programme(pk=standing.programme),
        chain=standing.chain,
        data={"steps": len(checklist.get("steps", ()))},
    )
    waiting = Relation.objects.visible_to(standing).filter(state=Relation.State.ONBOARDING)
    for relation in waiting.select_for_update():
        _activate(relation, standing.actor)


@transaction.atomic
def tick(*, standing: Standing, relation: Relation, step: str) -> None:
    """Tick a step of the checklist; each side ticks its own, the vendor both."""
    if not standing.writes:
        raise NotAllowed
    found = Relation.objects.visible_to(standing).select_for_update().filter(pk=relation.pk).first()
    if found is None:
        raise NotAllowed
    if step in found.steps_done:
        # Ticked in another window; the last step makes a partner active.
        return
    if found.state != Relation.State.ONBOARDING:
        raise NotAllowed
    item = next((one for one in steps_of(found) if one.task == step and one.by), None)
    if item is None or (standing.side == "partner" and item.by != "partner"):
        raise NotAllowed
    if item.done:
        return
    found.steps_done = {**found.steps_done, step: today().isoformat()}
    found.save(update_fields=["steps_done"])
    record(
        "programme.step.done",
        actor=standing.actor,
        obj=found,
        chain=chain_of(standing.programme, found.pk),
        data={"name": found.name, "step": step},
    )
    _activate(found, standing.actor)


def _own(standing: Standing) -> Relation:
    if standing.side != "partner" or not standing.writes:
        raise NotAllowed
    return Relation.objects.select_for_update().get(pk=standing.relation or 0)


def _activate(relation: Relation, actor: Actor) -> None:
    """Make a partner active once every step is done."""
    if relation.state != Relation.State.ONBOARDING or not all(
        step.done for step in steps_of(relation)
    ):
        return
    relation.state = Relation.State.ACTIVE
    relation.save(update_fields=["state"])
    record(
        "programme.partner.active",
        actor=actor,
        obj=relation,
        chain=chain_of(relation.programme_id, relation.pk),
        data={"name": relation.name},
    )
    settle_those(programme=relation.programme_id, relations={relation.pk}, actor=actor, day=today())
