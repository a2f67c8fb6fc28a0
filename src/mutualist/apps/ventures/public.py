"""What other apps may ask of ventures: the second witness beside a room's result, and what people's rights need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.isolation import NOTHING, private_scope
from mutualist.apps.rooms.beside import Section
from mutualist.apps.rooms.public import OpenedRoom
from mutualist.apps.rooms.rights import seats_scope, still_seated
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.models import Venture
from mutualist.apps.ventures.private import PrivateFigures
from mutualist.apps.ventures.private import opened as opened_figures
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import VentureError
from mutualist.library.ventures import Venture as Computed

__all__ = ["delete_ventures_of", "figures_of", "second_witness"]

#: So many ventures of a room are shown beside its result, the newest ones.
MOST = 3
FUTURES, SEED = 10_000, 42


def second_witness(actor: Actor, room: Any, opened: OpenedRoom) -> Section:  # noqa: ARG001 - who sees a result sees this
    """Return the kind by the flows of a room's ventures, beside the kind by its answers."""
    found = queries.beside_result(room.pk, MOST)
    content = {
        "ventures": [_witness(venture, described, opened) for venture, described in found],
        "room": room,
        "may_describe": opened.may_add and not opened.self_check,
    }
    return Section("ventures/_witness.html", content)


def figures_of(answerers: Iterable[int]) -> list[dict[str, Any]]:
    """Return the private figures of the parties for which a person still answers."""
    with seats_scope(still_seated(answerers)):
        rows = PrivateFigures.objects.select_related("venture", "room", "seat").order_by("pk")
        return [
            {
                "venture": row.venture.name,
                "room": row.room.name,
                "party": row.seat.name,
                "figures": opened_figures(row),
            }
            for row in rows
        ]


def delete_ventures_of(organisation: int) -> int:
    """Delete the ventures an organisation described for itself alone; it goes for good."""
    # They have no private figures; only whoever deletes looks for some.
    with private_scope(NOTHING):
        return Venture.objects.filter(organisation=organisation).delete()[0]


def _witness(venture: Any, described: Mapping[str, Any], opened: OpenedRoom) -> dict[str, Any]:
    lang = language()
    shown = {"uid": venture.uid, "name": venture.name}
    try:
        outcomes = Computed.from_dict(described).simulate(n=FUTURES, seed=SEED)
    except VentureError as error:
        return {**shown, "problem": error.message(lang)}
    nature = outcomes.nature()
    # The library's verdict and the domain's say kind and scores alike.
    answers: Any = opened.verdict
    return {
        **shown,
        "kind": nature.words[lang],
        "because": nature.because[lang],
        "parties": [
            {"name": outcomes.run.description.parties[one.party].name, "kind": one.words[lang]}
            for one in nature.parties
        ],
        "disagree": outcomes.compare(answers, lang),
    }
