"""Who may describe, read and change a venture."""

from __future__ import annotations

import pytest

from apps.rooms.cast import ANONYMOUS, Cast, audited, convened_room, room_of_two
from apps.ventures.steps import described, of_organisation, of_room
from mutualist.apps.core.errors import ActionError, Conflict, NotAllowed
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.models import Venture, Version


def test_all_parties_of_a_room_see_its_venture_and_nobody_else(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    for actor in (cast.anna, cast.ben, cast.clara):
        assert queries.get_venture(actor, made.uid).venture == made
        assert [card.name for card in queries.ventures_of(actor)] == ["PumpenPuls"]
    for actor in (cast.dora, cast.greta, ANONYMOUS):
        with pytest.raises(NotAllowed):
            queries.get_venture(actor, made.uid)
        assert queries.ventures_of(actor) == ()
    assert audited(room)[-1] == "ventures.venture.described"


def test_an_own_venture_is_for_the_own_organisation_alone(cast: Cast) -> None:
    made = of_organisation(cast)
    assert queries.get_venture(cast.ben, made.uid).writes is False
    assert queries.get_venture(cast.anna, made.uid).writes is True
    for actor in (cast.clara, cast.dora, ANONYMOUS):
        with pytest.raises(NotAllowed):
            queries.get_venture(actor, made.uid)


def test_only_whoever_answers_describes_and_only_in_an_opened_room(cast: Cast, room: Room) -> None:
    for actor in (cast.ben, cast.dora, cast.greta, ANONYMOUS):
        with pytest.raises(NotAllowed):
            of_room(actor, room)
    with pytest.raises(NotAllowed):
        actions.describe_for_organisation(
            actor=cast.ben,
            organisation=cast.nordwerk.uid,
            template="resale",
            description=described("resale"),
        )
    assert not Venture.objects.exists()


def test_a_room_that_is_not_opened_has_no_venture(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        of_room(cast.anna, room_of_two(cast))


def test_a_neutral_host_sees_a_venture_only_with_the_result(cast: Cast) -> None:
    from apps.rooms.cast import seal_short
    from mutualist.apps.rooms import actions as rooms

    found, ida, paul = convened_room(cast)
    seal_short(found, ida, paul)
    rooms.press_open(actor=ida, room=found)
    rooms.press_open(actor=paul, room=found)
    made = of_room(ida, found)
    assert queries.get_venture(paul, made.uid).mine == "B"
    assert [card.uid for card in queries.ventures_of(paul)] == [made.uid]
    with pytest.raises(NotAllowed):
        queries.get_venture(cast.greta, made.uid)
    assert queries.ventures_of(cast.greta) == ()
    for guest in (ida, paul):
        rooms.share_result(actor=guest, room=found, share=True)
    assert queries.get_venture(cast.greta, made.uid).writes is False
    assert [card.uid for card in queries.ventures_of(cast.greta)] == [made.uid]


def test_each_save_is_a_version_with_its_firm(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    changed = described()
    changed["terms"]["parts"]["price"] = 210
    for _twice in range(2):
        saved = actions.save_version(
            actor=cast.clara, venture=made.uid, description=changed, seen=1, note="dearer"
        )
        assert saved.number == 2, "what is there already is not saved once more"
    place = queries.get_venture(cast.anna, made.uid)
    two, one = queries.versions_of(place)
    assert (two.party, two.note) == ("Tauwerk Sensorik GmbH", "dearer")
    assert one.description["terms"]["parts"]["price"] == 195
    assert list(two.description["parties"]) == ["A", "B"]
    assert audited(room)[-1] == "ventures.version.saved"


def test_nobody_overwrites_what_they_have_not_seen(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    actions.save_version(
        actor=cast.clara, venture=made.uid, description=described(name="Hers"), seen=1
    )
    with pytest.raises(Conflict):
        actions.save_version(
            actor=cast.anna, venture=made.uid, description=described(name="Ours"), seen=1
        )
    for actor in (cast.ben, cast.dora):
        with pytest.raises(NotAllowed):
            actions.save_version(
                actor=actor, venture=made.uid, description=described(name="X"), seen=2
            )
    assert Version.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "venture_name"),
        ({"name": "x" * 121}, "venture_name"),
        ({"parties": {"A": {"discount": 0.1}, "Z": {"discount": 0.1}}}, "venture_parties"),
        ({"drivers": {"pumps": {"low": 9, "likely": 5, "high": 2}}}, "venture"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, room: Room, change: dict, code: str) -> None:
    with pytest.raises(ActionError) as refused:
        actions.describe_for_room(
            actor=cast.anna, room=room.uid, template="resale", description=described(**change)
        )
    assert refused.value.code == code
    assert refused.value.message
    assert not Venture.objects.exists()


def test_only_own_ventures_are_deleted(cast: Cast, room: Room) -> None:
    own, shared = of_organisation(cast), of_room(cast.anna, room)
    for actor, venture in ((cast.ben, own), (cast.dora, own), (cast.anna, shared)):
        with pytest.raises(NotAllowed):
            actions.delete_venture(actor=actor, venture=venture.uid)
    actions.delete_venture(actor=cast.anna, venture=own.uid)
    assert list(Venture.objects.all()) == [shared]


def test_every_question_stands_at_a_place_of_its_template() -> None:
    for template in templates().values():
        venture = described(template.id)
        assert list(template.asked(venture)) == list(template.questions)
        for question in template.questions:
            before = question.read(venture)
            question.write(venture, before)
            assert question.read(venture) == before
        actions.check(venture)
        named = {*venture["drivers"], *venture.get("events", {}), *venture["terms"]}
        assert named <= set(template.names), template.id
        for words in (*template.names.values(), template.first):
            assert set(words) == {"de", "en"}


def test_a_german_venture_says_in_german_what_each_party_brings() -> None:
    for contract in templates().values():
        names = {"A": "Nord", "B": "Tau"}
        english, german = (
            contract.begun(name="", currency="EUR", parties=names, lang=lang)
            for lang in ("en", "de")
        )
        for one, other in zip(
            english.get("contributions", ()), german.get("contributions", ()), strict=True
        ):
            assert contract.brings[one["what"]] == other["what"]


def test_what_is_a_partys_own_business_is_not_in_a_venture_of_two() -> None:
    for template in templates():
        for party in described(template)["parties"].values():
            assert not {"best_alternative", "pain_limit", "business"} & set(party)
