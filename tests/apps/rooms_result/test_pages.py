"""The result pages in the browser's eyes: who sees them, what they say, what they record."""

from __future__ import annotations

import json
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.rooms.cast import Cast, convened_room, fill_and_seal, fresh, sheets
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.models import Room

PAGES = ["result", "guide", "pledges", "part", "next_round"]
# One of them looks for a venture of the room, one for the partnership it was opened from.
MOST_QUERIES = 14
HTMX = {"HX-Request": "true"}


def page_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_both_sides_read_the_same_result(opened, browser, address):
    seen = [
        re.sub(
            r"csrf\S+|value=\"\w{64}\"|X-CSRFToken.*|value=\"[\w-]{24}\"",
            "",
            page_of(browser(name).get(address(opened))),
        )
        for name in ("Anna", "Clara")
    ]
    bodies = [page[page.index("verdict") : page.index("</main>")] for page in seen]
    assert bodies[0] == bodies[1]


def test_a_reader_of_the_house_reads_it_too(opened, browser, address):
    assert "Supplier relationship" in page_of(browser("Ben").get(address(opened)))


def test_a_rival_finds_nothing_and_a_stranger_is_asked_to_log_in(opened, browser, address):
    dora, nobody = browser("Dora"), browser()
    for page in PAGES:
        assert dora.get(address(opened, page)).status_code == 404, page
        assert nobody.get(address(opened, page)).status_code == 302, page


def test_nothing_is_there_before_the_opening(answering, browser, address):
    client = browser("Anna")
    for page in PAGES:
        assert client.get(address(answering, page)).status_code == 404, page


def test_a_rival_cannot_compute(opened, browser, address):
    assert browser("Dora").post(address(opened, "compute"), {"move": "goal"}).status_code == 404


def test_a_round_that_is_not_there_is_not_found(opened, browser, address):
    client = browser("Anna")
    for asked in ("9", "x", "-1", "0", "1;", "99999999999", "²"):
        assert client.get(address(opened, "result", f"?round={asked}")).status_code == 404, asked


def test_the_first_lines_say_what_it_is(opened, browser, address):
    page = page_of(browser("Clara", "de").get(address(opened)))
    first = page.index("Lieferbeziehung</h1>")
    assert (
        first
        < page.index("Das ist in Ordnung. Nur heißt es dann auch so.")
        < page.index("Warum 85?")
    )
    assert page.index("Warum 85?") < page.index("Was dieses Ergebnis nicht weiß")
    assert "51 %" in page
    assert "Unverbindliche Sondierung" in page
    assert "2026.2" in page


def test_the_page_speaks_the_language_of_its_reader(opened, browser, address):
    page = page_of(browser("Clara", "en").get(address(opened)))
    assert "Tauwerk Sensorik GmbH supplies Nordwerk Pumpen AG." in page
    assert "That is fine. Just call it that." in page
    assert "nötig" not in page


def test_every_chart_has_its_specification_and_a_table(opened, browser, address):
    page = page_of(browser("Anna").get(address(opened)))
    specs = re.findall(
        r'<div class="chart" data-chart>.*?<script type="application/json">(.*?)</script>', page
    )
    assert len(specs) >= 10
    assert page.count('<details class="twin">') == len(specs)
    for spec in specs:
        assert json.loads(spec)["$schema"].startswith("https://vega.github.io")


def test_the_page_needs_no_inline_script_or_style(opened, browser, address):
    for name in PAGES:
        page = page_of(browser("Anna").get(address(opened, name)))
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
        assert scripts == []
        assert " style=" not in page
        assert " onclick=" not in page


def test_charts_are_loaded_on_the_result_page_only(opened, browser, address):
    assert "vega" in page_of(browser("Anna").get(address(opened)))
    assert "vega" not in page_of(browser("Anna").get(address(opened, "guide")))


def test_names_of_firms_cannot_carry_markup(cast: Cast, browser, address):
    from mutualist.library.datasets import load_pumpenpuls

    data = load_pumpenpuls(round=1).to_dict()
    data["parties"]["B"] = "</script><b>Tau & Werk</b>"
    room = actions.import_room_file(actor=cast.anna, host=cast.nordwerk, data=data)
    page = page_of(browser("Anna").get(address(room)))
    assert "<b>Tau" not in page
    assert "&lt;b&gt;Tau &amp; Werk" in page


def test_few_queries(second, browser, address):
    client = browser("Anna")
    for page in PAGES:
        client.get(address(second, page))
        with CaptureQueriesContext(connection) as seen:
            page_of(client.get(address(second, page)))
        # The pages with a form also ask where the room stands.
        limit = MOST_QUERIES if page in {"result", "guide"} else MOST_QUERIES + 8
        assert len(seen) <= limit, f"{page}: {len(seen)}"


