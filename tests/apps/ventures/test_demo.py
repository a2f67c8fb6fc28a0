"""Who tries the demo finds a venture whose simulator has something to say to each firm."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.ventures.steps import browser
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.rooms.demo import load_demo
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.demo import load_demo_venture
from mutualist.apps.ventures.models import Version


def test_without_the_demo_nothing_is_described(db: None) -> None:
    load_demo_venture()
    assert not Version.objects.exists()


def test_both_firms_meet_a_venture(db: None) -> None:
    load_demo()
    for _twice in range(2):
        load_demo_venture()
    assert Version.objects.count() == 2
    people = {user.name.split()[0]: actor_of(user) for user in User.objects.all()}
    for name in ("Anna", "Clara"):
        (card,) = queries.ventures_of(people[name])
        place = queries.get_venture(people[name], card.uid)
        assert set(queries.own_figures(place)) == {
            *("best_alternative", "pain_limit", "risk_tolerance", "business")
        }
        page = browser(people[name], "de").get(reverse("ventures:venture", args=[card.uid]))
        text = page.content.decode()
        assert page.status_code == 200
        assert "Risiken nicht" in text
        assert ">nan" not in text.lower()
    for name in ("Dora", "Greta"):
        assert queries.ventures_of(people[name]) == ()


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_way_out_of_the_demo_is_computed(db: None, language: str) -> None:
    load_demo()
    load_demo_venture()
    anna = actor_of(User.objects.get(email="anna@nordwerk.example"))
    (card,) = queries.ventures_of(anna)
    address = reverse("ventures:leaving", args=[card.uid])
    page = browser(anna, language).get(address)
    assert page.status_code == 200
    assert "Tauwerk" in page.content.decode()
