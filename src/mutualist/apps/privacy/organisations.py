"""An organisation is deleted: at once if nobody else is concerned, else after everybody was told.

What is not opened goes with the organisation. A result that others share stays theirs: the room is
closed and keeps its parties' names; the organisation's own name, members and invitations go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.models import AuditPersonal
from mutualist.apps.identity.models import Membership, Organisation, Role
from mutualist.apps.identity.queries import organisation_for
from mutualist.apps.privacy.models import OrganisationDeletion
from mutualist.apps.privacy.retention import CHAIN, policy
from mutualist.apps.programme.public import delete_programme, programmes_run_by, tell_of_the_end
from mutualist.apps.projects.public import projects_ended
from mutualist.apps.rooms import rights as rooms
from mutualist.apps.ventures.public import delete_ventures_of


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of an organisation's rooms, and on which day."""

    day: date
    deleted: tuple[rooms.HostedRoom, ...]
    staying: tuple[rooms.HostedRoom, ...]
    is_announced: bool
    programmes: tuple[str, ...] = ()
    partners: int = 0

    @property
    def concerns_others(self) -> bool:
        """Whether people of other organisations are in one of the rooms or programmes."""
        return bool(self.partners) or any(room.others for room in (*self.deleted, *self.staying))


def ending_of(organisation: Organisation) -> Ending:
    """Return what deleting an organisation would mean, or means."""
    hosted = rooms.hosted_by(organisation)
    row = OrganisationDeletion.objects.filter(organisation=organisation).first()
    programmes = programmes_run_by(organisation.pk)
    partners = sum(one.partners for one in programmes)
    concerned = bool(partners) or any(room.others for room in hosted)
    day = today() + timedelta(days=policy().notice_days if concerned else 0)
    return Ending(
        day=row.due_on if row else day,
        deleted=tuple(room for room in hosted if not room.stays),
        staying=tuple(room for room in hosted if room.stays),
        is_announced=row is not None,
        programmes=tuple(one.name for one in programmes),
        partners=partners,
    )


def deletion_of(organisation: Organisation) -> date | None:
    """Return the day on which an organisation ends, if it does."""
    row = OrganisationDeletion.objects.filter(organisation=organisation).first()
    return row.due_on if row else None


@transaction.atomic
def request_deletion(uid: UUID, *, name: str, actor: Actor) -> Ending:
    """Delete an organisation, or announce it when others are concerned; owners only.

    Parameters
    ----------
    name
        The organisation's name as the owner typed it, so that nobody deletes the wrong one.
    """
    organisation = organisation_for(actor, uid, "owner")
    if " ".join(name.split()).casefold() != organisation.name.casefold():
        raise ActionError(
            "name_differs",
            gettext_lazy("“{typed}” is not the name of the organisation. Please write {name}."),
            typed=name,
            name=organisation.name,
        )
    return start_ending(organisation, actor=actor)


def start_ending(organisation: Organisation, *, actor: Actor) -> Ending:
    """Announce the end, or bring it about when nobody else is concerned."""
    ending = ending_of(organisation)
    if ending.is_announced:
        return ending
    if not ending.concerns_others:
        _end(organisation)
        return ending
    OrganisationDeletion.objects.create(organisation=organisation, due_on=ending.day)
    record(
        "privacy.organisation.ending",
        actor=actor,
        obj=organisation,
        chain=f"organisation:{organisation.pk}",
        data={"organisation": organisation.name, "day": ending.day.isoformat()},
    )
    _tell(organisation, ending)
    return ending


def _tell(organisation: Organisation, ending: Ending) -> None:
    for one in programmes_run_by(organisation.pk):
        tell_of_the_end(one.id, ending.day)
    for hosted in (*ending.deleted, *ending.staying):
        if hosted.others:
            rooms.tell_parties(
                hosted,
                "privacy/mail/host_ends",
                but=organisation,
                organisation=organisation.name,
                ends_on=ending.day,
                stays=hosted.stays,
            )


@transaction.atomic
def keep_organisation(uid: UUID, *, actor: Actor) -> None:
    """Take the announcement back; owners only."""
    organisation = organisation_for(actor, uid, "owner")
    gone, _rows = OrganisationDeletion.objects.filter(organisation=organisation).delete()
    if gone:
        record(
            "privacy.organisation.kept",
            actor=actor,
            obj=organisation,
            chain=f"organisation:{organisation.pk}",
            data={"organisation": organisation.name},
        )


def end_due() -> int:
    """Delete the organisations whose day has come; return how many."""
    due = OrganisationDeletion.objects.filter(due_on__lte=today()).select_related("organisation")
    for row in due:
        with transaction.atomic():
            _end(row.organisation)
    return len(due)


def _end(organisation: Organisation) -> None:
    gone, kept = rooms.end_rooms_of(organisation)
    delete_ventures_of(organisation.pk)
    for one in programmes_run_by(organisation.pk):
        with projects_ended(one.id):
            delete_programme(one.id)
    AuditPersonal.objects.filter(entry__chain=f"organisation:{organisation.pk}").delete()
    record(
        "privacy.organisation.ended",
        actor=Actor.system(),
        obj=organisation,
        chain=CHAIN,
        data={"rooms": len(gone), "kept": len(kept)},
    )
    if not kept:
        organisation.delete()
        return
    # Rooms need a host: an empty one without a name holds what belongs to the others.
    Membership.objects.filter(organisation=organisation).delete()
    organisation.invitations.all().delete()
    OrganisationDeletion.objects.filter(organisation=organisation).delete()
    organisation.name = _("deleted organisation")
    organisation.save(update_fields=["name"])


def owned_alone(user_id: int) -> tuple[list[Organisation], list[Organisation]]:
    """Return organisations a person is the last owner of: with other members, and without."""
    shared: list[Organisation] = []
    single: list[Organisation] = []
    for row in Membership.objects.filter(user=user_id, role=Role.OWNER).select_related(
        "organisation"
    ):
        others = row.organisation.memberships.exclude(pk=row.pk)
        if others.filter(role=Role.OWNER).exists():
            continue
        (shared if others.exists() else single).append(row.organisation)
    return shared, single
