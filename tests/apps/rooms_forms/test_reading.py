"""Wrong and unfinished input: a message where it belongs, and nothing typed is lost."""

from __future__ import annotations

import pytest

from mutualist.apps.rooms.forms import ABSENT, DONT_KNOW, ItemForm, Scene, Typed
from mutualist.apps.rooms.forms.problems import checker
from mutualist.domain.assess import builtin_ruleset

RULES = builtin_ruleset("2026.2")
TWO = {"A": "Nordwerk", "B": "Tauwerk"}
THREE = {**TWO, "C": "Grauwerk"}


def form(item, parties=TWO, language="en", party="A"):
    scene = Scene(party, parties, RULES.source, {"currency": "EUR"}, language)
    return ItemForm(item, scene, checker(scene, RULES))


def read(item, boxes, **more):
    return form(item, **more).read(
        Typed({k: [v] if isinstance(v, str) else v for k, v in boxes.items()})
    )


@pytest.mark.parametrize(
    ("item", "boxes", "box"),
    [
        ("1.1", {"value": "x" * 201}, "value"),
        ("1.2", {"bridge": "110"}, "bridge"),
        ("1.2", {"bridge": "ten"}, "bridge"),
        ("1.3", {"by": "soon"}, "by"),
        ("1.4", {"value": "tomorrow"}, "value"),
        ("2.2", {"years": "11"}, "years"),
        ("2.2", {"years": "2,5"}, "years"),
        ("2.6", {"value": "12"}, "value"),
        ("3.1", {"have.sales": "5"}, "have.sales"),
        ("3.1", {"bring": ["sales"], "bring.none": "1"}, "bring.none"),
        ("3.1", {"need.sales": "3", "need.none": "1"}, "need.none"),
        ("3.1", {"bring": ["flying"]}, ""),
        ("4.1", {"0.type": "devices", "0.amount": "many", "0.sure": "50"}, "0.amount"),
        ("4.1", {"none": "1", "0.type": "devices", "0.amount": "5", "0.sure": "50"}, ""),
        ("4.1", {"1.type": "devices", "1.amount": "2,5", "1.sure": "50"}, "1.amount"),
        ("4.6", {"public": ["logo"], "public.none": "1"}, "public"),
        ("5.1", {"0.source": "none", "0.payer": "customer"}, "0.payer"),
        ("5.3", {"loss": "120"}, "loss"),
        ("5.4", {"worst": "-1"}, "worst"),
        ("6.4", {"P1": "maybe"}, "P1"),
        ("2.2", {"years": "5", "dont_know": "1"}, ""),
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_wrong_input_gets_a_message_where_it_belongs(item, boxes, box, language):
    one = form(item, language=language)
    typed = Typed({k: [v] if isinstance(v, str) else v for k, v in boxes.items()})
    reading = one.read(typed)
    assert box in reading.errors
    assert not reading.is_unfinished
    view = one.view(typed, reading.errors)
    assert view.wrong, "the summary of errors must name it"
    places = {control.id for control in view.body.all_controls} | {view.name}
    assert {place for place, _ in view.wrong} <= places


@pytest.mark.parametrize(
    ("item", "boxes"),
    [
        ("1.2", {"bridge": "60"}),
        ("1.2", {"bridge": "60", "learn": "50"}),
        ("5.2", {"A": "60", "B": "60"}),
        ("5.1", {"0.source": "fixed_price", "0.percent": "100"}),
        ("4.1", {"0.type": "devices"}),
        ("5.1", {"0.source": "own_sales", "0.percent": "40", "0.payer": "customer"}),
        ("6.1", {"2.who": "CTO"}),
    ],
)
def test_unfinished_input_is_told_apart_from_wrong_input(item, boxes):
    reading = read(item, boxes)
    assert reading.errors
    assert reading.is_unfinished


def test_what_was_typed_stands_there_again():
    one = form("4.1")
    typed = Typed(
        {"0.type": ["devices"], "0.amount": ["about ten"], "0.sure": [""], "2.by": ["soon"]}
    )
    view = one.view(typed, one.read(typed).errors)
    shown = {control.name: control.value for control in view.body.all_controls}
    assert shown["4.1.0.amount"] == "about ten"
    assert shown["4.1.2.by"] == "soon"
    assert view.body.parts[2].facts["open"], "a filled row is never folded away"


def test_messages_are_in_the_language_of_the_person():
    german = read("2.2", {"years": "viel"}, language="de").errors["years"][0]
    english = read("2.2", {"years": "viel"}, language="en").errors["years"][0]
    assert "keine Zahl" in german
    assert "not a number" in english


@pytest.mark.parametrize(
    ("item", "boxes", "value"),
    [
        ("2.2", {"years": "5", "proof": "3"}, {"years": 5, "proof": 3}),
        (
            "1.3",
            {"measure": "revenue", "value": "1.234,5", "by": "6/2028"},
            {"measure": "revenue", "value": 1234.5, "by": "2028-06"},
        ),
        ("3.1", {"have.sales": "0", "bring.none": "1"}, {"have": {}, "bring": []}),
        ("4.1", {"none": "1"}, []),
        (
            "4.1",
            {"1.type": "devices", "1.amount": "4.000", "1.sure": "70"},
            [{"type": "devices", "amount": 4000, "sure": 70}],
        ),
        ("5.1", {"0.source": "none"}, [{"source": "none", "percent": 100}]),
        ("4.4", {"value": "-20"}, -20),
        ("3.4", {"value": "them"}, "them"),
        ("3.4", {"value": DONT_KNOW}, DONT_KNOW),
        ("2.3", {"dont_know": "1"}, DONT_KNOW),
        (
            "2.3",
            {"plan": "approved", "what": ["rival_product", "own_build"]},
            {"plan": "approved", "what": ["own_build", "rival_product"]},
        ),
        ("4.6", {"public.none": "1", "exists": ["offer"]}, {"public": [], "exists": ["offer"]}),
        (
            "header",
            {"role": " CEO ", "mandate": "up_to", "limit": "250"},
            {"role": "CEO", "mandate": "up_to", "limit": 250},
        ),
    ],
)
def test_answers_as_they_are_posted(item, boxes, value):
    reading = read(item, boxes, language="de")
    assert reading.errors == {}
    assert reading.value == value


def test_one_answer_for_all_or_one_for_each_party():
    folded = read("2.3", {"towards": "all", "plan": "no", "to-B.plan": "running"}, parties=THREE)
    assert folded.value == {"plan": "no"}
    each = read("2.3", {"towards": "each", "plan": "no", "to-B.plan": "running"}, parties=THREE)
    assert each.value == {"B": {"plan": "running"}}
    wrong = read("2.6", {"towards": "each", "to-C.value": "99"}, parties=THREE)
    assert list(wrong.errors) == ["to-C.value"]
    empty = read("2.3", {"towards": "each"}, parties=THREE)
    assert empty.value is ABSENT


def test_with_two_parties_there_is_nothing_to_unfold():
    assert not form("2.3").is_unfolded
    assert form("2.3", THREE).is_unfolded
    assert not form("1.2", THREE).is_unfolded
