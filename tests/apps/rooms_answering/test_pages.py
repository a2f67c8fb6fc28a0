"""Answering page by page, without any script."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.rooms.cast import fill, fill_and_seal, fresh, open_two_sided, seal_short, sheets
from mutualist.apps.rooms import actions, queries
from mutualist.domain.assess import builtin_ruleset

RULES = builtin_ruleset("2026.2")


def answers(actor, room):
    return queries.draft_sheet(actor, fresh(room)).answers


def test_role_and_mandate_come_first(sheet):
    response = sheet.get("answer/1/")
    assert response.status_code == 302
    assert response["Location"].endswith("/answer/0/")
    done = sheet.post(
        0,
        {"header.role": "CEO", "header.mandate": "up_to", "header.limit": "250"},
        {"version-header": "0:none"},
    )
    assert done["Location"].endswith("/answer/1/")
    assert sheet.get("answer/1/").status_code == 200


def test_role_and_mandate_may_be_left_for_later(sheet):
    done = sheet.post(0, {}, {"version-header": "0:none"})
    assert sheet.client.get(done["Location"]).status_code == 200


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("question", range(7))
def test_every_page_shows_its_items_in_the_persons_language(
    cast, room, browser_of, question, language
):
    fill(cast.anna, room, {k: v for k, v in sheets()["A"].items() if k != "header"})
    page = (
        browser_of("Anna", language).get(f"/rooms/{room.uid}/answer/{question}/").content.decode()
    )
    assert f'lang="{language}"' in page
    for item in RULES.items.values():
        shown = f'id="item-{item.number}"' in page
        assert shown == (item.question == question)
    assert "style=" not in page
    assert "<script>" not in page


def test_a_page_is_saved_and_leads_on(cast, room, sheet):
    response = sheet.post(
        1,
        {"1.1.value": "By 2028 we sell it.", "1.4.value": "gt3", "1.6.value": "dont_know"},
        {f"version-1.{n}": "0:none" for n in range(1, 7)},
    )
    assert response.status_code == 302
    assert response["Location"].endswith("/answer/2/")
    assert answers(cast.anna, room) == {
        "1.1": "By 2028 we sell it.",
        "1.4": "gt3",
        "1.6": "dont_know",
    }


@pytest.mark.parametrize(
    ("go", "goal"),
    [("back", "answer/1/"), ("next", "answer/3/"), ("5", "answer/5/"), ("77", "answer/3/")],
)
def test_buttons_and_links_save_before_they_lead_away(cast, room, sheet, go, goal):
    response = sheet.post(2, {"2.6.value": "4", "go": go}, {"version-2.6": "0:none"})
    assert response["Location"].endswith(goal)
    assert answers(cast.anna, room) == {"2.6": 4}


def test_the_last_page_leads_to_the_preview(sheet):
    assert sheet.post(6, {}, {})["Location"].endswith("/preview/")


def test_what_is_valid_is_saved_and_what_is_wrong_stays_on_the_screen(cast, room, sheet):
    response = sheet.post(
        2,
        {"2.2.years": "twelve", "2.5.value": "3", "2.6.value": "4"},
        {f"version-2.{n}": "0:none" for n in range(1, 7)},
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert answers(cast.anna, room) == {"2.5": 3, "2.6": 4}
    assert 'value="twelve"' in page
    assert 'href="#q2-2-years"' in page
    assert "2.2: “twelve” is not a number" in page
    assert 'aria-invalid="true"' in page


def test_points_that_do_not_add_up_are_kept_on_the_screen(cast, room, sheet):
    response = sheet.post(1, {"1.2.bridge": "60", "1.2.learn": "30"}, {"version-1.2": "0:none"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "10 are still left" in page
    assert 'value="60"' in page
    assert answers(cast.anna, room) == {}


def test_an_answer_can_be_cleared(cast, room, sheet):
    fill(cast.anna, room, {"1.1": "A goal."})
    assert sheet.post(1, {"1.1.value": ""}).status_code == 302
    assert answers(cast.anna, room) == {}


def posted_by(control):
    """What a browser posts for a box."""
    if not control.options:
        yield control.name, control.value
    for option in control.options:
        if option.checked:
            none = option.short == "none" and not control.name.endswith(".none")
            yield (f"{control.name}.none", "1") if none else (control.name, option.value)


def test_a_page_posted_unchanged_writes_nothing(cast, room, sheet):
    fill(cast.anna, room, sheets()["A"])
    before = queries.draft_sheet(cast.anna, fresh(room)).versions
    for question in range(7):
        views = sheet.get(f"answer/{question}/").context["items"]
        boxes = {}
        for view in views:
            for control in view.body.all_controls:
                for name, value in posted_by(control):
                    boxes.setdefault(name, []).append(value)
        assert sheet.post(question, boxes).status_code == 302, question
    assert queries.draft_sheet(cast.anna, fresh(room)).versions == before
    assert answers(cast.anna, room) == sheets()["A"]


def test_two_versions_stand_side_by_side_and_nothing_is_lost(cast, room, sheet):
    old = {"version-1.4": "0:none"}
    sheet.post(1, {"1.4.value": "open"}, old)
    response = sheet.post(1, {"1.4.value": "gt3"}, old)
    page = response.content.decode()
    assert response.status_code == 409
    assert "after more than 3 years" in page
    assert answers(cast.anna, room) == {"1.4": "open"}
    stamp = response.context["items"][0].extra["stamp"]
    kept = sheet.post(1, {"1.4.value": "gt3", "resolve": "1.4:mine"}, {"version-1.4": stamp})
    assert kept.status_code == 200
    assert answers(cast.anna, room) == {"1.4": "gt3"}


def test_theirs_can_be_taken(cast, room, sheet):
    old = {"version-1.4": "0:none"}
    sheet.post(1, {"1.4.value": "open"}, old)
    response = sheet.post(1, {"1.4.value": "gt3", "resolve": "1.4:theirs"}, old)
    assert response.status_code == 200
    assert answers(cast.anna, room) == {"1.4": "open"}
    (view,) = response.context["items"]
    assert [option.value for option in view.body.controls[0].options if option.checked] == ["open"]


def test_a_sealed_sheet_leads_to_the_preview(cast, room, sheet):
    fill_and_seal(cast.anna, room, sheets()["A"])
    assert sheet.get("answer/1/")["Location"].endswith("/preview/")
    assert "sealed" in sheet.get("preview/").content.decode()
    refused = sheet.post(1, {"1.4.value": "open"}, {"version-1.4": "0:none"})
    assert refused.status_code == 422
    assert "sealed" in refused.content.decode()


def test_there_is_no_seventh_question(sheet):
    assert sheet.get("answer/7/").status_code == 404


def test_the_last_round_stays_visible(cast, room, browser_of):
    fill_and_seal(cast.anna, room, sheets()["A"])
    fill_and_seal(cast.clara, room, sheets()["B"])
    actions.press_open(actor=cast.anna, room=room)
    actions.press_open(actor=cast.clara, room=room)
    actions.start_round(actor=cast.anna, room=fresh(room))
    client = browser_of("Anna")
    url = f"/rooms/{room.uid}/answer/2/"
    fill(cast.anna, fresh(room), {"2.6": 5})
    page = client.get(url)
    views = {view.number: view for view in page.context["items"]}
    assert views["2.6"].extra["previous"] == ["3 years"]
    assert views["2.6"].extra["changed"]
    assert not views["2.5"].extra["changed"]
    assert "Last round" in page.content.decode()
    only = client.get(url + "?only=changed")
    assert [view.number for view in only.context["items"]] == ["2.6"]


def test_guesses_are_marked_as_guesses(cast, browser_of):
    from mutualist.apps.rooms.values import PartySpec

    room = actions.create_room(
        actor=cast.anna,
        mode="alone",
        frame={"name": "Alone", "offer": "X", "horizon": 5, "currency": "EUR", "relation": "none"},
        parties=[PartySpec("Nordwerk"), PartySpec("Tauwerk")],
    )
    client = browser_of("Anna")
    page = client.get(f"/rooms/{room.uid}/answer/2/?seat=B").content.decode()
    assert "the way Tauwerk would answer" in page
    client.post(f"/rooms/{room.uid}/answer/2/?seat=B", {"version-2.6": "0:none", "2.6.value": "9"})
    assert queries.draft_sheet(cast.anna, fresh(room), "B").answers == {"2.6": 9}
    assert queries.draft_sheet(cast.anna, fresh(room)).answers == {}


@pytest.mark.parametrize("path", ["answer/1/", "preview/", "visibility/", "preview/?view=theirs"])
def test_strangers_find_nothing(room, browser_of, client, path):
    url = f"/rooms/{room.uid}/{path}"
    assert browser_of("Dora").get(url).status_code == 404
    assert "/accounts/login/" in client.get(url)["Location"]


@pytest.mark.parametrize("path", ["answer/1/", "item/1.1/", "preview/"])
def test_a_reader_of_the_firm_without_a_seat_cannot_answer(room, browser_of, path):
    client = browser_of("Ben")
    url = f"/rooms/{room.uid}/{path}"
    found = client.post(url) if path.startswith("item") else client.get(url)
    assert found.status_code == 404


def test_somebody_with_a_link_answers_without_an_account(cast, client):
    room = open_two_sided(cast)
    invitation = actions.invite_answerer(
        actor=cast.anna, room=room, seat="B", name="Paul", email="paul@firm.test", language="de"
    )
    client.post("/" + invitation.url.split("//", 1)[1].split("/", 1)[1])
    page = client.get(f"/rooms/{room.uid}/answer/0/", headers={"Accept-Language": "de"})
    assert page.status_code == 200
    assert "Wer antwortet?" in page.content.decode()
    posted = {"version-2.6": "0:none", "2.6.value": "4"}
    assert client.post(f"/rooms/{room.uid}/answer/2/", posted).status_code == 302


def test_nothing_of_the_other_side_is_on_any_page(cast, room, browser_of):
    canary = "zqx-canary-914"
    sheet_b = {
        **sheets()["B"],
        "1.1": canary,
        "6.1": [{"what": canary, "due_months": 3, "who": canary}],
    }
    fill(cast.clara, room, sheet_b)
    seal_short(room, cast.clara)
    client = browser_of("Anna")
    paths = [f"answer/{n}/" for n in range(7)] + ["preview/", "preview/?view=theirs", "visibility/"]
    for path in paths:
        assert canary not in client.get(f"/rooms/{room.uid}/{path}", follow=True).content.decode()


@pytest.mark.parametrize(
    ("path", "most"),
    [("answer/3/", 14), ("preview/", 20), ("preview/?view=theirs", 14), ("visibility/", 12)],
)
def test_pages_ask_the_database_little(
    cast, room, sheet, django_assert_max_num_queries, path, most
):
    fill(cast.anna, room, sheets()["A"])
    # The first request of a session is noted, and its browser with it.
    sheet.get("visibility/")
    # On PostgreSQL each scope of private rows opens a transaction and names its seats.
    scopes = 0 if connection.vendor == "sqlite" else 6
    with django_assert_max_num_queries(most + scopes):
        assert sheet.get(path).status_code == 200
