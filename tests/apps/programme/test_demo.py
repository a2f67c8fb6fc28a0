"""The demo's programme shows every level, and is made once."""

from __future__ import annotations

from mutualist.apps.programme.demo import PARTNERS, load_demo_programme
from mutualist.apps.programme.models import Programme, Relation
from mutualist.apps.rooms.demo import load_demo


def test_the_demo_has_partners_on_every_level(db, settings):
    settings.MUTUALIST_DEMO = True
    load_demo()
    load_demo_programme()
    load_demo_programme()
    assert Programme.objects.count() == 1
    found = list(Relation.objects.values_list("level", flat=True))
    assert len(found) == len(PARTNERS)
    assert set(found) == {"partner", "silver", "gold"}
    assert Relation.objects.get(name="Tauwerk Sensorik GmbH").organisation is not None
