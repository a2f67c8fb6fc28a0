"""The rule of registered projects said three times, compared on random projects and random scopes.

As guards/test_parity.py does for rooms: query sets, the policies of PostgreSQL as plain SQL meets them, and a naive rule
in plain Python must give the same rows for reading, changing, deleting and storing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from guards.hidden_rows import on_postgresql, with_two_roles
from guards.random_projects import (
    CHANGING,
    MODELS,
    STATES,
    World,
    build,
    may_store,
    naive,
    new_parts,
    new_project,
    random_scope,
)
from guards.three_rules import (
    POSTGRESQL,
    SCOPES,
    SEEDS,
    Model,
    Rules,
    passes,
    stores,
    stores_by_query_set,
)
from mutualist.apps.core.fences import Command
from mutualist.apps.core.isolation import MAINTENANCE, Scope, private_scope
from mutualist.apps.projects import fences
from mutualist.apps.projects.models import Check, Registration, Step, Withheld

pytestmark = pytest.mark.django_db
RULES = Rules(
    column="programme_id",
    values={
        Registration: "version = 1",
        Withheld: "key = ''",
        Check: "note = ''",
        Step: "note = ''",
    },
    scope=random_scope,
    naive=naive,
)
disagreements = RULES.disagreements


def new_rows(world: World) -> Iterator[Any]:
    """Yield rows as somebody could try to store them: projects, and parts of projects that are there."""
    relation = world.chance.choice(world.relations)
    yield new_project(relation, **world.chance.choice(STATES))
    yield from new_parts(world.chance.choice([*world.projects.values()]))


def wrongly_stored(world: World, turns: int = SCOPES) -> tuple[list[Any], set[Any]]:
    """Try to store rows in random scopes, and to move rows there; return where a rule was not kept."""
    wrong: list[Any] = []
    outcomes = set()
    for _turn in range(turns):
        scope = random_scope(world)
        with private_scope(scope):
            for row in new_rows(world):
                wanted = may_store(scope, row)
                found = [stores_by_query_set(row)]
                found += [stores(row)] if POSTGRESQL else []
                wrong += [(scope, type(row).__name__) for stored in found if stored != wanted]
                outcomes.add((type(row), wanted))
            wrong += [(scope, *moved) for moved in _moved(world, scope)] if POSTGRESQL else []
    return wrong, outcomes


def _moved(world: World, scope: Scope) -> Iterator[tuple[str, str]]:
    """Move own rows to somebody of whom the scope reaches nothing; yield where that works."""
    partners = {one.pk for one in world.relations} - scope.relations
    vendors = set(world.programmes) - scope.programmes - scope.ending
    for model in CHANGING:
        rows = [row for row in world.rows[model] if naive(world, scope, "update", row)]
        if not rows or not partners or not vendors:
            continue
        statement = f"UPDATE {model._meta.db_table} SET relation_id = %s, programme_id = %s"
        if passes(statement, [min(partners), min(vendors)]):
            yield model.__name__, "moved"


def reached_by_pretending(world: World) -> list[Any]:
    """Say as the serving role that this is maintenance; return what that reaches."""
    return RULES.reached_by_pretending(world, lambda: new_rows(world), _moves_pretending, CHANGING)


def _moves_pretending(world: World, model: Model) -> bool:
    """Try to move an own row to somebody else, under the same pretence."""
    row = world.rows[model][0]
    other = next(one for one in world.relations if one.programme_id != row.programme_id)
    names = ("programmes", "relations")
    with transaction.atomic(), connection.cursor() as cursor:
        for name, own in zip(names, (row.programme_id, row.relation_id), strict=True):
            cursor.execute(f"SELECT set_config('mutualist.{name}', %s, true)", [str(own)])
        statement = f"UPDATE {model._meta.db_table} SET relation_id = %s, programme_id = %s"
        moved = passes(statement, [other.pk, other.programme_id])
        transaction.set_rollback(True)
    return moved


def misplaced(world: World) -> list[str]:
    """Try to store rows that name a partner of another programme, or a project of another partner."""
    first, *others = world.relations
    stranger = next(one for one in others if one.programme_id != first.programme_id)
    project = next(row for row in world.projects.values() if row.relation_id == first.pk)
    everybody = Scope(
        programmes=frozenset(world.programmes),
        relations=frozenset(one.pk for one in world.relations),
    )
    wrong = []
    foreign = new_project(first)
    foreign.programme_id = stranger.programme_id
    rows: list[Any] = [foreign, *new_parts(project)]
    for row in rows[1:]:
        row.programme_id, row.relation_id = stranger.programme_id, stranger.pk
    for row in rows:
        try:
            with private_scope(everybody), transaction.atomic():
                if not isinstance(row, Registration | Step):
                    # There is one of each for a project.
                    _delete_plainly(row)
                row.save(force_insert=True)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                wrong.append(type(row).__name__)
                transaction.set_rollback(True)
        except IntegrityError as error:
            if "project_same_partner" not in str(error):
                raise
    return wrong


def _delete_plainly(row: Any) -> None:
    with private_scope(Scope(ending=frozenset({row.registration.programme_id}))):
        type(row).objects.filter(registration=row.registration_id).delete()


@pytest.mark.parametrize("seed", SEEDS)
def test_three_rules_agree(seed: int) -> None:
    differ, reached = disagreements(build(seed))
    assert differ == []
    assert {key for key, count in reached.items() if not count} == {(Step, "update")}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_database_stores_what_the_query_set_stores(seed: int) -> None:
    wrong, outcomes = wrongly_stored(build(seed))
    assert wrong == []
    assert outcomes == {(model, stored) for model in MODELS for stored in (True, False)}


@pytest.mark.parametrize("command", ["select", "update", "delete"])
def test_maintenance_reaches_every_row_and_nobody_else_does(command: Command) -> None:
    for fence in (fences.of_project, fences.of_withheld, fences.of_check, fences.of_step):
        assert not fence(MAINTENANCE, command), "no condition is left"
        with private_scope(Scope()):
            assert fence(Scope(), command)
    for admitted in (fences.admits, fences.admits_vendor):
        assert admitted(MAINTENANCE, 1)
        assert not admitted(Scope(), 1)


@with_two_roles
def test_maintenance_is_for_the_owner_alone() -> None:
    assert reached_by_pretending(build(3)) == []


@on_postgresql
def test_a_row_belongs_to_the_partner_and_the_programme_it_names() -> None:
    assert misplaced(build(4)) == []


def test_without_any_scope_there_is_an_error_or_nothing() -> None:
    RULES.without_a_scope(build(7))
