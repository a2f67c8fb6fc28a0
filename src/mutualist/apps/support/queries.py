"""What a support session shows: states, people, mails that did not arrive. Nothing anybody wrote.

No query here touches drafts, sealed sheets, results, frames of rooms or the words of mails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.identity.models import Membership, Organisation, OrganisationInvitation, User
from mutualist.apps.identity.second_factor import has_second_factor
from mutualist.apps.rooms.public import RoomFacts, facts_for_support
from mutualist.apps.support.models import SupportSession


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A person of the organisation."""

    name: str
    email: str
    role: str
    is_active: bool
    has_factor: bool
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Mails to one address that are still here; the words stay shut."""

    address: str
    state: str
    number: int
    newest: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Insight:
    """All that a support session shows."""

    members: tuple[MemberFacts, ...]
    invited: tuple[OrganisationInvitation, ...]
    rooms: tuple[RoomFacts, ...]
    mails: tuple[MailFacts, ...]


def session_for(actor: Actor, uid: UUID) -> SupportSession:
    """Load the actor's own session, whether it lasts or not."""
    found = None
    if actor.can_operate:
        found = (
            SupportSession.objects.filter(uid=uid, operator_id=actor.user_id)
            .select_related("organisation", "person")
            .first()
        )
    if found is None:
        raise NotAllowed
    return found


def sessions_of(actor: Actor) -> QuerySet[SupportSession]:
    """Return the actor's newest sessions."""
    if not actor.can_operate:
        raise NotAllowed
    found = SupportSession.objects.filter(operator_id=actor.user_id)
    return found.select_related("organisation", "person")[:20]


def find_subject(text: str) -> Organisation | User | None:
    """Find what somebody asks help for: an organisation by its exact name, a person by mail."""
    wanted = " ".join(text.split())
    if "@" in wanted:
        return User.objects.filter(email__iexact=wanted).first()
    found = list(Organisation.objects.filter(name__iexact=wanted)[:2])
    return found[0] if len(found) == 1 else None


def insight(session: SupportSession) -> Insight:
    """Return what an open session shows; a session that is over shows nothing."""
    if not session.is_open:
        raise NotAllowed
    if session.organisation is not None:
        memberships = session.organisation.memberships.select_related("user")
        members = tuple(_member(one.user, one.get_role_display()) for one in memberships)
        invited = tuple(session.organisation.invitations.filter(accepted=None)[:50])
        organisations = [session.organisation.pk]
    else:
        person: User = session.person  # type: ignore[assignment]
        members, invited = (_member(person, ""),), ()
        found = Membership.objects.filter(user=person).values_list("organisation_id", flat=True)
        organisations = list(found)
    addresses = {one.email.lower() for one in members} | {one.email.lower() for one in invited}
    rooms = facts_for_support(organisations) if session.organisation is not None else ()
    addresses |= {person.email.lower() for room in rooms for person in room.people if person.email}
    return Insight(members, invited, rooms, _mails(addresses))


def _member(user: User, role: str) -> MemberFacts:
    seen = user.sign_ins.aggregate(newest=Max("last_seen"))["newest"]
    return MemberFacts(
        str(user), user.email, str(role), user.is_active, has_second_factor(user.pk), seen
    )


def _mails(addresses: set[str]) -> tuple[MailFacts, ...]:
    rows = (
        OutboxMail.objects.filter(to__in=sorted(addresses))
        .values("to", "state")
        .annotate(number=Count("pk"), newest=Max("created"), reason=Max("error"))
        .order_by("to", "state")
    )
    return tuple(
        MailFacts(one["to"], one["state"], one["number"], one["newest"], one["reason"])
        for one in rows
    )