def test_ticking_computes_a_fragment(opened, browser, address):
    response = browser("Anna").post(
        address(opened, "compute"), {"move": ["goal", "share:B", "P3:A"]}, headers=HTMX
    )
    part = page_of(response)
    assert part.lstrip().startswith("<section")
    assert "Partnership possible" in part
    assert "With 3 changes" in part
    assert "<html" not in part


def test_without_script_the_whole_page_comes_back_with_the_ticks(opened, browser, address):
    page = page_of(browser("Anna").post(address(opened, "compute"), {"move": "goal"}))
    assert re.search(r'value="goal" checked', page)
    assert not re.search(r'value="share:B" checked', page)
    assert "With one change" in page


def test_a_computed_page_can_be_loaded_again(opened, browser, address):
    response = browser("Anna").get(address(opened, "compute"))
    assert response.status_code == 302
    assert response.url == address(opened, "result", "?round=1")


def test_a_change_that_is_not_offered_is_refused_in_words(opened, browser, address):
    for headers in ({}, HTMX):
        response = browser("Anna").post(
            address(opened, "compute"), {"move": "P2:A"}, headers=headers
        )
        assert response.status_code == 400
        assert "P2:A" in response.content.decode()


def test_computing_stores_nothing(opened, cast: Cast, browser, address):
    before = queries.opened(cast.anna, opened).result
    browser("Anna").post(address(opened, "compute"), {"move": ["goal", "results"]})
    assert queries.opened(cast.anna, opened).result == before
    assert queries.opened(cast.anna, opened).visible["A"]["3.6"] == "us"


def test_the_second_round_shows_the_way_and_marks_changes(second, browser, address):
    page = page_of(browser("Clara", "de").get(address(second)))
    assert "Wahre Partnerschaft</h1>" in page
    assert "Von der Runde davor zu Runde 2" in page
    assert "47 → <strong>86</strong>" in page
    assert '<span class="pill">geändert</span>' in page


def test_rounds_can_be_switched(second, browser, address):
    client = browser("Clara", "de")
    page = page_of(client.get(address(second, "result", "?round=1")))
    assert "Lieferbeziehung</h1>" in page
    assert re.search(r'href="\?round=2"', page)
    assert "Von der Runde davor" not in page


def test_a_neutral_host_sees_it_only_when_all_agree(cast: Cast, browser, address):
    room, ida, paul = convened_room(cast)
    fill_and_seal(ida, room, sheets()["A"])
    fill_and_seal(paul, room, sheets()["B"])
    actions.press_open(actor=ida, room=room)
    actions.press_open(actor=paul, room=room)
    room = fresh(room)
    assert browser("Greta").get(address(room)).status_code == 404
    actions.share_result(actor=ida, room=room, share=True)
    assert browser("Greta").get(address(room)).status_code == 404
    actions.share_result(actor=paul, room=room, share=True)
    assert "Supplier relationship" in page_of(browser("Greta").get(address(fresh(room))))


def test_a_self_check_says_whose_guesses_these_are(cast: Cast, browser, address):
    from mutualist.apps.rooms.values import PartySpec

    room = actions.create_room(
        actor=cast.anna,
        mode="alone",
        frame={"name": "Alone", "currency": "EUR", "relation": "none"},
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")],
    )
    from apps.rooms.cast import fill

    fill(cast.anna, room, sheets()["A"], "A")
    fill(cast.anna, room, sheets()["B"], "B")
    actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=True)
    page = page_of(browser("Anna").get(address(fresh(room))))
    assert "the answers of the other side are your guesses" in page
    assert "intent" not in page_of(browser("Anna").get(address(fresh(room), "pledges")))


def test_clauses_can_be_read_and_downloaded(second, browser, address):
    client = browser("Anna")
    page = page_of(client.get(address(second, "pledges")))
    assert page.count("<li><p>") >= 8
    assert "Not legal advice" in page
    assert "section 705 BGB" in page
    file = client.get(address(second, "pledges", "?format=txt"))
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert "PumpenPuls.txt" in file["Content-Disposition"]
    assert file.content.decode().startswith("Draft clauses: PumpenPuls")


def bind(client, room, address, text: str, **more):
    return client.post(
        address(room, "pledges"), {"intent": "bind", "text": text, "sure": "yes", **more}
    )


def test_parties_bind_themselves_by_the_same_words(second, cast: Cast, browser, address):
    anna, clara = browser("Anna"), browser("Clara")
    assert bind(anna, second, address, "We want P1.").status_code == 302
    page = page_of(clara.get(address(second, "pledges")))
    assert "Proposed wording" in page
    assert "We want P1.</textarea>" in page
    assert not queries.room_status(cast.anna, second).binding.is_bound
    bind(clara, second, address, "We want P1.")
    assert queries.room_status(cast.anna, second).binding.is_bound
    assert "All parties have chosen to be bound" in page_of(anna.get(address(second, "pledges")))


