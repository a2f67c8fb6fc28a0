"""Inviting people to seats, and the links they come by."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import send_mail_template
from mutualist.apps.identity.models import Membership
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.ground import (
    clean_language,
    clean_line,
    enter,
    lead_of,
    note,
    require_answering,
    require_not_closed,
)
from mutualist.apps.rooms.actions.mails import context_for, mail_of, new_link, tell
from mutualist.apps.rooms.addresses import is_mail_address
from mutualist.apps.rooms.models import Answerer, Room, SealedSheet, Seat, SeatLink
from mutualist.apps.rooms.queries.access import room_for_update
from mutualist.apps.rooms.queries.links import live_link
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import AcceptedLink, Invitation

MAX_ANSWERERS = 12
LINKS_A_DAY = 5
REMIND_AFTER = timedelta(hours=24)


def invite_lead(here: Standing, seat: Seat, name: str, email: str, language: str) -> Invitation:
    """Put the person in the lead of a seat and mail the link; a lead never seen is replaced."""
    current = lead_of(seat)
    if current is not None:
        if SeatLink.objects.filter(answerer__seat=seat, used_at__isnull=False).exists() or (
            # Without account and address: a person who was erased and whose party has handed in answers.
            current.user_id is not None or not current.email
        ):
            raise ActionError(
                "seat_taken",
                _(
                    "{party} has already opened its invitation. Only {party} itself can hand the "
                    "answers over to somebody else."
                ),
                party=seat.name,
            )
        # Somebody who never came has written nothing.
        with scopes.discarding([seat]):
            current.delete()
    person = _new_person(here, seat, name, email, language, is_lead=True)
    invitation = _send("rooms/mail/invitation", person, here)
    if here.room.state == Room.State.DRAFT:
        here.room.state = Room.State.ANSWERING
        here.room.save(update_fields=["state"])
    note(
        "rooms.party.invited",
        here,
        data={"seat": seat.key, "party": seat.name},
        personal={"person": person.name, "email": person.email},
    )
    return invitation


def _new_person(
    here: Standing, seat: Seat, name: str, email: str, language: str, *, is_lead: bool
) -> Answerer:
    address = _clean_mail(email)
    room = here.room
    if Answerer.objects.filter(seat=seat).count() >= MAX_ANSWERERS:
        raise ActionError(
            "too_many_people",
            _("Up to {most} people can answer for one party."),
            most=MAX_ANSWERERS,
        )
    taken = Answerer.objects.filter(room=room, email__iexact=address).select_related("seat").first()
    by_account = Answerer.objects.filter(room=room, user__email__iexact=address).exists()
    if taken is not None or by_account:
        raise ActionError(
            "already_invited", _("{email} is already invited to this room."), email=address
        )
    if room.mode == Room.Mode.CONVENED and _belongs_to_host(room, address):
        raise ActionError(
            "neutral_host",
            _("{email} belongs to {host}. A neutral host does not answer."),
            email=address,
            host=room.host.name if room.host else "",
        )
    return Answerer.objects.create(
        room=room,
        seat=seat,
        name=clean_line(name, "person", _("Name of the person")),
        email=address,
        language=clean_language(language),
        is_lead=is_lead,
    )


def _belongs_to_host(room: Room, email: str) -> bool:
    members = Membership.objects.filter(organisation=room.host, user__email__iexact=email)
    return members.exists()


def _clean_mail(email: str) -> str:
    address = email.strip()
    if not is_mail_address(address):
        raise ActionError(
            "email",
            _("“{email}” is not a mail address. Please write it like name@example.org."),
            email=address[:80],
        )
    return address


def _send(template: str, person: Answerer, here: Standing) -> Invitation:
    recent = SeatLink.objects.filter(answerer=person, created_at__gt=now() - REMIND_AFTER)
    if recent.count() >= LINKS_A_DAY:
        raise ActionError(
            "too_many_mails",
            _(
                "{person} has received {most} mails from this room today. Please wait until tomorrow."
            ),
            status=429,
            person=person.name,
            most=LINKS_A_DAY,
        )
    url = new_link(person)
    send_mail_template(
        template,
        to=mail_of(person),
        language=person.language,
        context=context_for(person, here, url),
    )
    return Invitation(person, url)


@transaction.atomic
def invite_answerer(
    *, actor: Actor, room: Room, seat: str, name: str, email: str, language: str
) -> Invitation:
    """Invite the person who answers for a party; whoever manages the room may."""
    here = enter(actor, room)
    here.require_manager()
    require_answering(here.room)
    wanted = here.seat_named(seat)
    if here.room.mode == Room.Mode.ALONE:
        raise ActionError(
            "alone", _("A self-check has nobody to invite. Open a room with two sides for that.")
        )
    return invite_lead(here, wanted, name, email, language)


@transaction.atomic
def add_colleague(
    *, actor: Actor, room: Room, name: str, email: str, language: str, seat: str | None = None
) -> Invitation:
    """Ask somebody of the own house to answer too; only the own party sees what they say."""
    here = enter(actor, room)
    own = _own_seat(here, seat)
    require_answering(here.room)
    if here.room.mode == Room.Mode.ALONE:
        raise ActionError(
            "alone", _("A self-check has nobody to invite. Open a room with two sides for that.")
        )
    person = _new_person(here, own, name, email, language, is_lead=False)
    invitation = _send("rooms/mail/colleague", person, here)
    note(
        "rooms.colleague.invited",
        here,
        seat=own,
        data={"seat": own.key},
        personal={"person": person.name, "email": person.email},
    )
    return invitation


def _own_seat(here: Standing, key: str | None) -> Seat:
    """Return the own seat if the actor decides about its people."""
    own = here.seat_named(key) if key else here.seat
    if own is None or not here.manages_people_of(own):
        raise NotAllowed
    return own


def _person_of(here: Standing, answerer_id: int, *, host_too: bool) -> Answerer:
    """Load a person the actor decides about: of the own seat, or as host the lead of a seat."""
    person = Answerer.objects.filter(room=here.room, pk=answerer_id).select_related("user").first()
    if person is None:
        raise NotAllowed
    person.seat = next(seat for seat in here.seats if seat.pk == person.seat_id)
    if here.manages_people_of(person.seat):
        return person
    if host_too and here.may_manage and person.is_lead:
        return person
    raise NotAllowed


@transaction.atomic
def resend_link(*, actor: Actor, room: Room, answerer_id: int) -> Invitation:
    """Mail a fresh link to the address already known; older links stay valid until they expire."""
    here = enter(actor, room)
    require_not_closed(here.room)
    person = _person_of(here, answerer_id, host_too=True)
    if not person.email:
        raise ActionError(
            "no_mail", _("{person} signs in with an account and needs no link."), person=person.name
        )
    template = "rooms/mail/invitation" if person.is_lead else "rooms/mail/colleague"
    invitation = _send(template, person, here)
    note("rooms.link.sent", here, seat=person.seat, personal={"person": person.name})
    return invitation


@transaction.atomic
def revoke_link(*, actor: Actor, room: Room, answerer_id: int) -> int:
    """End a person's access at once, in every browser; return how many links ended.

    The host may do so only until the party has sealed for the first time: what a party has handed in
    and seen opened, nobody else can take from it.
    """
    here = enter(actor, room)
    person = _person_of(here, answerer_id, host_too=True)
    if (
        not here.manages_people_of(person.seat)
        and SealedSheet.objects.filter(seat=person.seat).exists()
    ):
        raise ActionError(
            "seat_has_sealed",
            _("{party} has sealed answers. Only {party} itself can end this access now."),
            party=person.seat.name,
        )
    if person.pk in {mine.pk for mine in here.answerers}:
        raise ActionError(
            "own_access", _("You cannot end your own access. Hand over the lead first.")
        )
    ended = SeatLink.objects.filter(answerer=person, revoked_at__isnull=True).update(
        revoked_at=now()
    )
    if person.user_id is not None and person.email:
        ended += 1
        person.user = None
        person.save(update_fields=["user"])
    note(
        "rooms.link.revoked",
        here,
        data={"seat": person.seat.key, "party": person.seat.name},
        personal={"person": person.name},
    )
    if person.email:
        context = context_for(person, here, "")
        send_mail_template(
            "rooms/mail/revoked", to=person.email, language=person.language, context=context
        )
    return ended


@transaction.atomic
def remind(*, actor: Actor, room: Room) -> int:
    """Mail everybody who has not sealed yet, at most once a day each; return how many mails."""
    here = enter(actor, room)
    here.require_manager()
    require_answering(here.room)
    sealed = SealedSheet.objects.filter(room=here.room, round=here.room.round)
    waiting = (
        Answerer.objects.filter(room=here.room, is_lead=True)
        .exclude(seat__in=sealed.values("seat"))
        .exclude(pk__in=[mine.pk for mine in here.answerers])
        .exclude(reminded_at__gt=now() - REMIND_AFTER)
        .select_related("user")
    )
    told = [person for person in waiting if tell("rooms/mail/reminder", person, here)]
    Answerer.objects.filter(pk__in=[person.pk for person in told]).update(reminded_at=now())
    if told:
        note("rooms.parties.reminded", here, data={"count": len(told)})
    return len(told)


@transaction.atomic
def accept_link(*, actor: Actor, token: str) -> AcceptedLink:
    """Let somebody in by a mailed link.

    The link is bound to one person on one seat and works until it expires or is revoked, on any
    device. A signed-in person whose account has the invited mail address keeps the seat by account.
    """
    link = live_link(token)
    room = room_for_update(link.room)
    person = link.answerer
    here = standing(actor, room)
    _refuse_two_sides(here, person)
    first = link.used_at is None
    if first:
        link.used_at = now()
        link.save(update_fields=["used_at"])
    _remember_account(actor, person)
    signed = standing(_with_link(actor, link), room)
    note(
        "rooms.link.opened",
        signed,
        seat=person.seat,
        data={"first": first},
        personal={"person": person.name},
    )
    same_room = SeatLink.objects.filter(room=room, pk__in=actor.link_ids).exclude(pk=link.pk)
    drop = frozenset(same_room.values_list("pk", flat=True))
    return AcceptedLink(link.pk, room, person.seat.key, person, drop)


def _with_link(actor: Actor, link: SeatLink) -> Actor:
    from dataclasses import replace

    name = actor.name or link.answerer.name
    return replace(actor, link_ids=actor.link_ids | {link.pk}, name=name)


def _refuse_two_sides(here: Standing, person: Answerer) -> None:
    if here.is_neutral_host:
        raise ActionError(
            "link_other_seat",
            _("You are signed in as the neutral host of this room. Sign out to use this link."),
        )
    by_account = [p for p in here.answerers if p.user_id is not None]
    firm = here.seat is not None and here.seat.organisation_id in here.actor.organisations()
    if (by_account or firm) and here.seat is not None and here.seat.pk != person.seat_id:
        raise ActionError(
            "link_other_seat",
            _("You are signed in for {party}. This link belongs to {other}. Sign out to use it."),
            party=here.seat.name,
            other=person.seat.name,
        )


def _remember_account(actor: Actor, person: Answerer) -> None:
    from mutualist.apps.identity.models import User

    if actor.user_id is None or person.user_id is not None or not person.email:
        return
    user = User.objects.get(pk=actor.user_id)
    seated = Answerer.objects.filter(room_id=person.room_id, user=user).exists()
    if user.email.lower() == person.email.lower() and not seated:
        person.user = user
        person.save(update_fields=["user"])
