"""What every write of an enquiry shares: locks, moves, the next partner, the words for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import CHANGED, ActionError, Conflict, NotAllowed
from mutualist.apps.enquiries import mails, queries
from mutualist.apps.enquiries.models import TEXT_LENGTH, Enquiry, Intake, Offer
from mutualist.apps.enquiries.words import STATUS
from mutualist.apps.programme.public import Standing, chain_of
from mutualist.domain.programme.routing import Candidate, Field, route, why_not
from mutualist.domain.programme.routing.lifecycle import MoveError, Side, moved
from mutualist.library.routing import nobody_text
from mutualist.library.words import N_, text

#: So many others are noted with what kept them back.
OTHERS = 5
ASKED_ENOUGH = N_("{tried} partners were asked without success; {able} more could serve it.")


def require_writer(standing: Standing, side: str) -> None:
    """Refuse everybody who may not write on a side."""
    if standing.side != side or not standing.writes:
        raise NotAllowed


def require_version(enquiry: Enquiry, seen: int | None) -> None:
    """Refuse to decide about something that is not what was read."""
    if seen is not None and seen != enquiry.version:
        raise Conflict(
            "changed_elsewhere", CHANGED, mine=seen, theirs=enquiry.version, version=enquiry.version
        )


def locked_intake(programme: int) -> Intake:
    """Return how a programme hands out, locked: enquiries of one programme are handed out one after the other.

    Otherwise two that come at once would both take the last place of a partner.
    """
    Intake.objects.get_or_create(programme_id=programme)
    return Intake.objects.select_for_update().get(programme=programme)


def locked(enquiry: int) -> Enquiry:
    """Return an enquiry, locked."""
    return Enquiry.objects.select_for_update().get(pk=enquiry)


def checked_note(note: str) -> str:
    """Return what somebody wrote, if it is not too long."""
    clean = note.strip()
    if len(clean) > TEXT_LENGTH:
        raise ActionError(
            "enquiry_note",
            _("The text has {length} characters; {most} are possible."),
            length=len(clean),
            most=TEXT_LENGTH,
        )
    return clean


def checked_reason(reason: str, allowed: dict[str, Any]) -> str:
    """Return a reason, if it is one of those there are."""
    if reason not in allowed:
        raise ActionError(
            "enquiry_reason",
            _("Choose one of the reasons: {reasons}."),
            reasons=", ".join(map(str, allowed.values())),
        )
    return reason


def take(enquiry: Enquiry, move: str, side: Side, **changes: Any) -> None:
    """Take a step, or say why it is not possible."""
    try:
        enquiry.status = moved(enquiry.status, move, side)
    except MoveError as error:
        raise ActionError(
            "enquiry_state",
            _("That is not possible any more: the enquiry is “{where}”. Read it again."),
            409,
            where=STATUS[error.status],
        ) from error
    enquiry.moved_at = now()
    enquiry.version += 1
    for name, value in changes.items():
        setattr(enquiry, name, value)
    enquiry.save()


def note(
    action: str, actor: Actor, enquiry: Enquiry, relation: int | None = None, **data: Any
) -> None:
    """Record something: on the partner's chain if one is concerned, else on the vendor's alone."""
    record(
        action,
        actor=actor,
        obj=enquiry,
        chain=chain_of(enquiry.programme_id, relation),
        data={"enquiry": str(enquiry.uid), **data},
    )


def settle(offer: Offer, state: str, *, reason: str = "", words: str = "") -> None:
    """End an offer."""
    offer.state, offer.answered_at, offer.reason, offer.note = state, now(), reason, words
    offer.save()


def why_of(
    field: Field, enquiry: Enquiry, chosen: Candidate | None, *, by_hand: bool
) -> dict[str, Any]:
    """Return why a partner is asked, and what kept the next ones back, for both languages to be told from."""
    wanted = queries.asked(enquiry)
    found = route(field, wanted, OTHERS + 1)
    beside = []
    for one in found.candidates:
        if chosen is not None and one.partner == chosen.partner:
            continue
        refusal = why_not(field, wanted, one.partner)
        if refusal is not None:
            beside.append([one.name, refusal.code, dict(refusal.values)])
    return {
        "weights": field.weights.version,
        "by_hand": by_hand,
        "able": found.able,
        "failed": dict(found.failed),
        "beside": beside[:OTHERS],
        **({"score": chosen.score, "km": chosen.km, "parts": dict(chosen.parts)} if chosen else {}),
    }


def hand_out(
    enquiry: Enquiry, intake: Intake, actor: Actor, side: Side = "clock", *, skip: int | None = None
) -> Offer | None:
    """Ask the next partner, other than one to be left out, or the vendor where none is or enough were asked."""
    field = queries.field_of(enquiry.programme_id)
    asked = queries.asked(enquiry)
    if skip is not None:
        asked = replace(asked, declined=asked.declined | {str(skip)})
    found = route(field, asked, 1)
    best = found.best
    wanted = str(enquiry.wanted_id) if enquiry.wanted_id else ""
    if wanted in field.index and best is not None and wanted not in asked.declined:
        # Whom the customer chose is asked first, if it can serve the enquiry at all.
        every = route(field, asked, len(field)).candidates
        best = next((one for one in every if one.partner == wanted), best)
    tried = enquiry.offers.exclude(state="withdrawn").count()
    if best is None or (tried >= intake.attempts and side == "clock"):
        escalate(enquiry, dict(found.failed), actor, able=found.able)
        return None
    why = why_of(field, enquiry, best, by_hand=False)
    return offer_to(enquiry, intake, int(best.partner), best.name, why, actor, side)


def escalate(enquiry: Enquiry, failed: dict[str, int], actor: Actor, *, able: int) -> None:
    """Give an enquiry to the vendor: nobody can serve it, or those who can were asked."""
    enquiry.nobody = {"failed": failed, "able": able}
    enquiry.relation = None
    enquiry.escalated_at = now()
    enquiry.version += 1
    enquiry.save()
    note("enquiries.enquiry.nobody", actor, enquiry)
    mails.tell_vendor(enquiry, {lang: nobody_words(enquiry, lang) for lang in ("de", "en")})


def nobody_words(enquiry: Enquiry, lang: str) -> str:
    """Return why nobody is asked."""
    if enquiry.nobody.get("able"):
        tried = enquiry.offers.exclude(state="withdrawn").count()
        return text(ASKED_ENOUGH, lang, tried=tried, able=enquiry.nobody["able"])
    return nobody_text(enquiry.nobody.get("failed", {}), lang)


def offer_to(
    enquiry: Enquiry,
    intake: Intake,
    relation: int,
    name: str,
    why: dict[str, Any],
    actor: Actor,
    side: Side,
) -> Offer:
    """Offer an enquiry to a partner until the limit."""
    take(enquiry, "offer", side, relation_id=relation, nobody={}, reason="", escalated_at=None)
    last = enquiry.offers.order_by("-number").first()
    made = Offer.objects.create(
        enquiry=enquiry,
        relation_id=relation,
        number=last.number + 1 if last else 1,
        offered_at=now(),
        due_at=now() + timedelta(hours=intake.answer_hours),
        why=why,
    )
    note("enquiries.offer.made", actor, enquiry, relation, name=name, offer=str(made.uid))
    mails.tell_partner(made)
    return made
