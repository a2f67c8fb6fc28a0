"""Where somebody stands towards a programme: on the vendor's side, or on that of one partner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.core.tokens import digest, new_token
from mutualist.apps.programme.models import Contact, PartnerLink, Programme, Relation

#: States in which a partner has a page of its own.
THERE = (Relation.State.ONBOARDING, Relation.State.ACTIVE, Relation.State.SUSPENDED)
#: Whoever has left still reads what was: levels, projects, money.
READING = (*THERE, Relation.State.ENDED)
#: States in which nothing new begins.
RESTING = (Relation.State.SUSPENDED, Relation.State.ENDED)
LINK_DAYS = 30
#: The last use of a link is known to the hour: not every page is a write.
USE_KNOWN = timedelta(hours=1)


class LinkRunOut(NotAllowed):
    """A mailed link was right and is too old: its owner can have a new one by mail, and sees no more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, and on which side of which programme they stand.

    Attributes
    ----------
    actor
        Who acts; with the contact's name when they came by a mailed link.
    programme, relation
        Ids of rows; a vendor's standing has no relation.
    writes
        Whether they may change something on their side.
    manages
        Whether they are an owner of the vendor: money leaves and rules change by them only.
    token
        Of the mailed link they came by; empty with an account.
    state, state_since, state_reason
        Of a partner: whether something new may begin, since when not, and why.
    """

    actor: Actor
    programme: int
    programme_uid: UUID
    programme_name: str
    side: Literal["vendor", "partner"]
    writes: bool
    manages: bool = False
    relation: int | None = None
    relation_uid: UUID | None = None
    partner_name: str = ""
    contact: int | None = None
    token: str = ""
    state: str = ""
    state_since: date | None = None
    state_reason: str = ""

    @property
    def rests(self) -> bool:
        """Whether nothing new begins with this partner at present."""
        return self.state in RESTING

    @property
    def chain(self) -> str:
        """The chain of the audit log that this standing's doings are recorded on."""
        return chain_of(self.programme, self.relation)


def chain_of(programme: int, relation: int | None = None) -> str:
    """Return the chain of a programme, or of one partner in it: the partner sees the latter only."""
    return f"programme:{programme}" if relation is None else f"programme:{programme}:{relation}"


def _uid(value: UUID | str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise NotAllowed from None


def vendor_standing(actor: Actor, programme: UUID | str) -> Standing:
    """Return the standing of a member of the vendor.

    Raises
    ------
    NotAllowed
        If there is no such programme or it is none of the actor's business: both look alike.
    """
    found = Programme.objects.visible_to(actor).filter(uid=_uid(programme)).first()
    if found is None:
        raise NotAllowed
    return Standing(
        actor,
        found.pk,
        found.uid,
        found.name,
        "vendor",
        writes=found.organisation_id in actor.organisations("owner", "member")
        and not actor.read_only,
        manages=found.organisation_id in actor.organisations("owner") and not actor.read_only,
    )


_partnerships = Prepared(
    lambda actor, uid: Relation.objects.select_related("programme").filter(
        uid=uid, organisation__in=actor.organisations(), state__in=READING
    )
)


def partner_standing(actor: Actor, relation: UUID | str) -> Standing:
    """Return the standing of a member of a partner firm with an account.

    Raises
    ------
    NotAllowed
        If there is no such relation or it is none of the actor's business.
    """
    found: Relation | None = _partnerships.first(actor=actor, uid=_uid(relation))
    if found is None:
        raise NotAllowed
    writes = found.organisation_id in actor.organisations("owner", "member")
    return _partner(actor, found, writes=writes and not actor.read_only)


def either_standing(actor: Actor, relation: UUID | str) -> Standing:
    """Return the standing towards a relation of whoever is on either side of it.

    Raises
    ------
    NotAllowed
        If there is no such relation or it is none of the actor's business.
    """
    try:
        return partner_standing(actor, relation)
    except NotAllowed:
        found = Relation.objects.visible_to(actor).select_related("programme")
        one = found.filter(uid=_uid(relation)).first()
        if one is None:
            raise
        return vendor_standing(actor, one.programme.uid)


def link_standing(token: str, language: str = "en") -> Standing:
    """Return the standing of whoever came by a mailed link.

    Raises
    ------
    NotAllowed
        If the link is unknown or was taken back.
    LinkRunOut
        If it is too old.
    """
    link = mailed_link(token)
    if link.expires_at <= now():
        raise LinkRunOut
    if link.used_at is None or link.used_at < now() - USE_KNOWN:
        PartnerLink.objects.filter(pk=link.pk).update(used_at=now())
    contact = link.contact
    actor = Actor("link", name=contact.name, language=language)
    found = _partner(actor, contact.relation, writes=True)
    return replace(found, contact=contact.pk, token=token)


def mailed_link(token: str) -> PartnerLink:
    """Return a link that was not taken back, be it as old as it may.

    Raises
    ------
    NotAllowed
        If there is none, or its firm has no page.
    """
    found = PartnerLink.objects.select_related("contact__relation__programme")
    link = found.filter(digest=digest(token), revoked_at=None).first()
    if link is None or link.contact.relation.state not in READING:
        raise NotAllowed
    return link


def contact_standing(contact: int, language: str = "en") -> Standing:
    """Return the standing of a partner's contact, for mails and calendars that are theirs.

    Raises
    ------
    NotAllowed
        If there is no such contact, or its firm has no page at present.
    """
    found = Contact.objects.select_related("relation__programme").filter(pk=contact).first()
    if found is None or found.relation.state not in THERE:
        raise NotAllowed
    actor = Actor("link", name=found.name, language=language)
    return replace(_partner(actor, found.relation, writes=True), contact=found.pk)


def _partner(actor: Actor, relation: Relation, *, writes: bool) -> Standing:
    programme = relation.programme
    return Standing(
        actor,
        programme.pk,
        programme.uid,
        programme.name,
        "partner",
        writes and relation.state != Relation.State.ENDED,
        relation=relation.pk,
        relation_uid=relation.uid,
        partner_name=relation.name,
        state=relation.state,
        state_since=relation.state_since,
        state_reason=relation.state_reason,
    )


def require_active(standing: Standing) -> None:
    """Refuse to begin something new with a partner that is suspended or has left.

    Raises
    ------
    ActionError
        ``partner_rests`` with what the partner can do.
    """
    if standing.rests:
        raise ActionError(
            "partner_rests",
            _(
                "{name} is suspended or has left the programme, so nothing new can begin. What runs already goes on; ask the vendor to resume."
            ),
            status=409,
            name=standing.partner_name,
        )


def make_link(contact: Contact, *, days: int = LINK_DAYS, to: str = "") -> str:
    """Store a new link for a contact and return its path; the token stands in the path only.

    Parameters
    ----------
    to
        What follows behind the partner's page, such as ``enquiries/<uid>/``.
    """
    token, kept = new_token()
    PartnerLink.objects.create(
        contact=contact, digest=kept, expires_at=now() + timedelta(days=days)
    )
    return f"/p/{token}/{to}"
