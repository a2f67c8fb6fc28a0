"""What the simulator shows, to whom, and that its figures are those of the library."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from apps.rooms.cast import Cast
from apps.ventures.steps import browser, described, of_organisation, of_room
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions
from mutualist.apps.ventures.models import Venture
from mutualist.apps.ventures.words import money
from mutualist.library import venture_outcomes
from mutualist.library.stopgap import rational_exits
from mutualist.library.ventures import Venture as Described

TAGS = re.compile(r"<[^>]*>")


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", answer.content.decode())))


def page(client: Any, venture: Venture, name: str = "venture", **asked: str) -> Any:
    return client.get(reverse(f"ventures:{name}", args=[venture.uid]), asked)


def simulated(template: str = "supplier_contract") -> venture_outcomes.Outcomes:
    return Described.from_dict(described(template)).simulate(n=10_000, seed=42)


def test_the_figures_are_those_of_the_library(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    shown = words(page(browser(cast.anna), made))
    outcomes = simulated()
    joint = outcomes.joint_measures
    for value in (joint.mean, joint.p50, joint.p5, joint.p95, joint.es95, outcomes.pooled().apart):
        assert money(value, "EUR") in shown
    lost = outcomes.losses_of(50)
    assert (
        f"In {lost['A']} of 50 futures you lose money; Tauwerk Sensorik GmbH in {lost['B']}."
        in (shown)
    )
    lowest = min(outcomes.sensitivity(), key=lambda row: -abs(row["strength"]))
    assert f"{money(lowest['low'], 'EUR')} … {money(lowest['high'], 'EUR')}" in shown


def test_who_leaves_is_what_the_library_says(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    venture = Described.from_dict(described("supplier_contract"))
    found = rational_exits(venture, "own_build", n=4096, seed=42)
    clauses = found.clauses["B"]
    for name in ("venture", "leaving"):
        shown = words(page(browser(cast.clara), made, name))
        assert found.sentence("B", "en") in shown
        assert money(clauses.break_fee, "EUR") in shown
        assert f"period {clauses.median_period}, after 2 years" in shown


def test_a_fee_and_what_is_tied_change_the_flag(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.clara)
    flag = "Tauwerk Sensorik GmbH is tied and Nordwerk Pumpen AG is not"
    assert flag not in words(page(client, made, "leaving"))
    assert flag in words(page(client, made, "leaving", **{"tied-A": "0"}))
    protected = {"tied-A": "0", "fee": "9000000"}
    assert flag not in words(page(client, made, "leaving", **protected))
    assert "covers 100% of what is missing" in words(page(client, made, "leaving", **protected))
    for nonsense in ("nan", "-1e999", "x", ""):
        asked = {"tied-A": nonsense, "tied-Z": "7", "fee": nonsense}
        assert page(client, made, "leaving", **asked).status_code == 200


def test_an_address_keeps_what_was_moved_and_nothing_private(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    business = {"mean": 900_000, "sd": 400_000}
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures={"business": business})
    client = browser(cast.anna)
    answer = page(client, made, "compute", **{"terms-parts-price": "205", "correlation": "55"})
    address = answer.headers["HX-Replace-Url"]
    assert address.endswith(f"/ventures/{made.uid}/?terms-parts-price=205")
    assert f'value="http://testserver{address}"' in answer.content.decode()
    again = client.get(address).content.decode()
    assert 'name="terms-parts-price" value="205"' in again
    assert page(client, made, "compute").headers["HX-Replace-Url"].endswith(f"{made.uid}/")


def test_whoever_only_reads_can_share_and_not_save(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    moved = {"terms-parts-price": "205"}
    shown = page(browser(cast.ben), made, **moved).content.decode()
    assert "the link keeps where they stand" in shown
    assert 'id="share-link"' in shown
    assert "/keep/" not in shown
    assert "/keep/" in page(browser(cast.anna), made, **moved).content.decode()


def test_what_is_below_the_own_alternative_is_grey_for_nobody_else(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures={"best_alternative": 500_000})
    assert 'class="below"' in page(browser(cast.anna), made).content.decode()
    for other in (cast.ben, cast.clara):
        assert 'class="below"' not in page(browser(other), made).content.decode()
    actions.keep_figures(actor=cast.clara, venture=made.uid, figures={"best_alternative": 100_000})
    assert 'class="below"' in page(browser(cast.clara), made).content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_common_shock_is_said_plainly(cast: Cast, room: Room, language: str) -> None:
    made = of_room(cast.anna, room)
    business = {"mean": 900_000, "sd": 400_000}
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures={"business": business})
    client = browser(cast.anna, language)
    shock = "fast nichts gespart" if language == "de" else "Almost nothing is saved by sharing"
    floor = "unter 50 %" if language == "de" else "below 50%"
    assert shock in words(page(client, made, "compute", correlation="100"))
    half = words(page(client, made, "compute", correlation="25"))
    assert shock not in half
    assert floor in half, "the square root of a quarter"


def test_terms_start_from_what_the_simulator_shows(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room, "revenue_share")
    client = browser(cast.anna)
    answer = page(client, made, "terms", rule="shapley")
    today = [one.mean for one in simulated("revenue_share").measures().values()]
    for value in today:
        assert money(value, "EUR") in words(answer)
        assert money(value, "EUR") in words(page(client, made))
    (address,) = re.findall(r'href="([^"]+terms-half-share=[^"]+)"', answer.content.decode())
    tried = client.get(unescape(address))
    assert "nothing is saved yet" in words(tried)


def test_the_witnesses_agree_or_both_are_quoted(cast: Cast, room: Room) -> None:
    of_room(cast.anna, room)
    address = reverse("rooms:result", args=[room.uid])
    shown = words(browser(cast.clara).get(address))
    assert "The two witnesses agree." in shown
    assert "Tauwerk Sensorik GmbH: supplier" in shown
    of_room(cast.anna, room, "revenue_share")
    shown = words(browser(cast.clara).get(address))
    assert re.search(r"by the answers Supplier relationship \(85 of 100\), by the flows", shown)
    assert re.search(r"\(balance \d+%\)", shown)


def test_a_venture_of_one_firm_asks_for_its_business_in_the_form(cast: Cast) -> None:
    made = of_organisation(cast)
    shown = page(browser(cast.anna), made).content.decode()
    assert f'href="/ventures/{made.uid}/lines/">Add your own business' in shown
