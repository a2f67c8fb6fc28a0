"""Erasing a person (Art. 17 GDPR): from every table that is declared, in one transaction.

Names and addresses leave the log with the salts of their digests, so the chains still verify and
nobody can try names against them. What belongs to firms stays: rooms, sealed sheets, results.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core import outbox
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.identity.models import Membership, Organisation, Role, User
from mutualist.apps.privacy import erasures
from mutualist.apps.privacy.exporting import recipients
from mutualist.apps.privacy.finding import Finder, batches
from mutualist.apps.privacy.holdings import Holding, holdings
from mutualist.apps.privacy.organisations import owned_alone, start_ending
from mutualist.apps.privacy.people import Person
from mutualist.apps.privacy.retention import CHAIN
from mutualist.apps.privacy.wiping import touched, wipe_pending
from mutualist.apps.rooms import rights as rooms

#: Names shorter than this are too common to be taken out of other people's mails.
SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Consequences:
    """What erasing somebody means, said before it is done."""

    places: tuple[rooms.Place, ...]
    ending: tuple[str, ...]
    blocked_by: tuple[str, ...]
    told: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did."""

    rows: int
    told: tuple[str, ...]
    tables: tuple[str, ...]


def consequences(person: Person) -> Consequences:
    """Return what erasing a person would mean."""
    shared, single = owned_alone(person.user_id) if person.user_id is not None else ([], [])
    return Consequences(
        places=tuple(rooms.places_of(person.answerers, person.user_id)),
        ending=tuple(organisation.name for organisation in single),
        blocked_by=tuple(organisation.name for organisation in shared),
        told=tuple(recipients(person)),
        rows=sum(len(pks) for pks in Finder(person).all().values()),
    )


def erase(person: Person) -> Erased:
    """Erase a person everywhere, then from the free space of the database's files.

    Raises
    ------
    ActionError
        ``last_owner`` if an organisation with other members would be left without an owner.
    NotAllowed
        If nothing is known of the person.
    """
    with transaction.atomic():
        done = _erase(person)
        # Only when it stands: a list of people who were not erased would erase them after a restore.
        transaction.on_commit(erasures.write_down, robust=True)
        transaction.on_commit(wipe_pending, robust=True)
    return done


@transaction.atomic
def _erase(person: Person) -> Erased:
    _lock(person)
    finder = Finder(person)
    found = finder.all()
    if not found:
        raise NotAllowed
    _require_another_owner(person)
    told = recipients(person)
    rows = sum(len(pks) for pks in found.values())
    with touched() as tables:
        _redact_mails(finder)
        left = rooms.leave_seats(sorted(person.answerers), user_id=person.user_id)
        rooms.blank_links(person.mails)
        _end_organisations(person)
        for holding in _in_order():
            _take_out(holding, finder, found.get(holding.label, []))
    _require_gone(person)
    erasures.remember(person.mails, now(), tables)
    _tell(left)
    _note(rows)
    return Erased(rows, tuple(told), tuple(sorted(tables)))


def _lock(person: Person) -> None:
    """Let nobody sign in or change the account meanwhile."""
    if person.user_id is not None:
        User.objects.select_for_update().get(pk=person.user_id)


def _require_another_owner(person: Person) -> None:
    shared, _single = owned_alone(person.user_id) if person.user_id is not None else ([], [])
    if shared:
        raise ActionError(
            "last_owner",
            _("You are the last owner of {organisations}. Make another member owner first."),
            organisations=", ".join(organisation.name for organisation in shared),
        )


def _end_organisations(person: Person) -> None:
    if person.user_id is None:
        return
    _shared, single = owned_alone(person.user_id)
    for organisation in single:
        start_ending(organisation, actor=Actor.system())


def _in_order() -> list[Holding]:
    """Return the tables, the account itself last: what hangs on it is counted and checked before."""
    return sorted(holdings(), key=lambda holding: holding.label == "identity.user")


