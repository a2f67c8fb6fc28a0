"""Random projects of two programmes, random scopes, and the rule about them once more in plain Python."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.identity.models import Organisation
from mutualist.apps.programme.models import Programme, Relation
from mutualist.apps.projects.models import Check, Registration, Step, Withheld

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
MODELS: tuple[type[PrivateModel], ...] = (Registration, Withheld, Check, Step)
#: What may be changed could be moved to somebody else.
CHANGING = (Registration, Withheld, Check)
#: A draft, one that was submitted, one that was accepted, as the vendor reads it.
STATES = (
    {"state": "draft"},
    {"state": "submitted", "submitted_at": NOW},
    {"state": "approved", "submitted_at": NOW, "disclosed_at": NOW},
)


@dataclass
class World:
    """Rows of everything, and where they belong."""

    chance: random.Random
    relations: list[Relation]
    projects: dict[int, Registration]
    rows: dict[type[PrivateModel], list[Any]]

    @property
    def programmes(self) -> list[int]:
        return sorted({one.programme_id for one in self.relations})


def build(seed: int) -> World:
    """Make three partners of two vendors, each with projects in every state."""
    chance = random.Random(seed)
    relations = _partners()
    rows: dict[type[PrivateModel], list[Any]] = {model: [] for model in MODELS}
    everything = Scope(
        programmes=frozenset(one.programme_id for one in relations),
        relations=frozenset(one.pk for one in relations),
    )
    with private_scope(everything):
        for relation in relations:
            states = [*STATES, chance.choice(STATES)]
            for row in (new_project(relation, **state) for state in states):
                row.save()
                rows[Registration].append(row)
                for part in new_parts(row):
                    part.save()
                    rows[type(part)].append(part)
    projects = {row.pk: row for row in rows[Registration]}
    return World(chance, relations, projects, rows)


def _partners() -> list[Relation]:
    vendors = [
        Programme.objects.create(
            organisation=Organisation.objects.create(name=name), name=name, slug=uuid4().hex
        )
        for name in ("Nordwerk", "Grauwerk")
    ]
    places = ((vendors[0], "Tauwerk"), (vendors[0], "Grauwerk"), (vendors[1], "Tauwerk"))
    return [Relation.objects.create(programme=one, name=name) for one, name in places]


def new_project(relation: Relation, **more: Any) -> Registration:
    place = {"programme_id": relation.programme_id, "relation_id": relation.pk}
    return Registration(customer="Someone GmbH", country="DE", title="Project", **place, **more)


def new_parts(row: Registration) -> list[Any]:
    place = {"programme_id": row.programme_id, "relation_id": row.relation_id, "registration": row}
    return [
        Withheld(**place, key=b"", ciphertext=b""),
        Check(**place, points_version="", checked_at=NOW),
        Step(**place, at=NOW, move="submit", side="partner", state="submitted"),
    ]


def random_scope(world: World) -> Scope:
    chance = world.chance

    def some(pks: list[int]) -> frozenset[int]:
        return frozenset(pk for pk in pks if chance.random() < 0.4)

    return Scope(
        programmes=some(world.programmes) if chance.random() < 0.6 else frozenset(),
        relations=some([one.pk for one in world.relations]),
        ending=some(world.programmes) if chance.random() < 0.3 else frozenset(),
    )


def naive(world: World, scope: Scope, command: str, row: Any) -> bool:
    """Say the rule once more, for one row."""
    project = row if isinstance(row, Registration) else world.projects[row.registration_id]
    own = row.relation_id in scope.relations
    vendor = row.programme_id in scope.programmes
    ending = row.programme_id in scope.ending
    draft = project.submitted_at is None
    if isinstance(row, Registration):
        reads = own or (vendor and not draft)
        changes, deletes = reads, own and draft
    elif isinstance(row, Withheld):
        reads = own or (vendor and project.disclosed_at is not None)
        changes, deletes = own, own and draft
    elif isinstance(row, Check):
        reads, changes, deletes = vendor, vendor, False
    else:
        reads, changes, deletes = own or vendor, False, False
    return {"select": reads or ending, "update": changes, "delete": deletes or ending}[command]


def may_store(scope: Scope, row: Any) -> bool:
    """Say which rows a scope stores."""
    own = row.relation_id in scope.relations
    vendor = row.programme_id in scope.programmes
    if isinstance(row, Check):
        return vendor
    return own or (vendor and isinstance(row, Step))
