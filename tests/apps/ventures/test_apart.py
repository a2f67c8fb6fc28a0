"""Several ventures of several rooms side by side: nothing of one turns up with another."""

from __future__ import annotations

from typing import Any

import pytest

from apps.rooms.cast import Cast, opened_room
from apps.ventures.steps import described, of_organisation, of_room
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.models import Venture, Version


@pytest.fixture
def ventures(cast: Cast, room: Room) -> list[Venture]:
    """Two of one room, one of another, one of Nordwerk alone; each named by its number."""
    made = [
        of_room(cast.anna, room),
        of_room(cast.clara, room),
        of_room(cast.anna, opened_room(cast)),
        of_organisation(cast),
    ]
    for number, one in enumerate(made):
        template = "revenue_share" if one.room_id is None else "supplier_contract"
        actions.save_version(
            actor=cast.clara if number == 1 else cast.anna,
            venture=one.uid,
            description=described(template, name=f"V{number}"),
            seen=1,
            note=f"n{number}",
        )
    return made


def test_versions_are_those_of_one_venture(cast: Cast, ventures: list[Venture]) -> None:
    for number, one in enumerate(ventures):
        place = queries.get_venture(cast.anna, one.uid)
        found = queries.versions_of(place)
        assert [saved.note for saved in found] == [f"n{number}", ""]
        assert [saved.number for saved in found] == [2, 1]
        assert queries.latest(place).note == f"n{number}"
        assert queries.version_of(place, 1).note == ""
        with pytest.raises(NotAllowed):
            queries.version_of(place, 3)


def test_a_list_holds_each_venture_once_with_its_own_version(
    cast: Cast, ventures: list[Venture]
) -> None:
    ventures[0].refresh_from_db()
    cards = queries.ventures_of(cast.anna)
    assert [card.name for card in cards] == ["V3", "V2", "V1", "V0"]
    assert {card.version for card in cards} == {2}
    of_one = queries.ventures_of(cast.anna, room=ventures[0].room_id)
    assert [card.name for card in of_one] == ["V1", "V0"]
    assert [card.name for card in queries.ventures_of(cast.clara)] == ["V2", "V1", "V0"]
    beside = queries.beside_result(ventures[0].room_id or 0, 3)
    assert [(row.name, content["name"]) for row, content in beside] == [("V1", "V1"), ("V0", "V0")]


def test_figures_are_those_of_one_venture_and_party(cast: Cast, ventures: list[Venture]) -> None:
    def keep(actor: Any, number: int, value: int) -> None:
        figures = {"best_alternative": value}
        actions.keep_figures(actor=actor, venture=ventures[number].uid, figures=figures)

    def kept(actor: Any, number: int) -> Any:
        place = queries.get_venture(actor, ventures[number].uid)
        return queries.own_figures(place).get("best_alternative")

    keep(cast.clara, 0, 10)
    keep(cast.anna, 0, 11)
    keep(cast.anna, 1, 12)
    keep(cast.anna, 2, 13)
    assert [kept(cast.anna, number) for number in range(4)] == [11, 12, 13, None]
    assert [kept(cast.clara, number) for number in range(3)] == [10, None, None]
    keep(cast.anna, 1, 14)
    assert [kept(cast.anna, number) for number in range(3)] == [11, 14, 13]
    for actor in (cast.anna, cast.clara, cast.ben):
        place = queries.get_venture(actor, ventures[1].uid)
        parties = queries.computed_from(place, queries.latest(place).description)["parties"]
        assert parties["A"]["best_alternative"] == 14, "a reader gets the same splits as everybody"
        assert "best_alternative" not in parties["B"]
    actions.keep_figures(actor=cast.anna, venture=ventures[0].uid, figures={})
    assert [kept(cast.anna, number) for number in range(3)] == [None, 14, 13]
    assert kept(cast.clara, 0) == 10


def test_a_saved_version_is_added_to_its_own_venture(cast: Cast, ventures: list[Venture]) -> None:
    third = actions.save_version(
        actor=cast.anna, venture=ventures[0].uid, description=described(name="More"), seen=2
    )
    assert (third.venture_id, third.number) == (ventures[0].pk, 3)
    assert Version.objects.filter(number=3).count() == 1


def test_neither_template_nor_party_is_taken_on_trust(
    cast: Cast, room: Room, ventures: list[Venture]
) -> None:
    strange = {"parties": {**described()["parties"], "Z": {"discount": 0.1}}}
    for change in ({"template": "bread"}, {"description": described(**strange)}):
        given: dict[str, Any] = {"template": "resale", "description": described(), **change}
        with pytest.raises(ActionError):
            actions.describe_for_room(actor=cast.anna, room=room.uid, **given)
    with pytest.raises(ActionError):
        actions.describe_for_organisation(
            actor=cast.anna,
            organisation=cast.nordwerk.uid,
            template="bread",
            description=described(),
        )
    with pytest.raises(ActionError):
        actions.save_version(
            actor=cast.anna, venture=ventures[0].uid, description=described(**strange), seen=2
        )
    assert Venture.objects.count() == 4


def test_an_answer_is_repeated_to_those_who_may_still_see_it(
    cast: Cast, ventures: list[Venture]
) -> None:
    asked = {"venture": str(ventures[0].uid)}
    assert queries.sees_what_is_asked(cast.clara, asked)
    assert not queries.sees_what_is_asked(cast.dora, asked)
    assert queries.sees_what_is_asked(cast.dora, {})


def test_nobody_has_figures_of_a_venture_of_one_organisation(
    cast: Cast, ventures: list[Venture]
) -> None:
    place = queries.get_venture(cast.anna, ventures[3].uid)
    assert (place.keeps_figures, queries.own_figures_as_kept(place)) == (False, ({}, 0))
    assert place.owner == "Nordwerk Pumpen AG"
    assert queries.computed_from(place, {"parties": {}}) == {"parties": {}}
