"""Every write of projects, by programs and by forms: Anna decides as a vendor and registers as a partner of Grauwerk."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.projects.steps import MUELLER, OTHER, Play, make_play
from apps.rooms.cast import Cast
from apps.writes.scenarios import Ready, Write
from mutualist.apps.programme.actions.partners import add_partner
from mutualist.apps.programme.public import Standing, partner_standing
from mutualist.apps.projects import actions, queries

PROJECT = {
    "name": "Müller Chemie GmbH",
    "country": "DE",
    "postal_code": "70173",
    "title": "40 pumps",
}


def _partner(cast: Cast) -> tuple[Play, Standing]:
    """Nordwerk as a partner of Grauwerk's programme."""
    play = make_play(cast)
    relation = add_partner(standing=play.rival, name="Nordwerk", organisation=cast.nordwerk.pk)
    return play, partner_standing(cast.anna, relation.uid)


def _decide(cast: Cast, move: str = "approve", *, page: bool = False, **body: Any) -> Write:
    play = make_play(cast)
    row = actions.register(standing=play.clara, content=MUELLER)
    if page:
        address = reverse("projects:project", args=[play.anna.programme_uid, row.uid])
        return Write("POST", address, form={"move": move, "seen": "1", **body})
    address = reverse("api:decide_project", args=[play.anna.programme_uid, row.uid, move])
    return Write("POST", address, body)


def _protection(cast: Cast) -> Write:
    play = make_play(cast)
    rules = {**queries.protection_of(play.anna.programme)[0].to_dict(), "version": "next"}
    return Write(
        "PUT", reverse("api:save_protection", args=[play.anna.programme_uid]), {"rules": rules}
    )


def _own(cast: Cast, method: str, name: str, body: Any, *more: Any, draft: bool = True) -> Write:
    _play, here = _partner(cast)
    row = actions.register(standing=here, content=MUELLER, draft=draft)
    return Write(method, reverse(f"api:{name}", args=[here.relation_uid, row.uid, *more]), body)


def _register(cast: Cast) -> Write:
    _play, here = _partner(cast)
    return Write("POST", reverse("api:register_project", args=[here.relation_uid]), PROJECT)


#: By the name of the operation. Anna asks.
PROJECT_API: dict[str, Ready] = {
    "decide_project": _decide,
    "save_protection": _protection,
    "register_project": _register,
    "change_own_project": lambda cast: _own(cast, "PUT", "change_own_project", PROJECT),
    "delete_own_project": lambda cast: _own(cast, "DELETE", "delete_own_project", None),
    "move_own_project": lambda cast: _own(cast, "POST", "move_own_project", {}, "submit"),
}


def _rules_page(cast: Cast) -> Write:
    play = make_play(cast)
    rules = queries.protection_of(play.anna.programme)[0].to_dict()
    form = {name: str(value) for name, value in rules.items() if name != "schema"}
    address = reverse("projects:rules", args=[play.anna.programme_uid])
    return Write(
        "POST", address, form={**form, "version": "next", "customer_decides": "on", "seen": "0"}
    )


def _own_page(cast: Cast, name: str, form: dict[str, str], *, draft: bool = True) -> Write:
    _play, here = _partner(cast)
    row = actions.register(standing=here, content=OTHER, draft=draft)
    address = reverse(
        f"projects:{name}", kwargs={"relation": here.relation_uid, "project": row.uid}
    )
    return Write("POST", address, form={**form, "seen": "1"})


def _new_page(cast: Cast) -> Write:
    _play, here = _partner(cast)
    address = reverse("projects:own_new", kwargs={"relation": here.relation_uid})
    return Write("POST", address, form={**PROJECT, "currency": "EUR"})


#: By the name of the route. Anna asks.
PROJECT_PAGES: dict[str, Ready] = {
    "projects:project": lambda cast: _decide(cast, "reject", page=True, reason="too_early"),
    "projects:rules": _rules_page,
    "projects:own_new": _new_page,
    "projects:own_edit": lambda cast: _own_page(cast, "own_edit", {**PROJECT, "currency": "EUR"}),
    "projects:own_project": lambda cast: _own_page(
        cast, "own_project", {"move": "withdraw"}, draft=False
    ),
}
