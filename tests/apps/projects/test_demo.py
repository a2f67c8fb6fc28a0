"""The demo has projects in every state that asks for a decision; loading it twice changes nothing."""

from __future__ import annotations

import pytest

from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.demo import load_demo_programme
from mutualist.apps.programme.public import programmes_of, vendor_standing
from mutualist.apps.projects import queries
from mutualist.apps.projects.demo import load_demo_projects
from mutualist.apps.rooms.demo import load_demo

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_conflict_to_decide() -> None:
    load_demo_projects()
    load_demo()
    load_demo_programme()
    load_demo_projects()
    load_demo_projects()
    actor = actor_of(User.objects.get(email="anna@nordwerk.example"))
    vendor = vendor_standing(actor, programmes_of(actor)[0].uid)
    lines, _more = queries.lines(vendor)
    assert sorted(line.row.state for line in lines) == [
        *("appealed", "approved", "approved", "submitted", "submitted", "won")
    ]
    assert [line.conflict for line in lines if line.conflict] == ["same"]
