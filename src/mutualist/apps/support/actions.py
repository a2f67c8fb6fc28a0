"""Begin and end a support session; both stand in the log of whom it is about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import absolute
from mutualist.apps.identity.mails import send_account_mail
from mutualist.apps.identity.models import Organisation, Role, User
from mutualist.apps.support.models import SupportSession
from mutualist.apps.support.queries import find_subject, session_for

MINUTES = 30
SHORTEST = 10


@transaction.atomic
def begin_support(about: str, reason: str, *, actor: Actor, proven: bool) -> SupportSession:
    """Open a session of half an hour; those it is about are told at once.

    Parameters
    ----------
    about
        The exact name of an organisation, or the mail address of a person with an account.
    proven
        Whether the operator has just shown a second factor.
    """
    if not actor.can_operate or actor.user_id is None:
        raise NotAllowed
    if not proven:
        raise ActionError("second_factor", _("Show your second factor first."), status=403)
    said = " ".join(reason.split())
    if not SHORTEST <= len(said) <= 300:
        raise ActionError("reason", _("Give a reason of 10 to 300 characters; it will be read."))
    subject = find_subject(about)
    if subject is None:
        raise ActionError(
            "nobody", _("There is no such organisation and no such person: “{about}”."), about=about
        )
    moment = now()
    session = SupportSession.objects.create(
        operator_id=actor.user_id,
        organisation=subject if isinstance(subject, Organisation) else None,
        person=subject if isinstance(subject, User) else None,
        reason=said,
        begun=moment,
        ends=moment + timedelta(minutes=MINUTES),
    )
    record(
        "support.session.begun",
        actor=actor,
        obj=session,
        chain=session.chain,
        data={"minutes": MINUTES},
        personal={"reason": said},
    )
    _tell(session, actor)
    return session


def _tell(session: SupportSession, actor: Actor) -> None:
    for person in _concerned(session):
        with translation.override(person.language):
            until = date_format(timezone.localtime(session.ends), "TIME_FORMAT")
        send_account_mail(
            "support_begun",
            to=person.email,
            language=person.language,
            about=session.about,
            operator=actor.name,
            reason=session.reason,
            until=until,
            action_url=absolute(_log_of(session)),
        )


def _log_of(session: SupportSession) -> str:
    if session.organisation is not None:
        return reverse("identity:members", args=[session.organisation.uid])
    return reverse("identity:account")


def _concerned(session: SupportSession) -> list[User]:
    if session.organisation is not None:
        owners = session.organisation.memberships.filter(role=Role.OWNER, user__is_active=True)
        return [one.user for one in owners.select_related("user")]
    return [session.person] if session.person is not None else []


@transaction.atomic
def end_support(uid: UUID, *, actor: Actor) -> None:
    """End a session before its time."""
    session = session_for(actor, uid)
    if not session.is_open:
        return
    session.ended = now()
    session.save(update_fields=["ended"])
    record("support.session.ended", actor=actor, obj=session, chain=session.chain)
