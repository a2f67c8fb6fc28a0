"""Every line and term of a venture in a form: nothing is lost, and everything wrong is said beside its box."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.rooms.cast import Cast
from apps.ventures.steps import browser, described, of_organisation, of_room
from apps.ventures.whole_steps import CHECK, page_of, post, saved, sent, slot
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.entries.renaming import short_name
from mutualist.apps.ventures.models import Version
from mutualist.domain.venture.templates import template

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "ventures"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", [*sorted(templates()), "pumpenpuls"])
def test_what_nobody_touches_stays_to_the_letter(cast: Cast, name: str, language: str) -> None:
    found: Any = (
        yaml.safe_load((EXAMPLES / "pumpenpuls.yaml").read_text(encoding="utf-8"))
        if name == "pumpenpuls"
        else template(name)["venture"]
    )
    made = actions.describe_for_organisation(
        actor=cast.anna,
        organisation=cast.nordwerk.uid,
        template="resale" if name == "pumpenpuls" else name,
        description=found,
    )
    client = browser(cast.anna, language)
    answer = post(client, made, sent(page_of(client, made), do="save"))
    assert answer.status_code == 302, answer.content.decode()
    assert Version.objects.count() == 1, "nothing was changed, so there is nothing to save"


def test_short_ways_of_writing_stay_as_well(cast: Cast) -> None:
    found = described("resale") | {
        "drivers": {"pumps": 300, "price": {"unit": "money", "low": 80, "likely": 90, "high": 99}},
        "lines": {"gross": "pumps * price", "sales": {"party": "A", "amount": "gross"}},
        "terms": {},
    }
    found = {key: value for key, value in found.items() if key not in {"contributions", "profiles"}}
    made = actions.describe_for_organisation(
        actor=cast.anna, organisation=cast.nordwerk.uid, template="resale", description=found
    )
    client = browser(cast.anna)
    page = page_of(client, made)
    assert post(client, made, sent(page, do="save")).status_code == 302
    assert saved(made) == found
    assert Version.objects.count() == 1
    given = sent(page) | {"drivers-0-point.0": "400", "do": "save"}
    assert post(client, made, given).status_code == 302
    assert saved(made)["drivers"]["pumps"] == {"value": 400}
    assert saved(made)["lines"]["gross"] == "pumps * price"


def test_a_venture_too_large_for_a_form_is_changed_as_text(cast: Cast) -> None:
    lines = {f"line_{at}": {"party": "A", "amount": at} for at in range(150)}
    made = actions.describe_for_organisation(
        actor=cast.anna,
        organisation=cast.nordwerk.uid,
        template="resale",
        description=described("resale") | {"lines": {**described("resale")["lines"], **lines}},
    )
    page = page_of(browser(cast.anna), made)
    assert "too many lines for a form" in page
    assert 'name="lines-0-amount"' not in page
    assert "line_149" in page_of(browser(cast.anna), made, "text")


@pytest.mark.parametrize(
    ("change", "at", "english", "german"),
    [
        (
            {"lines-0-amount": "pumps + pump_price"},
            "lines-0-amount",
            "be added or compared",
            "lassen sich nicht addieren",
        ),
        ({"lines-0-amount": "pumps * prise"}, "lines-0-amount", "no name prise", "Namen prise gibt es nicht"),
        ({"lines-0-amount": "sales"}, "lines-0-amount", "in a circle", "im Kreis"),
        ({"drivers-0-point.0": "900"}, "drivers-0", "is above the high value", "liegt über dem oberen"),
        ({"drivers-0-point.0": "viele"}, "drivers-0-point_0", "is no number", "ist keine Zahl"),
        ({"terms-1-share": "120"}, "terms-1-share", "more than everything", "mehr als alles"),
        ({"terms-0-to": "A"}, "terms-0", "pays itself", "an sich selbst"),
        ({"frame-0-periods.count": "10000"}, "frame-0-periods_count", "periods are not possible", "Perioden gehen nicht"),
        ({"frame-0-periods.count": "0"}, "frame-0-periods_count", "periods are not possible", "Perioden gehen nicht"),
        ({"options-0-from": "0"}, "options-0-from", "before the start", "vor dem Start"),
        ({"lines-0-id": ""}, "lines-0-name", "short name", "Kurznamen"),
        ({"lines-0-id": "building"}, "lines-1-name", "stands twice", "gibt es zweimal"),
        ({"lines-2-at": "0; soon"}, "lines-2-at", "is no number", "ist keine Zahl"),
        ({"contributions-0-party": "", "contributions-0-what": ""}, "contributions-0-what", "missing", "fehlt"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_box_and_what_was_typed_stays(
    cast: Cast, change: dict[str, str], at: str, english: str, german: str
) -> None:
    made = of_organisation(cast, "supplier_contract")
    for language, said in (("en", english), ("de", german)):
        client = browser(cast.anna, language)
        given = {**sent(page_of(client, made)), **change}
        live = post(client, made, given, headers=CHECK).content.decode()
        assert said in slot(live, at), live
        answer = post(client, made, {**given, "do": "save"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in slot(page, at)
        again = sent(page)
        for name, value in change.items():
            assert again[name] == [value]
    assert Version.objects.count() == 1


def test_a_message_goes_when_its_box_is_right_again(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna)
    given = sent(page_of(client, made))
    wrong = post(client, made, {**given, "lines-0-amount": "pumps"}, headers=CHECK).content.decode()
    assert "1 point does not fit yet" in wrong
    flagged = sent(wrong)["flagged"]
    right = post(client, made, {**given, "flagged": flagged}, headers=CHECK).content.decode()
    assert 'id="lines-0-amount-error"' in right
    assert slot(right, "lines-0-amount") == ""
    assert "Everything fits together" in right
    assert Version.objects.count() == 1, "a check stores nothing"


def test_parts_are_added_and_taken_out_without_script(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna, "de")
    given = sent(page_of(client, made), do="add:terms")
    page = post(client, made, {**given, "add-terms": "fixed"}).content.decode()
    assert slot(page, "terms-2-name") == "", "what was only just added is not wrong yet"
    given = sent(page)
    given |= {
        "terms-2-id": "Betreuung im Jahr",
        "terms-2-from": "A",
        "terms-2-to": "B",
        "terms-2-amount": "2.500,50",
        "do": "remove:options-0",
    }
    page = post(client, made, given).content.decode()
    assert 'id="options-0"' not in page
    answer = post(client, made, {**sent(page), "do": "save", "note": "mit Betreuung"})
    assert answer.status_code == 302, answer.content.decode()
    found = saved(made)
    assert found["terms"]["Betreuung_im_Jahr"] == {
        "type": "fixed",
        "from": "A",
        "to": "B",
        "amount": 2500.5,
    }
    assert "options" not in found


def test_each_kind_of_entry_can_be_added_and_described(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna)
    filled = {
        "drivers": {"id": "visits", "unit": "pieces", "point.0": "1", "point.1": "2", "point.2": "4"},
        "events": {"id": "fails", "probability": "10", "from": "4", "to": "8"},
        "lines": {"id": "care", "party": "B", "kind": "cost", "amount": "visits * 5 [money/piece]"},
        "terms": {"id": "fee", "type": "hourly", "from": "A", "to": "B", "rate": "90", "hours": "40"},
        "options": {"id": "buy", "type": "buy_out", "party": "A", "from": "6", "cost": "1000", "to": "B"},
        "contributions": {"party": "B", "what": "Data", "lines": ["sales"], "buy": "1000"},
        "correlations": {"first": "pumps", "second": "visits", "rank": "0.3"},
        "profiles": {"id": "winter", "kind": "seasons", "factors": "0.8; 1.2"},
        "pools": {"id": "J"},
        "tables": {"id": "economy", "columns": "cycle; share", "rows": "boom; 50 %; 1.2\nslump; 50 %; 0.8"},
        "parties": {"name": "Grauwerk KG", "discount": "9"},
    }  # fmt: skip
    page = page_of(client, made)
    for part, boxes in filled.items():
        before = {*re.findall(rf'<details class="disclosure entry" id="({part}-\d+)"', page)}
        page = post(client, made, {**sent(page), "do": f"add:{part}"}).content.decode()
        (new,) = {
            *re.findall(rf'<details class="disclosure entry" id="({part}-\d+)"', page)
        } - before
        given = sent(page)
        for _twice in range(2):  # the kind first, then what is asked of that kind
            given |= {f"{new}-{key}": value for key, value in boxes.items()}
            page = post(client, made, {**given, "do": "check"}).content.decode()
            given = sent(page)
    # A joint company needs stakes.
    page = post(client, made, {**given, "do": "add:terms", "add-terms": "equity"}).content.decode()
    given = {**sent(page), "terms-3-id": "stakes", "terms-3-pool": "J"}
    given |= {"terms-3-stakes.A": "60", "terms-3-stakes.B": "40", "do": "save"}
    answer = post(client, made, given)
    assert answer.status_code == 302, re.findall(r"<li>(.*?)</li>", answer.content.decode())[-12:]
    found = saved(made)
    assert found["drivers"]["visits"] == {"unit": "pieces", "low": 1, "likely": 2, "high": 4}
    assert found["events"]["fails"] == {"probability": 0.1, "from": 4, "to": 8}
    assert found["terms"]["fee"]["hours"] == 40
    assert found["terms"]["stakes"] == {
        "type": "equity",
        "pool": "J",
        "stakes": {"A": 0.6, "B": 0.4},
    }
    assert found["options"]["buy"]["to"] == "B"
    assert found["contributions"][2] == {
        "party": "B",
        "what": "Data",
        "lines": ["sales"],
        "buy": 1000,
    }
    assert found["correlations"] == [{"between": ["pumps", "visits"], "rank": 0.3}]
    assert found["profiles"]["winter"] == {"kind": "seasons", "factors": [0.8, 1.2]}
    assert found["tables"]["economy"]["rows"][1] == {
        "name": "slump",
        "probability": 0.5,
        "cycle": 0.8,
    }
    assert found["parties"]["C"] == {"name": "Grauwerk KG", "discount": 0.09}


def test_an_average_and_its_swing_need_no_family(cast: Cast) -> None:
    made = of_organisation(cast, "resale")
    client = browser(cast.anna)
    given = sent(page_of(client, made))
    given |= {"drivers-1-way": "moments", "drivers-1-point.0": "1300", "drivers-1-point.1": "80"}
    assert post(client, made, {**given, "do": "save"}).status_code == 302
    assert saved(made)["drivers"]["street_price"] == {
        "unit": "money/piece",
        "mean": 1300,
        "sd": 80,
        "family": "normal",
    }


def test_tiers_are_read_as_they_are_written(cast: Cast) -> None:
    made = of_organisation(cast, "licence")
    client = browser(cast.anna, "de")
    given = sent(page_of(client, made))
    assert given["terms-0-tiers"] == ["500.000; 12 %\n1.000.000; 10 %\n8 %"]
    given |= {"terms-0-tiers": "400.000; 12 %\n9 %", "do": "save"}
    assert post(client, made, given).status_code == 302
    assert saved(made)["terms"]["royalty"]["tiers"] == [
        {"up_to": 400000, "share": 0.12},
        {"share": 0.09},
    ]


def test_a_new_name_is_taken_over_wherever_the_old_one_stood(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna)
    given = sent(page_of(client, made)) | {"drivers-0-id": "Verkaufte Stück", "do": "save"}
    answer = post(client, made, given)
    assert answer.status_code == 302, answer.content.decode()
    found = saved(made)
    assert next(iter(found["drivers"])) == "Verkaufte_Stueck"
    assert found["lines"]["sales"]["amount"] == "Verkaufte_Stueck * pump_price"
    assert found["terms"]["parts"]["of"] == "Verkaufte_Stueck"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("units", "units"), ("Größe Nr. 1", "Groesse_Nr_1"), ("1a", "_1a"), ("™", "TM"), ("_", "_"), (" ", "")],
)  # fmt: skip
def test_a_short_name_is_made_of_what_people_type(typed: str, name: str) -> None:
    assert short_name(typed) == name


def test_nobody_overwrites_what_was_saved_in_the_meantime(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    anna, clara = browser(cast.anna), browser(cast.clara)
    hers, ours = (sent(page_of(client, made)) for client in (clara, anna))
    assert post(clara, made, {**hers, "terms-0-price": "200", "do": "save"}).status_code == 302
    answer = post(anna, made, {**ours, "terms-0-price": "190", "do": "save"})
    assert answer.status_code == 422
    assert "changed elsewhere" in answer.content.decode()
    page = answer.content.decode()
    assert "Tauwerk Sensorik GmbH saved version 2" in page
    assert "195 → <strong>200</strong>" in page
    again = sent(page)
    assert again["terms-0-price"] == ["190"]
    assert Version.objects.count() == 2
    assert post(anna, made, {**again, "do": "save"}).status_code == 422, "reading is not deciding"
    assert post(anna, made, {**again, "over": "2"}).status_code == 302
    assert saved(made)["terms"]["parts"]["price"] == 190


def test_private_figures_have_no_box_where_the_other_side_reads(cast: Cast, room: Room) -> None:
    shared, own = of_room(cast.anna, room), of_organisation(cast)
    client = browser(cast.anna)
    assert "best_alternative" not in page_of(client, shared)
    assert "parties-0-best_alternative" in page_of(client, own)
    given = sent(page_of(client, shared)) | {"parties-0-best_alternative": "5", "do": "save"}
    assert post(client, shared, given).status_code == 302
    assert "best_alternative" not in json.dumps(saved(shared))


def test_a_party_of_a_venture_of_a_room_has_a_seat(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.anna)
    page = page_of(client, made)
    assert 'value="add:parties"' not in page, "both are there already"
    answer = post(client, made, {**sent(page), "do": "add:parties"})
    assert answer.status_code == 200
    assert 'id="parties-2"' not in answer.content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"entry": ["frame-0", "parties-0", "lines-99999", "nothing-1", "drivers-0"]},
        {"entry": ["drivers-1"], "drivers-1-id": "a", "drivers-1-way": "none", "drivers-1-point.0": "1e400"},
        {"entry": ["lines-1"], "lines-1-id": "x", "lines-1-amount": "(" * 900},
        {"do": "add:nothing"},
        {"do": "add:frame"},
        {"do": "remove:frame-0", "entry": "frame-0"},
        {"seen": "99999999999999999999", "do": "save"},
    ],
    ids=range(8),
)  # fmt: skip
def test_nonsense_is_answered_with_words(cast: Cast, given: dict[str, Any]) -> None:
    made = of_organisation(cast)
    client = browser(cast.anna)
    assert post(client, made, given).status_code in {200, 422}
    assert post(client, made, {**given, "do": "save"}).status_code == 422
    assert post(client, made, given, headers=CHECK).status_code == 200
    assert Version.objects.count() == 1


def test_what_is_not_on_the_page_gets_no_message(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna)
    given = sent(page_of(client, made))
    gone = post(client, made, {**given, "do": "remove:lines-4"}).content.decode()
    flagged = {"flagged": "lines-4-amount lines-0-amount nothing-1"}
    live = post(client, made, {**sent(gone), **flagged}, headers=CHECK).content.decode()
    assert 'id="lines-0-amount-error"' in live
    assert 'id="lines-4-amount-error"' not in live
    assert "nothing-1" not in live


def test_an_entry_nobody_has_begun_is_told_when_it_is_saved(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna)
    page = post(client, made, {**sent(page_of(client, made)), "do": "add:lines"}).content.decode()
    live = post(client, made, sent(page), headers=CHECK).content.decode()
    assert "Everything fits together" in live
    answer = post(client, made, {**sent(page), "do": "save"})
    assert answer.status_code == 422
    assert "short name" in slot(answer.content.decode(), "lines-5-name")


def test_parts_come_back_with_what_the_check_says(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna)
    given = {**sent(page_of(client, made)), "do": "remove:drivers-0", "open": "lines-1"}
    rebuild = {"HX-Request": "true", "HX-Target": "parts"}
    page = post(client, made, given, headers=rebuild).content.decode()
    assert "no name pumps" in slot(page, "lines-0-amount")
    assert 'id="checked" class="checked" role="status" hx-swap-oob="true"' in page
    assert "do not fit yet" in page
    assert '<details class="disclosure entry" id="lines-1" open>' in page
    assert "<html" not in page
