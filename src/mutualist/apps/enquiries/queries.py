"""Enquiries and offers, as each side may see them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.enquiries.models import Enquiry, Intake, Offer
from mutualist.apps.programme.public import (
    PartnerCard,
    Standing,
    cards_of_programme,
    levels_of,
    partner_cards,
)
from mutualist.domain.programme.routing import Enquiry as Asked
from mutualist.domain.programme.routing import Field, Partner, Place
from mutualist.library.places import UnknownPlaceError, place_of

#: What was accepted longer ago is no load any more, even if nobody said how it ended.
WORKED, LATELY = timedelta(days=90), timedelta(days=180)
#: What a partner has to do at present: to answer, or accepted and neither won nor lost.
BUSY = Q(state="open") | Q(state="accepted", enquiry__status="accepted")
DECIDED = ("accepted", "declined", "lapsed", "returned")


def intake_of(programme: int) -> Intake:
    """Return how a programme hands enquiries out; as usual where nobody said anything."""
    return Intake.objects.filter(programme=programme).first() or Intake(programme_id=programme)


def board(
    standing: Standing, *, search: str = "", partner: str = "", ability: str = ""
) -> QuerySet[Enquiry]:
    """Return the enquiries of the vendor, newest first; those a search, a partner or an ability leaves."""
    found = Enquiry.objects.visible_to(standing).select_related("relation")
    for word in search.split():
        found = found.filter(
            Q(company__icontains=word)
            | Q(person__icontains=word)
            | Q(postal_code__startswith=word)
            | Q(external_id__iexact=word)
            | Q(text__icontains=word)
        )
    if partner:
        found = found.filter(_held_by(partner))
    if ability:
        found = found.filter(abilities__icontains=f'"{_stored(ability)}"')
    return found


def _held_by(partner: str) -> Q:
    """Return who is meant: a partner by its id, or all whose names have these words."""
    try:
        return Q(relation__uid=UUID(partner))
    except ValueError:
        return Q(*(("relation__name__icontains", word) for word in partner.split()))


def _stored(name: str) -> str:
    """Return a name as JSON keeps it on either database."""
    return json.dumps(name, ensure_ascii=connection.vendor != "postgresql")[1:-1]


def holders(standing: Standing) -> set[int]:
    """Return which partners have an enquiry: among thousands, only they are worth asking for."""
    rows = Enquiry.objects.visible_to(standing).exclude(relation=None).order_by()
    return set(rows.values_list("relation", flat=True).distinct())


def counts(found: QuerySet[Enquiry]) -> dict[str, int]:
    """Return how many enquiries have each status."""
    rows = found.order_by().values_list("status").annotate(count=Count("pk"))
    return dict(rows)


def enquiry_for(standing: Standing, uid: UUID | str, *, lock: bool = False) -> Enquiry:
    """Return an enquiry of the vendor.

    Raises
    ------
    NotAllowed
        If there is none or it is none of theirs.
    """
    found = Enquiry.objects.visible_to(standing).filter(uid=_uid(uid))
    one = (found.select_for_update() if lock else found).first()
    if one is None:
        raise NotAllowed
    return one


def offers(standing: Standing, *, relation: int | None = None) -> list[Offer]:
    """Return offers, newest first; those to one partner if it is named."""
    found = Offer.objects.visible_to(standing).select_related("enquiry", "relation")
    return list(found if relation is None else found.filter(relation=relation))


def own_offers(standing: Standing, state: str = "") -> QuerySet[Offer]:
    """Return what was offered to a partner, newest first; in one state if it is named."""
    found = Offer.objects.visible_to(standing).select_related("enquiry", "relation")
    return found.filter(state=state) if state else found


def offer_for(standing: Standing, uid: UUID | str) -> Offer:
    """Return an offer that somebody may know of.

    Raises
    ------
    NotAllowed
        If there is none or it is none of theirs.
    """
    found = Offer.objects.visible_to(standing).select_related("enquiry", "relation")
    one = found.filter(uid=_uid(uid)).first()
    if one is None:
        raise NotAllowed
    return one


def sees_person(offer: Offer) -> bool:
    """Tell whether a partner may read who the customer is: from its acceptance on."""
    return offer.state == "accepted"


def _uid(value: UUID | str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise NotAllowed from None


def place(country: str, code: str) -> Place | None:
    """Return where a postal code is; None if nobody knows."""
    try:
        return place_of(country, code)
    except UnknownPlaceError:
        return None


def field_of(programme: int) -> Field:
    """Return the active partners of a programme with what they have to do at present."""
    cards = cards_of_programme(programme)
    levels = {name: rank for rank, name in enumerate(levels_of(programme, today()), 1)}
    moment = now()
    busy = _counted(programme, BUSY & Q(offered_at__gt=moment - WORKED))
    recent = _counted(programme, Q(offered_at__gt=moment - LATELY))
    settled = _counted(programme, Q(offered_at__gt=moment - LATELY, state__in=DECIDED))
    late = _counted(programme, Q(offered_at__gt=moment - LATELY, state="lapsed"))
    return Field(
        Partner(
            str(card.id),
            card.name,
            place(card.country, card.postal_code),
            abilities=frozenset(card.abilities),
            certificates=card.certificates,
            languages=frozenset(card.languages),
            serves=_served(card),
            level=levels.get(card.level, 0),
            capacity=card.capacity,
            load=busy.get(card.id, 0),
            recent=recent.get(card.id, 0),
            answered=1 - late.get(card.id, 0) / settled[card.id] if card.id in settled else None,
        )
        for card in cards
    )


def _served(card: PartnerCard) -> frozenset[str]:
    """Return the countries a partner serves: those it names besides its own; all if it names none."""
    named = {one.upper() for one in card.areas if len(one) == 2 and one.isalpha()}
    return frozenset(named | {card.country}) if named else frozenset()


def _counted(programme: int, which: Q) -> dict[int, int]:
    found: Any = (
        Offer.objects.filter(which, enquiry__programme=programme)
        .order_by()
        .values_list("relation")
        .annotate(count=Count("pk"))
    )
    return dict(found)


def asked(enquiry: Enquiry, levels: tuple[str, ...] | None = None) -> Asked:
    """Return an enquiry as routing reads it; who was asked before is not asked again."""
    order = levels_of(enquiry.programme_id, today()) if levels is None else levels
    rank = order.index(enquiry.level) + 1 if enquiry.level in order else 0
    before = [one for one in enquiry.offers.all() if one.state not in {"open", "withdrawn"}]
    return Asked(
        str(enquiry.uid),
        place(enquiry.country, enquiry.postal_code),
        enquiry.country,
        abilities=frozenset(enquiry.abilities),
        certificate=enquiry.certificate,
        language=enquiry.language,
        level=rank,
        day=today(),
        declined=frozenset(str(one.relation_id) for one in before),
    )


def abilities_of(cards: Iterable[PartnerCard]) -> set[str]:
    """Return what partners can do, by key."""
    return {name for card in cards for name in card.abilities}


def partners_of(standing: Standing) -> dict[int, PartnerCard]:
    """Return the active partners of the vendor by id."""
    return {card.id: card for card in partner_cards(standing, active=True)}
