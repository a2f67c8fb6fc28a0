"""Nobody but vendor and partner finds a project: the rival partner, the rival vendor, the reader, the stranger."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.projects.steps import DOUBLE, MUELLER, OTHER, Play, everything, protected, stored
from apps.projects.test_pages import signed_in, text
from guards.hidden_rows import OF_PROGRAMMES, on_postgresql
from guards.routes import PROJECTS, all_routes
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.isolation import NOTHING, NoScopeError, Scope, private_scope
from mutualist.apps.identity import actions as identity
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects import actions, queries, scopes
from mutualist.apps.projects.models import Check, Registration, Step, Withheld

MODELS = (Registration, Withheld, Check, Step)


def _address(name: str, play: Play, row: Registration, token: str) -> str:
    pattern = all_routes()[name]
    known: dict[str, Any] = {
        "token": token,
        "programme": play.anna.programme_uid,
        "relation": play.tauwerk.uid,
        "project": row.uid,
        "move": "approve" if "decide" in name else "win",
    }
    return reverse(
        name,
        kwargs={
            part: value
            for part, value in known.items()
            if f":{part}>" in pattern or f"{{{part}}}" in pattern or f"<{part}>" in pattern
        },
    )


@pytest.mark.parametrize("name", sorted(one for one in PROJECTS if not one.startswith("api:")))
def test_others_find_no_page(play: Play, name: str) -> None:
    row = protected(play)
    address = _address(name, play, row, "x" * 43)
    dora, stranger = signed_in(play.cast.dora), Client()
    for method in ("get", "post"):
        assert getattr(dora, method)(address).status_code in {404, 405}
        answer = getattr(stranger, method)(address)
        assert answer.status_code in {302, 404, 405}


@pytest.mark.parametrize("name", sorted(one for one in PROJECTS if one.startswith("api:")))
def test_others_find_nothing_by_program(play: Play, name: str) -> None:
    row = protected(play)
    address = _address(name, play, row, "")
    known = (
        {
            "title": "x",
            "name": "Alpha GmbH",
            "postal_code": "70173",
        }
        if "register" in name or "change" in name
        else {"rules": {}}
        if "protection" in name
        else {}
    )
    method = {"list": "get", "get": "get", "save": "put", "change": "put", "delete": "delete"}.get(
        name[4:].split("_", maxsplit=1)[0], "post"
    )
    answers = []
    for actor in (play.cast.dora, play.cast.greta):
        secret = identity.create_api_token("t", actor=actor)
        client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
        answers.append(
            getattr(client, method)(address, data=known, content_type="application/json")
        )
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_foreign_project_answers_as_one_that_is_not_there(play: Play) -> None:
    row = protected(play)
    dora = signed_in(play.cast.dora)
    base = f"/partner/{play.grauwerk.uid}/projects/"
    foreign = dora.get(f"{base}{row.uid}/")
    nowhere = dora.get(f"{base}00000000-0000-4000-8000-000000000000/")
    assert foreign.status_code == nowhere.status_code == 404

    def strip(answer: Any) -> str:
        return re.sub(r'value="[^"]*"|[0-9A-Za-z-]{32,64}', "", text(answer))

    assert strip(foreign) == strip(nowhere)


def test_nobody_acts_for_another_side(play: Play) -> None:
    row = actions.register(standing=play.clara, content=MUELLER)
    for standing in (play.dora, play.rival, play.ben, play.clara, play.abroad):
        with pytest.raises(NotAllowed):
            actions.approve(standing=standing, project=row.uid)
    for standing in (play.dora, play.rival, play.ben, play.anna, play.abroad):
        for act in (actions.withdraw, actions.submit, actions.win):
            with pytest.raises(NotAllowed):
                act(standing=standing, project=row.uid)
    for standing in (play.dora, play.rival, play.abroad):
        with pytest.raises(NotAllowed):
            queries.project(standing, row.uid)
    assert queries.project(play.ben, row.uid).may == ()


def _seen(play: Play, standing: Standing | None) -> dict[str, set[int]]:
    scope = private_scope(NOTHING) if standing is None else scopes.own(standing)
    with scope:
        return {model.__name__: set(model.objects.values_list("pk", flat=True)) for model in MODELS}


def _naive(play: Play, standing: Standing | None) -> dict[str, set[int]]:
    """The rule in plain words, from all rows."""
    rows = {row.pk: row for row in stored(play)}

    def shows(kind: str, one: Any) -> bool:
        if standing is None:
            return False
        row = one if kind == "Registration" else rows[one.registration_id]
        if standing.side == "partner":
            return kind != "Check" and row.relation_id == standing.relation
        if row.programme_id != standing.programme:
            return False
        return {
            "Registration": row.submitted_at is not None,
            "Withheld": row.disclosed_at is not None,
            "Check": True,
            "Step": True,
        }[kind]

    with private_scope(everything(play)):
        kept = {
            model.__name__: list(model.objects.all()) for model in MODELS if model is not Withheld
        }
    secret = []
    for programme in (play.anna, play.rival):
        for relation in (play.clara, play.dora, play.abroad):
            with private_scope(
                Scope(
                    programmes=frozenset({programme.programme}),
                    relations=frozenset({relation.relation}),
                )
            ):  # type: ignore[arg-type]
                secret += list(Withheld.objects.all())
    kept["Withheld"] = list({one.pk: one for one in secret}.values())
    return {kind: {one.pk for one in found if shows(kind, one)} for kind, found in kept.items()}


def test_each_side_reads_what_the_rule_says(play: Play) -> None:
    protected(play)
    actions.register(standing=play.dora, content=DOUBLE)
    actions.register(standing=play.dora, content=OTHER, draft=True)
    actions.register(standing=play.abroad, content=MUELLER)
    for standing in (*play.everybody, None):
        assert _seen(play, standing) == _naive(play, standing), standing


@on_postgresql
def test_the_database_holds_the_rule_itself(play: Play) -> None:
    protected(play)
    actions.register(standing=play.dora, content=DOUBLE)
    actions.register(standing=play.dora, content=OTHER, draft=True)

    def raw() -> list[int]:
        with connection.cursor() as cursor:
            found = []
            for table in OF_PROGRAMMES:
                cursor.execute(f"SELECT id FROM {table}")
                found.append({row[0] for row in cursor.fetchall()})
            return found  # type: ignore[return-value]

    order = [Check, Registration, Step, Withheld]
    for standing in (*play.everybody, None):
        wanted = _naive(play, standing)
        with private_scope(NOTHING) if standing is None else scopes.own(standing):
            assert raw() == [wanted[model.__name__] for model in order], standing


def test_without_a_scope_there_is_no_project(play: Play) -> None:
    row = protected(play)
    for model in MODELS:
        for ask in (model.objects.all, model.objects.count, model._base_manager.first):
            with pytest.raises(NoScopeError):
                ask()
    with pytest.raises(NoScopeError):
        row.save()


def test_a_row_stays_with_its_partner(play: Play) -> None:
    row = protected(play)
    with private_scope(everything(play)):
        with pytest.raises(NoScopeError):
            Registration.objects.filter(pk=row.pk).update(relation=play.grauwerk)
        with pytest.raises(NoScopeError):
            Step.objects.filter(registration=row).update(registration=row)
        assert Step.objects.update(note="never") == 0
        assert Registration.objects.filter(pk=row.pk).delete()[0] == 0


def test_a_programme_that_goes_takes_its_projects_along(play: Play) -> None:
    protected(play)
    actions.register(standing=play.dora, content=OTHER, draft=True)
    kept = actions.register(standing=play.abroad, content=MUELLER)
    assert actions.delete_projects_of(play.anna.programme) > 0
    assert [row.pk for row in stored(play)] == [kept.pk]


def test_reader_of_the_partner_writes_nothing(play: Play) -> None:
    from dataclasses import replace

    reader = replace(play.clara, writes=False)
    with pytest.raises(NotAllowed):
        actions.register(standing=reader, content=MUELLER)
    assert isinstance(reader.actor, Actor)
