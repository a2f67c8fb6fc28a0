"""The start page: four counters and what waits for the vendor; all programmes side by side for a partner."""

from __future__ import annotations

from datetime import timedelta

from apps.programme.cast import RULES, browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.joining import apply
from mutualist.apps.programme.actions.partners import add_partner
from mutualist.apps.programme.actions.programmes import begin_programme
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.public import vendor_standing

TASKS = 'class="todo"'


def home(actor) -> str:
    return browser(actor).get("/").content.decode()


def _apply(channel) -> None:
    apply(
        programme=channel.programme.pk,
        name="Dreiwerk GmbH",
        person="Eve",
        email="eve@dreiwerk.example",
        language="de",
        fields={"country": "DE", "postal_code": "10115"},
    )


def test_the_manager_sees_counters_and_what_waits_each_with_a_button(channel):
    _apply(channel)
    day = today() + timedelta(days=12)
    Relation.objects.filter(pk=channel.tauwerk.pk).update(falls_on=day, level="silver")
    page = home(channel.cast.anna)
    assert page.partition('class="counters"')[2].partition("</ul>")[0].count("<li>") == 4
    todo = page.partition(TASKS)[2].partition("</ul>")[0]
    assert f"/programmes/{channel.programme.uid}/applications/" in todo
    assert f"/partners/{channel.tauwerk.uid}/" in todo
    assert todo.count('<a class="button') == todo.count("<li>") <= 5


def test_a_reader_sees_the_counters_and_nothing_to_decide(channel):
    _apply(channel)
    page = home(channel.cast.ben)
    assert 'class="counters"' in page
    assert "applications/" not in page


def test_a_rival_sees_no_counter_of_others(channel):
    page = home(channel.cast.dora)
    assert 'class="counters"' not in page
    assert "Tauwerk" not in page


def test_a_partner_sees_all_programmes_side_by_side(channel):
    second = begin_programme(
        actor=channel.cast.dora,
        organisation=channel.cast.grauwerk.uid,
        name="Grauwerk Allies",
        rules=RULES,
        since=today() - timedelta(days=300),
    )
    other = add_partner(
        standing=vendor_standing(channel.cast.dora, second.uid),
        name="Tauwerk",
        organisation=channel.cast.tauwerk.pk,
    )
    day = today() + timedelta(days=9)
    Relation.objects.filter(pk=other.pk).update(level="gold", ends_on=day)
    for address in ("/", "/programmes/"):
        page = browser(channel.cast.clara).get(address).content.decode()
        for expected in ("Nordwerk Partner", "Grauwerk Allies", "Gold", "something runs out"):
            assert expected in page, (address, expected)
        assert f"/partner/{channel.tauwerk.uid}/" in page
        assert f"/partner/{other.uid}/" in page
    assert "Nordwerk Partner" not in home(channel.cast.dora).partition("Grauwerk Allies")[0]
