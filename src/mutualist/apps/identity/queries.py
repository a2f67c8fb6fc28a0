"""What may be read of people and organisations."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from mutualist.apps.core.actor import Actor, Role
from mutualist.apps.core.audit import TimelineEntry, timeline
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.core.tokens import digest
from mutualist.apps.identity.models import (
    ApiToken,
    Membership,
    Organisation,
    OrganisationInvitation,
    User,
)
from mutualist.apps.identity.second_factor import has_second_factor, needs_second_factor


def organisations_of(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations of an actor, by name."""
    return Organisation.objects.filter(pk__in=actor.organisations()).order_by("name")


def organisation_for(actor: Actor, uid: UUID, *roles: Role) -> Organisation:
    """Load an organisation in which the actor holds one of these roles (none named: any)."""
    found = Organisation.objects.filter(uid=uid, pk__in=actor.organisations(*roles)).first()
    if found is None:
        raise NotAllowed
    return found


def log_of(actor: Actor, organisation: Organisation) -> list[TimelineEntry]:
    """Return what was done in an organisation, for its owners."""
    if actor.roles.get(organisation.pk) != "owner":
        return []
    return timeline(f"organisation:{organisation.pk}", audiences=["organisation"], limit=30)


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return the members with their users."""
    return organisation.memberships.select_related("user")


def open_invitations_of(organisation: Organisation) -> QuerySet[OrganisationInvitation]:
    """Return invitations that can still be accepted."""
    return organisation.invitations.filter(accepted=None, revoked=None, expires__gt=now())


def open_invitation(token: str) -> OrganisationInvitation | None:
    """Find the invitation behind a mail link, if it can still be accepted."""
    return (
        OrganisationInvitation.objects.filter(
            digest=digest(token), accepted=None, revoked=None, expires__gt=now()
        )
        .select_related("organisation")
        .first()
    )


_memberships = Prepared(
    lambda user: (
        Membership.objects.filter(user=user)
        .order_by()
        .values_list("organisation_id", "role", "organisation__requires_second_factor")
    )
)
_tokens = Prepared(
    lambda digest: ApiToken.objects.filter(digest=digest).select_related("user").order_by()
)


def actor_of(user: User, link_ids: frozenset[int] = frozenset(), language: str = "") -> Actor:
    """Return the actor a logged-in person is.

    Roles in an organisation that asks for a second factor, and an operator's rights, wait until
    one is set up: they are not there, on whatever way somebody comes.
    """
    rows = _memberships(user=user.pk)
    asked = any(required for _pk, _role, required in rows)
    needs = needs_second_factor(user, required_by_organisation=asked)
    lacks = needs and not has_second_factor(user.pk)
    roles = {pk: role for pk, role, required in rows if not (required and lacks)}
    return Actor(
        "user",
        user_id=user.pk,
        roles=cast("dict[int, Role]", roles),
        link_ids=link_ids,
        name=str(user),
        language=language or user.language,
        can_operate=user.can_operate
        and not (lacks and needs_second_factor(user, required_by_organisation=False)),
        held_back=lacks,
    )


def token_row(token: str) -> ApiToken | None:
    """Return an API token that may still be used and note the day of its use."""
    found: ApiToken | None = _tokens.first(digest=digest(token))
    if found is None or not found.user.is_active:
        return None
    if found.expires is not None and found.expires <= now():
        return None
    if found.last_used != today():
        ApiToken.objects.filter(pk=found.pk).update(last_used=today())
    return found


def user_of_token(token: str) -> User | None:
    """Return the person an API token belongs to."""
    found = token_row(token)
    return found.user if found else None


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """Return the actor's API tokens."""
    return ApiToken.objects.filter(user_id=actor.user_id or 0)
