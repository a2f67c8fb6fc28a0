"""Every write to people and organisations."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed, require_seen
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.core.tokens import new_token
from mutualist.apps.identity.mails import send_account_mail
from mutualist.apps.identity.models import (
    ApiToken,
    Membership,
    Organisation,
    OrganisationInvitation,
    Role,
    Scope,
    User,
)
from mutualist.apps.identity.queries import open_invitation, organisation_for
from mutualist.apps.identity.second_factor import has_second_factor

INVITATION_DAYS = 14


def _chain(organisation: Organisation) -> str:
    return f"organisation:{organisation.pk}"


def _user(actor: Actor) -> User:
    if actor.user_id is None:
        raise NotAllowed
    return User.objects.get(pk=actor.user_id)


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 120:
        raise ActionError("name", _("The name needs 1 to 120 characters."))
    return cleaned


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    language: str = "en",
    password: str | None = None,
    operator: bool = False,
) -> User:
    """Store a person; used by operators' commands, the demo and tests."""
    return User.objects.create_user(
        email, password, name=_clean_name(name), language=language, can_operate=operator
    )


@transaction.atomic
def create_organisation(name: str, *, actor: Actor) -> Organisation:
    """Found an organisation; the founder becomes its owner."""
    user = _user(actor)
    organisation = Organisation.objects.create(name=_clean_name(name))
    Membership.objects.create(user=user, organisation=organisation, role=Role.OWNER)
    record(
        "identity.organisation.created",
        actor=actor,
        obj=organisation,
        chain=_chain(organisation),
        data={"organisation": organisation.name},
    )
    return organisation


@transaction.atomic
def rename_organisation(uid: UUID, name: str, *, actor: Actor) -> Organisation:
    """Give an organisation another name; owners only."""
    organisation = organisation_for(actor, uid, "owner")
    organisation.name = _clean_name(name)
    organisation.save(update_fields=["name"])
    record(
        "identity.organisation.renamed",
        actor=actor,
        obj=organisation,
        chain=_chain(organisation),
        data={"organisation": organisation.name},
    )
    return organisation


@transaction.atomic
def invite_member(
    uid: UUID, *, email: str, role: str, language: str, actor: Actor
) -> OrganisationInvitation:
    """Invite a person by mail link; owners only."""
    organisation = organisation_for(actor, uid, "owner")
    if role not in Role.values:
        raise ActionError(
            "role", _("“{role}” is no role. Choose owner, member or reader."), role=role
        )
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise ActionError("member", _("{email} already belongs to it."), email=email)
    token, token_digest = new_token()
    invitation = OrganisationInvitation.objects.create(
        organisation=organisation,
        email=email.lower(),
        role=role,
        language=language,
        digest=token_digest,
        expires=now() + timedelta(days=INVITATION_DAYS),
    )
    record(
        "identity.member.invited",
        actor=actor,
        obj=invitation,
        chain=_chain(organisation),
        data={"role": role},
        personal={"email": email},
    )
    send_mail_template(
        "identity/mail/invitation",
        to=email,
        language=language,
        context={
            "organisation": organisation.name,
            "inviter": actor.name,
            "action_url": absolute(reverse("identity:join", args=[token])),
            "days": INVITATION_DAYS,
        },
    )
    return invitation


@transaction.atomic
def revoke_invitation(uid: UUID, invitation_id: int, *, actor: Actor) -> None:
    """Take an invitation back; owners only."""
    organisation = organisation_for(actor, uid, "owner")
    invitation = organisation.invitations.filter(pk=invitation_id, accepted=None).first()
    if invitation is None:
        raise NotAllowed
    invitation.revoked = now()
    invitation.save(update_fields=["revoked"])
    record(
        "identity.invitation.revoked",
        actor=actor,
        obj=invitation,
        chain=_chain(organisation),
        personal={"email": invitation.email},
    )


@transaction.atomic
def join_organisation(token: str, *, actor: Actor) -> Organisation:
    """Accept an invitation with the account one is logged in with; works once."""
    user = _user(actor)
    invitation = open_invitation(token)
    if invitation is None:
        raise _gone()
    # Whoever comes a moment later with the same link finds it used.
    open_still = OrganisationInvitation.objects.filter(
        pk=invitation.pk, accepted=None, revoked=None
    )
    if not open_still.update(accepted=now()):
        raise _gone()
    organisation = invitation.organisation
    Membership.objects.get_or_create(
        user=user, organisation=organisation, defaults={"role": invitation.role}
    )
    record("identity.member.joined", actor=actor, obj=organisation, chain=_chain(organisation))
    return organisation


def _gone() -> ActionError:
    return ActionError(
        "invitation",
        _("This invitation has been used, taken back or has expired. Ask for a new one."),
        status=410,
    )


def _member(organisation: Organisation, membership_id: int) -> Membership:
    # All of them, in one order: two owners who take the role from each other must not both succeed.
    members = Membership.objects.select_for_update().filter(organisation=organisation)
    found = next((one for one in members.order_by("pk") if one.pk == membership_id), None)
    if found is None:
        raise NotAllowed
    return found


