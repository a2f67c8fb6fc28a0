"""The demo's ratings and promises: both sides have rated, one waits for the other, three promises stand."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mutualist.apps.core.clock import today
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.public import (
    Standing,
    contact_standing,
    contacts_of,
    partner_cards,
    programmes_of,
    vendor_standing,
)
from mutualist.apps.ratings.actions import give_rating
from mutualist.apps.ratings.models import Promise
from mutualist.apps.ratings.promises import make_promise

ANNA = "anna@nordwerk.example"
#: About what, how many or within how many hours, how many of a hundred in time.
PROMISES = (("enquiry", 2, 100), ("decision", 48, 90), ("answer", 48, 80))
#: Of the first partners: what the vendor says of them, and they of the vendor; none has not rated.
RATED = (
    (
        {"communication": 4, "reliability": 5, "planning": 3, "fairness": 4, "delivery": 4},
        {"communication": 4, "reliability": 3, "planning": 2, "enquiries": 2, "payment": 5},
    ),
    ({"communication": 3, "reliability": 3, "fairness": 2, "delivery": 4}, None),
    (None, {"communication": 5, "enquiries": 4, "support": 3}),
)


@transaction.atomic
def load_demo_ratings() -> None:
    """Let both sides of Nordwerk's programme rate and promise, unless it is there."""
    anna = User.objects.filter(email=ANNA).first()
    if anna is None:
        return
    actor = actor_of(anna)
    programme = next(iter(programmes_of(actor)), None)
    if programme is None or Promise.objects.filter(programme=programme.id).exists():
        return
    standing = vendor_standing(actor, programme.uid)
    first = date(today().year, 1, 1)
    for about, amount, share in PROMISES:
        make_promise(
            standing=standing, about=about, every="quarter", amount=amount, share=share, first=first
        )
    cards = sorted(partner_cards(standing), key=lambda card: card.id)
    for card, (by_vendor, by_partner) in zip(cards, RATED, strict=False):
        if by_vendor is not None:
            give_rating(standing=standing, relation=str(card.uid), stars=by_vendor)
        contact = next(iter(contacts_of(card.id)), None)
        if by_partner is not None and contact is not None:
            _partner_rates(contact_standing(contact.pk), str(card.uid), by_partner)


def _partner_rates(standing: Standing, relation: str, stars: dict[str, int]) -> None:
    give_rating(standing=standing, relation=relation, stars=stars)
