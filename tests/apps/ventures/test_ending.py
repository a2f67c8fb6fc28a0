"""What becomes of ventures when people, rooms and organisations go, and what a person gets a copy of."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.privacy.test_pages import document_in
from apps.rooms.cast import Cast, convened_room, fill, fresh, room_of_two, seal_short, stored
from apps.ventures.steps import browser, described, of_organisation, of_room
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.identity.models import Organisation
from mutualist.apps.privacy import proofs
from mutualist.apps.privacy.erasing import erase
from mutualist.apps.privacy.organisations import end_due
from mutualist.apps.privacy.people import person_of_user
from mutualist.apps.rooms import actions as rooms
from mutualist.apps.rooms.models import Answerer, Room, SeatLink
from mutualist.apps.rooms.rights import close_idle, delete_for_good
from mutualist.apps.rooms.values import PartySpec
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.models import PrivateFigures, Venture, Version

FIGURES = {"best_alternative": 7100137, "business": {"mean": 7100256, "sd": 7100375}}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MUTUALIST_DATA = tmp_path


@pytest.fixture
def venture(cast: Cast, room: Room) -> Venture:
    made = of_room(cast.anna, room)
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures=FIGURES)
    actions.keep_figures(actor=cast.clara, venture=made.uid, figures={"pain_limit": 7200137})
    return made


def rows() -> dict[str, int]:
    return {
        "ventures": Venture.objects.count(),
        "versions": Version.objects.count(),
        "figures": len(stored(PrivateFigures)),
    }


def settled() -> None:
    """Check every reference now, as the end of a transaction does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    else:
        connection.check_constraints()


def test_a_room_that_is_deleted_for_good_takes_its_ventures_along(
    cast: Cast, room: Room, venture: Venture
) -> None:
    own = of_organisation(cast)
    close_idle(room)
    assert rows() == {"ventures": 2, "versions": 2, "figures": 2}
    place = queries.get_venture(cast.clara, venture.uid)
    assert (place.writes, place.keeps_figures) == (False, False), "a closed room is read only"
    with pytest.raises(NotAllowed):
        actions.keep_figures(actor=cast.clara, venture=venture.uid, figures={})
    delete_for_good(fresh(room))
    settled()
    assert list(Venture.objects.all()) == [own]
    assert rows() == {"ventures": 1, "versions": 1, "figures": 0}


def test_a_room_of_one_alone_is_deleted_with_its_venture(cast: Cast) -> None:
    room = rooms.create_room(
        actor=cast.anna,
        mode="alone",
        host=cast.nordwerk,
        frame={"name": "Alone", "offer": "Pumps"},
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")],
    )
    fill(cast.anna, room, {"1.4": "gt3"})
    rooms.seal_sheet(actor=cast.anna, room=room, confirm_open_items=True)
    made = of_room(cast.anna, fresh(room))
    if queries.get_venture(cast.anna, made.uid).keeps_figures:
        actions.keep_figures(actor=cast.anna, venture=made.uid, figures=FIGURES)
    rooms.delete_room(actor=cast.anna, room=fresh(room))
    settled()
    assert rows() == {"ventures": 0, "versions": 0, "figures": 0}


def test_an_organisation_takes_its_own_ventures_along_and_leaves_those_of_others(
    cast: Cast, room: Room, venture: Venture, monkeypatch: Any
) -> None:
    of_organisation(cast)
    path = reverse("privacy:end_organisation", args=[cast.nordwerk.uid])
    browser(cast.anna).post(path, {"name": "Nordwerk Pumpen AG"})
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert end_due() == 1
    settled()
    assert list(Venture.objects.all()) == [venture], "Tauwerk keeps what is its, too"
    assert queries.latest(queries.get_venture(cast.clara, venture.uid)).number == 1
    with pytest.raises(NotAllowed):
        queries.get_venture(cast.dora, venture.uid)


def test_an_organisation_alone_goes_with_all_its_ventures(cast: Cast) -> None:
    of_organisation(cast)
    path = reverse("privacy:end_organisation", args=[cast.nordwerk.uid])
    answer = browser(cast.anna).post(path, {"name": "Nordwerk Pumpen AG"})
    assert answer.status_code == 302
    settled()
    assert not Organisation.objects.filter(pk=cast.nordwerk.pk).exists()
    assert rows() == {"ventures": 0, "versions": 0, "figures": 0}


def test_an_erased_person_leaves_versions_without_a_name(
    cast: Cast, room: Room, venture: Venture
) -> None:
    actions.save_version(
        actor=cast.clara, venture=venture.uid, description=described(name="Hers"), seen=1
    )
    erase(person_of_user(cast.clara.user_id))
    settled()
    assert [row.author_id for row in Version.objects.filter(venture=venture)] == [
        None,
        cast.anna.user_id,
    ]
    assert queries.latest(queries.get_venture(cast.anna, venture.uid)).party.startswith("Tauwerk")


def test_a_copy_holds_the_own_partys_figures_and_nobody_elses(
    cast: Cast, room: Room, venture: Venture
) -> None:
    document = document_in(browser(cast.anna, "de").post(reverse("privacy:download")))
    assert document["private_figures"] == [
        {
            "venture": "PumpenPuls",
            "room": room.name,
            "party": "Nordwerk Pumpen AG",
            "figures": FIGURES,
        }
    ]
    text = json.dumps(document)
    assert "7200137" not in text
    saved = [one for one in document["tables"] if one["table"] == "ventures.version"]
    assert len(saved[0]["rows"]) == 1
    for other in (cast.ben, cast.dora):
        document = document_in(browser(other, "de").post(reverse("privacy:download")))
        assert document["private_figures"] == []
        assert "7100137" not in json.dumps(document)


def test_whoever_lost_the_seat_gets_no_copy_of_figures(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    for guest in (ida, paul):
        rooms.press_open(actor=guest, room=room)
    made = of_room(ida, room)
    actions.keep_figures(actor=ida, venture=made.uid, figures=FIGURES)
    path = reverse("privacy:proof_download", args=[proofs.token_for("ida@firm.test")])
    assert document_in(Client().post(path))["private_figures"][0]["figures"] == FIGURES
    person = Answerer.objects.get(room=room, email="ida@firm.test")
    SeatLink.objects.filter(answerer=person).update(revoked_at=timezone.now())
    assert document_in(Client().post(path))["private_figures"] == []


def test_a_room_in_which_nothing_was_opened_has_no_venture_to_lose(cast: Cast) -> None:
    room = room_of_two(cast)
    with pytest.raises(NotAllowed):
        of_room(cast.anna, room)
    rooms.delete_room(actor=cast.anna, room=room)
    assert rows() == {"ventures": 0, "versions": 0, "figures": 0}