def test_binding_without_the_tick_or_words_is_refused_and_keeps_what_was_typed(
    second, cast: Cast, browser, address
):
    client = browser("Anna")
    no_tick = client.post(address(second, "pledges"), {"intent": "bind", "text": "We want P1."})
    assert no_tick.status_code == 422
    assert "We want P1.</textarea>" in no_tick.content.decode()
    assert bind(client, second, address, "   ").status_code == 422
    assert bind(client, second, address, "x" * 20_001).status_code == 422
    assert client.post(address(second, "pledges"), {"intent": "sell"}).status_code == 422
    assert queries.room_status(cast.anna, second).binding.confirmed == ()


def test_a_confirmation_can_be_withdrawn(second, cast: Cast, browser, address):
    client = browser("Anna")
    bind(client, second, address, "We want P1.")
    assert queries.room_status(cast.anna, second).binding.mine
    client.post(address(second, "pledges"), {"intent": "withdraw"})
    assert not queries.room_status(cast.anna, second).binding.mine


def test_a_reader_records_nothing(second, cast: Cast, browser, address):
    client = browser("Ben")
    assert "<textarea" not in page_of(client.get(address(second, "pledges")))
    for intent in ("bind", "withdraw", "consent-yes"):
        form = {"intent": intent, "text": "x", "sure": "yes"}
        assert client.post(address(second, "pledges"), form).status_code == 404, intent
    assert queries.room_status(cast.anna, second).binding.confirmed == ()


def test_consent_to_the_question_after_a_year(opened, cast: Cast, browser, address):
    client = browser("Anna")
    client.post(address(opened, "pledges"), {"intent": "consent-yes"})
    assert queries.room_status(cast.anna, opened).outcome_consent.mine is True
    assert "You agreed." in page_of(client.get(address(opened, "pledges")))
    client.post(address(opened, "pledges"), {"intent": "consent-no"})
    assert queries.room_status(cast.anna, opened).outcome_consent.mine is False


def test_parting_on_good_terms_closes_the_room_and_keeps_the_result(opened, browser, address):
    client = browser("Anna", "de")
    assert "Sehr geehrte Damen und Herren bei Tauwerk Sensorik GmbH" in page_of(
        client.get(address(opened, "part"))
    )
    assert client.post(address(opened, "part")).status_code == 302
    room = fresh(opened)
    assert (room.state, room.outcome) == (Room.State.CLOSED, "parted")
    page = page_of(client.get(address(room, "part")))
    assert "Sie haben sich im Guten getrennt" in page
    assert "Den Raum schließen" not in page
    page_of(browser("Clara").get(address(room)))


def test_a_reader_cannot_part(opened, browser, address):
    assert "Close the room" not in page_of(browser("Ben").get(address(opened, "part")))
    assert browser("Ben").post(address(opened, "part")).status_code == 404
    assert fresh(opened).state == Room.State.OPENED


def test_a_second_round_is_opened_from_its_page(opened, browser, address):
    client = browser("Clara")
    page = page_of(client.get(address(opened, "next_round")))
    assert "Your answers are already there" in page
    before = OutboxMail.objects.count()
    assert client.post(address(opened, "next_round"), {"deadline": ""}).status_code == 302
    room = fresh(opened)
    assert (room.round, room.state) == (2, Room.State.ANSWERING)
    assert OutboxMail.objects.count() >= before
    page = page_of(client.get(address(room, "next_round")))
    assert "A new round is open already." in page
    again = client.post(address(room, "next_round"), {"deadline": ""})
    assert again.status_code == 422
    assert fresh(room).round == 2


def test_a_deadline_in_the_past_is_refused_in_words(opened, browser, address):
    response = browser("Clara").post(address(opened, "next_round"), {"deadline": "2001-01-01"})
    assert response.status_code == 422
    assert fresh(opened).round == 1
    wrong = browser("Clara").post(address(opened, "next_round"), {"deadline": "soon"})
    assert wrong.status_code == 422


def test_the_guide_is_printable_and_names_who_speaks(opened, browser, address):
    page = page_of(browser("Anna", "de").get(address(opened, "guide")))
    assert "Leitfaden für das Gespräch" in page
    assert page.index("Worin Sie übereinstimmen") < page.index("Rote Punkte")
    assert "Zuerst Nordwerk Pumpen AG, dann Tauwerk Sensorik GmbH." in page
    assert 'id="print"' in page
