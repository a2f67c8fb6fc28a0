"""What a party keeps to itself: stored, used, and never shown to the other side."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.rooms.cast import ANONYMOUS, Cast, stored
from apps.ventures.steps import browser, of_organisation, of_room
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.models import PrivateFigures, Venture

FIGURES = {
    "best_alternative": 765432,
    "pain_limit": 345678,
    "business": {"mean": 2222222, "sd": 111111},
    "risk_tolerance": 987654,
}


@pytest.fixture
def venture(cast: Cast, room: Room) -> Venture:
    made = of_room(cast.anna, room)
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures=FIGURES)
    return made


def test_figures_are_for_the_own_party_and_encrypted(cast: Cast, venture: Venture) -> None:
    (row,) = stored(PrivateFigures)
    assert b"765432" not in bytes(row.ciphertext) + bytes(row.key)
    assert queries.own_figures(queries.get_venture(cast.anna, venture.uid)) == FIGURES
    for actor in (cast.clara, cast.ben):
        assert queries.own_figures(queries.get_venture(actor, venture.uid)) == {}


def test_of_the_other_side_only_what_a_result_needs_is_computed_from(
    cast: Cast, venture: Venture
) -> None:
    def parties(actor: Any) -> Any:
        place = queries.get_venture(actor, venture.uid)
        return queries.computed_from(place, queries.latest(place).description)["parties"]

    assert FIGURES.items() <= parties(cast.anna)["A"].items()
    assert parties(cast.clara)["A"]["best_alternative"] == 765432
    assert not {"pain_limit", "business", "risk_tolerance"} & set(parties(cast.clara)["A"])


def test_no_page_of_the_other_side_shows_a_private_figure(cast: Cast, venture: Venture) -> None:
    names = ("venture", "compute", "leaving", "versions", "file", "terms", "edit", "private")
    for actor in (cast.clara, cast.ben):
        client = browser(actor)
        for name in names:
            page = client.get(reverse(f"ventures:{name}", args=[venture.uid])).content.decode()
            for figure in ("765", "345678", "345,678", "2222222", "2,222,222", "987654", "987,654"):
                assert figure not in page, (name, figure)
    own = browser(cast.anna).get(reverse("ventures:private", args=[venture.uid])).content.decode()
    assert "765,432" in own
    assert "345,678" in own


def test_the_own_view_says_what_they_mean(cast: Cast, venture: Venture) -> None:
    page = browser(cast.anna).get(reverse("ventures:venture", args=[venture.uid])).content.decode()
    for said in ("and its share, really", "lose more than hurts", "Below your best alternative"):
        assert said in page, said
    other = browser(cast.clara).get(reverse("ventures:venture", args=[venture.uid]))
    for hidden in ("and its share, really", "lose more than hurts", "Below your best alternative"):
        assert hidden not in other.content.decode(), hidden


def test_a_best_alternative_moves_the_bargaining_split(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    address = reverse("ventures:venture", args=[made.uid])
    before = browser(cast.clara).get(address).content.decode()
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures={"pain_limit": 5})
    assert _shown(browser(cast.clara).get(address)) == _shown_text(before)
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures={"best_alternative": 500000})
    assert _shown(browser(cast.clara).get(address)) != _shown_text(before)


def _shown(answer: Any) -> str:
    return _shown_text(answer.content.decode())


def _shown_text(page: str) -> str:
    return page[page.index('id="results"') : page.index("</main>")]


def test_only_whoever_answers_keeps_figures(cast: Cast, room: Room) -> None:
    made, own = of_room(cast.anna, room), of_organisation(cast)
    for actor in (cast.ben, cast.dora, cast.greta, ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.keep_figures(actor=actor, venture=made.uid, figures=FIGURES)
    with pytest.raises(NotAllowed):
        actions.keep_figures(actor=cast.anna, venture=own.uid, figures=FIGURES)
    with pytest.raises(ActionError):
        actions.keep_figures(actor=cast.anna, venture=made.uid, figures={"pain_limit": -1})
    assert not stored(PrivateFigures)


def test_figures_can_be_taken_back(cast: Cast, venture: Venture) -> None:
    actions.keep_figures(actor=cast.anna, venture=venture.uid, figures={})
    assert not stored(PrivateFigures)


def test_half_a_business_is_asked_for_again(cast: Cast, venture: Venture) -> None:
    address = reverse("ventures:private", args=[venture.uid])
    answer = browser(cast.anna).post(address, {"business_mean": "5000"})
    assert answer.status_code == 422
    assert "both figures" in answer.content.decode()
    answer = browser(cast.anna).post(address, {"best_alternative": "5.000,50 €"})
    assert answer.status_code == 302


def test_two_people_of_one_party_do_not_overwrite_each_other(cast: Cast, venture: Venture) -> None:
    address = reverse("ventures:private", args=[venture.uid])
    client = browser(cast.anna)
    page = client.get(address).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    colleague = {
        "pain_limit": 5,
        "business": {"mean": 7.0, "sd": 1.0, "correlation": {"pumps": 0.5}},
    }
    actions.keep_figures(actor=cast.anna, venture=venture.uid, figures=colleague)
    late = client.post(address, {"pain_limit": "6", "seen": seen})
    assert late.status_code == 422
    assert "changed elsewhere" in late.content.decode()
    assert 'value="6"' in late.content.decode(), "what was typed stays"
    place = queries.get_venture(cast.anna, venture.uid)
    assert queries.own_figures(place) == colleague
    page = client.get(address).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    typed = {"pain_limit": "6", "business_mean": "8", "business_sd": "1", "seen": seen}
    assert client.post(address, typed).status_code == 302
    kept = queries.own_figures(place)
    assert kept["pain_limit"] == 6
    assert kept["business"] == {"mean": 8, "sd": 1, "correlation": {"pumps": 0.5}}
