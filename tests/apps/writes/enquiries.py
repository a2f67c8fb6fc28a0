"""Every write of enquiries, by programs and by forms: Anna decides as a vendor and answers as a partner of Grauwerk."""

from __future__ import annotations

from django.urls import reverse

from apps.programme.cast import make_channel
from apps.projects.steps import make_play
from apps.rooms.cast import Cast
from apps.writes.scenarios import Ready, Write
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Offer
from mutualist.apps.enquiries.planning import plan_for
from mutualist.apps.programme.actions.partners import add_partner
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.public import Standing, partner_standing

ENQUIRY = {"country": "DE", "postal_code": "89073", "abilities": ["iot"], "consent": True}
ULM = Wish("DE", "89073", abilities=("iot",))


def _create(cast: Cast) -> Write:
    channel = make_channel(cast)
    return Write("POST", reverse("api:create_enquiry", args=[channel.programme.uid]), ENQUIRY)


def _decide(cast: Cast, move: str, *, page: bool = False, **body: str) -> Write:
    channel = make_channel(cast)
    row = actions.enter(standing=channel.anna, wish=ULM)
    if page:
        address = reverse("enquiries:enquiry", args=[channel.programme.uid, row.uid])
        return Write("POST", address, form={"move": move, "seen": str(row.version), **body})
    if move == "hand":
        body = {"partner": str(channel.grauwerk.uid)}
    address = reverse("api:decide_enquiry", args=[channel.programme.uid, row.uid, move])
    return Write("POST", address, body)


def _offered(cast: Cast) -> tuple[Standing, Offer]:
    """Nordwerk as a partner of Grauwerk's programme, with an offer."""
    play = make_play(cast)
    relation = add_partner(
        standing=play.rival,
        name="Nordwerk",
        organisation=cast.nordwerk.pk,
        postal_code="89073",
        abilities=["iot"],
    )
    row = actions.enter(standing=play.rival, wish=ULM)
    return partner_standing(cast.anna, relation.uid), row.offers.get(relation=relation)


def _move(cast: Cast, move: str, *, page: bool = False) -> Write:
    here, offer = _offered(cast)
    if page:
        address = reverse(
            "enquiries:offer", kwargs={"relation": here.relation_uid, "offer": offer.uid}
        )
        return Write("POST", address, form={"move": move})
    address = reverse("api:move_own_enquiry", args=[here.relation_uid, offer.uid, move])
    return Write("POST", address, {})


def _page(cast: Cast, name: str, form: dict[str, str]) -> Write:
    channel = make_channel(cast)
    return Write("POST", reverse(f"enquiries:{name}", args=[channel.programme.uid]), form=form)


def _assign(cast: Cast) -> Write:
    channel = make_channel(cast)
    row = actions.enter(standing=channel.anna, wish=Wish("DE", "89073", abilities=("robots",)))
    Relation.objects.filter(pk=channel.tauwerk.pk).update(abilities=["robots"])
    assert row.status == "received"
    mark = plan_for(channel.anna).mark
    address = reverse("enquiries:assign", args=[channel.programme.uid])
    return Write("POST", address, form={"mark": mark})


#: By the name of the operation. Anna asks.
ENQUIRY_API: dict[str, Ready] = {
    "create_enquiry": _create,
    "decide_enquiry": lambda cast: _decide(cast, "hand"),
    "move_own_enquiry": lambda cast: _move(cast, "accept"),
}
#: By the name of the route. Anna asks.
ENQUIRY_PAGES: dict[str, Ready] = {
    "enquiries:new": lambda cast: _page(
        cast, "new", {"country": "DE", "postal_code": "89073", "ability": "iot"}
    ),
    "enquiries:settings": lambda cast: _page(
        cast, "settings", {"answer_hours": "24", "attempts": "2", "open_days": "30"}
    ),
    "enquiries:enquiry": lambda cast: _decide(cast, "close", page=True, reason="spam"),
    "enquiries:assign": _assign,
    "enquiries:offer": lambda cast: _move(cast, "accept", page=True),
}