def _keep_an_owner(membership: Membership) -> None:
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id, role=Role.OWNER
    ).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and not others.exists():
        raise ActionError(
            "last_owner", _("The last owner stays owner. Make another member owner first.")
        )


@transaction.atomic
def change_role(
    uid: UUID, membership_id: int, role: str, *, actor: Actor, seen: str | None = None
) -> None:
    """Give a member another role; owners only, and one owner always remains.

    Parameters
    ----------
    seen
        The role the owner saw; another owner may have changed it meanwhile.
    """
    organisation = organisation_for(actor, uid, "owner")
    membership = _member(organisation, membership_id)
    require_seen(seen, membership.role, role)
    if role not in Role.values:
        raise ActionError(
            "role", _("“{role}” is no role. Choose owner, member or reader."), role=role
        )
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record(
        "identity.member.role_changed",
        actor=actor,
        obj=membership,
        chain=_chain(organisation),
        data={"role": role},
        personal={"member": str(membership.user)},
    )


@transaction.atomic
def remove_member(uid: UUID, membership_id: int, *, actor: Actor) -> None:
    """End a membership; owners only, and one owner always remains."""
    organisation = organisation_for(actor, uid, "owner")
    membership = _member(organisation, membership_id)
    _keep_an_owner(membership)
    record(
        "identity.member.removed",
        actor=actor,
        obj=membership,
        chain=_chain(organisation),
        personal={"member": str(membership.user)},
    )
    membership.delete()


@transaction.atomic
def require_second_factor(uid: UUID, *, required: bool, actor: Actor) -> Organisation:
    """Ask all members for a second factor, or no longer; owners only.

    Whoever asks it of others has to have one: nobody locks everybody out by accident.
    """
    organisation = organisation_for(actor, uid, "owner")
    if required and not has_second_factor(actor.user_id or 0):
        raise ActionError(
            "second_factor_first",
            _("Set up a second factor for yourself first. Then you can ask others for one."),
        )
    if organisation.requires_second_factor != required:
        organisation.requires_second_factor = required
        organisation.save(update_fields=["requires_second_factor"])
        record(
            "identity.organisation.factor_required"
            if required
            else "identity.organisation.factor_optional",
            actor=actor,
            obj=organisation,
            chain=_chain(organisation),
        )
    return organisation


@transaction.atomic
def change_language(language: str, *, actor: Actor) -> None:
    """Keep the language a person reads."""
    user = _user(actor)
    if user.language == language:
        return
    user.language = language
    user.save(update_fields=["language"])
    record(
        "identity.person.language_changed",
        actor=actor,
        obj=user,
        chain=f"person:{user.pk}",
        data={"language": language},
    )


@transaction.atomic
def change_name(name: str, *, actor: Actor, seen: str | None = None) -> None:
    """Change the name others see; `seen` is the one the person saw when they wrote another."""
    user = User.objects.select_for_update().get(pk=_user(actor).pk)
    cleaned = _clean_name(name)
    require_seen(seen, user.name, cleaned)
    user.name = cleaned
    user.save(update_fields=["name"])
    record("identity.person.renamed", actor=actor, obj=user, chain=f"person:{user.pk}")


@transaction.atomic
def create_api_token(name: str, *, scope: str = Scope.WRITE, days: int = 0, actor: Actor) -> str:
    """Make an API token; it is returned here and never shown again.

    Parameters
    ----------
    scope
        ``read`` lets a program look, ``write`` lets it do all that its person may do.
    days
        How long it is valid; 0 is until it is deleted.
    """
    user = _user(actor)
    if scope not in Scope.values or days < 0:
        raise ActionError("scope", _("A token reads, or it reads and writes."))
    token, token_digest = new_token()
    row = ApiToken.objects.create(
        user=user,
        name=_clean_name(name)[:80],
        digest=token_digest,
        scope=scope,
        expires=now() + timedelta(days=days) if days else None,
    )
    record("identity.token.created", actor=actor, obj=row, chain=f"person:{user.pk}")
    send_account_mail(
        "token_writes" if scope == Scope.WRITE else "token_reads",
        to=user.email,
        language=user.language,
        name=row.name,
        action_url=absolute(f"{reverse('identity:account')}#tokens"),
    )
    return token


@transaction.atomic
def revoke_api_token(token_id: int, *, actor: Actor) -> None:
    """Delete one of the actor's API tokens."""
    row = ApiToken.objects.filter(pk=token_id, user_id=actor.user_id or 0).first()
    if row is None:
        raise NotAllowed
    record("identity.token.revoked", actor=actor, obj=row, chain=f"person:{row.user_id}")
    row.delete()


@transaction.atomic
def appoint_operator(email: str, *, operates: bool = True, actor: Actor) -> User:
    """Let a person run this installation, or no longer; only from the server's command line."""
    if actor.kind != "system":
        raise NotAllowed
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise ActionError(
            "no_account",
            _("There is no account with the mail address {email}. Sign up first."),
            email=email,
        )
    user.can_operate = operates
    user.save(update_fields=["can_operate"])
    record(
        "identity.operator.appointed" if operates else "identity.operator.released",
        actor=actor,
        obj=user,
        chain=f"person:{user.pk}",
        personal={"person": str(user)},
    )
    return user
