"""What other apps may ask of ventures: the second witness beside a room's result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.rooms.beside import Section
from mutualist.apps.rooms.public import OpenedRoom
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import VentureError
from mutualist.library.ventures import Venture

__all__ = ["second_witness"]

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


def _witness(venture: Any, described: Mapping[str, Any], opened: OpenedRoom) -> dict[str, Any]:
    lang = language()
    shown = {"uid": venture.uid, "name": venture.name}
    try:
        outcomes = Venture.from_dict(described).simulate(n=FUTURES, seed=SEED)
    except VentureError as error:
        return {**shown, "problem": error.message(lang)}
    nature = outcomes.nature()
    # The library's verdict and the domain's say kind and scores alike.
    answers: Any = opened.verdict
    return {
        **shown,
        "kind": nature.words[lang],
        "because": nature.because[lang],
        "disagree": outcomes.compare(answers, lang),
    }