def _take_out(holding: Holding, finder: Finder, pks: list[Any]) -> None:
    with finder.scope():
        for chunk in batches(pks):
            rows = holding.model._base_manager.filter(pk__in=chunk)  # noqa: SLF001
            if holding.erase == "null":
                rows.update(**dict.fromkeys(holding.null))
            elif holding.erase == "delete":
                rows.delete()


def _require_gone(person: Person) -> None:
    """Look again: an erasure that leaves something behind must not be called one."""
    left = {label: len(pks) for label, pks in Finder(person).all().items()}
    if left:
        raise RuntimeError(f"erasing left rows behind: {left}")


def _redact_mails(finder: Finder) -> None:
    """Take name and addresses out of mails to others that are still kept here."""
    words = [*finder.person.mails, *(n for n in finder.names if len(n) >= SHORTEST_NAME)]
    forms = sorted({form for word in words for form in (word, escape(word))}, key=len, reverse=True)
    if not forms:
        return
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
    own = [OutboxMail.objects.filter(to__iexact=mail).values("pk") for mail in finder.person.mails]
    others = OutboxMail.objects.all()
    for pks in own:
        others = others.exclude(pk__in=pks)
    for mail in others.iterator():
        outbox.rewrite(mail, lambda text: pattern.sub("…", text))


def _tell(left: list[rooms.Left]) -> None:
    """Tell the hosts and whoever leads now; the mail names the room, never the person."""
    told: set[tuple[str, Any]] = set()
    for place in left:
        if place.fate in {"deleted", "left"}:
            continue
        for user in _owners(place.host) + _owners(place.organisation):
            if (user.email, place.room.pk) in told:
                continue
            told.add((user.email, place.room.pk))
            send_mail_template(
                "privacy/mail/person_left",
                to=user.email,
                language=user.language,
                context={
                    "person": str(user),
                    "room": place.room.name,
                    "party": place.party,
                    "passed_on": place.fate == "passed_on",
                    "action_url": absolute(f"/rooms/{place.room.uid}/"),
                },
            )


def _owners(organisation: int | None) -> list[User]:
    members = Membership.objects.filter(organisation=organisation, role=Role.OWNER)
    return [row.user for row in members.select_related("user")]


def _note(rows: int) -> None:
    from mutualist.apps.core.models import AuditHead

    head, _made = AuditHead.objects.get_or_create(chain=CHAIN)
    record(
        "privacy.person.erased", actor=Actor.system(), obj=head, chain=CHAIN, data={"rows": rows}
    )


def reapply() -> int:
    """Erase again whoever a restored backup brought back; return how many people.

    Whoever signed up again after the erasure is somebody new and stays.
    """
    from mutualist.apps.privacy.people import all_addresses, person_of_mail

    known = erasures.erased()
    again = 0
    for mail in sorted({mail.lower() for mail in all_addresses()}) if known else ():
        moment = known.get(erasures.digest(mail))
        if moment is None:
            continue
        person = person_of_mail(mail)
        if _is_newer(person, moment):
            continue
        try:
            _erase(person)
        except ActionError:
            _let_go(person)
            _erase(person)
        except NotAllowed:
            continue
        again += 1
    erasures.write_down()
    if again:
        wipe_pending(owner=True)
    return again


def _is_newer(person: Person, moment: Any) -> bool:
    user = User.objects.filter(pk=person.user_id or 0).first()
    return user is not None and user.date_joined > moment


@transaction.atomic
def _let_go(person: Person) -> None:
    """Hand organisations over as had been done before the erasure: to whoever has been there longest."""
    shared, _single = owned_alone(person.user_id) if person.user_id is not None else ([], [])
    for organisation in shared:
        heir = organisation.memberships.exclude(user=person.user_id).order_by("created").first()
        if heir is not None:
            heir.role = Role.OWNER
            heir.save(update_fields=["role"])


__all__ = ["Consequences", "Erased", "Organisation", "consequences", "erase", "reapply"]
