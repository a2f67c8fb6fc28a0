"""Every text a person reads comes from the rule file, with the names of the parties in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mutualist.apps.rooms import forms
from mutualist.apps.rooms.forms import ItemForm, Scene
from mutualist.apps.rooms.forms.scene import name_other_side
from mutualist.domain.assess import builtin_ruleset

SOURCE = builtin_ruleset("2026.2").source
OTHER = re.compile(r"ander\w+ Seite|other side|\bif they do\b|\bmostly with them\b")
TEMPLATES = Path(forms.__file__).parent.parent / "templates" / "rooms" / "answering"


def scene(parties, language="de"):
    return Scene("A", parties, SOURCE, {"currency": "EUR"}, language)


def texts_of(view):
    yield from (view.text, view.shown)
    for control in view.body.all_controls:
        yield control.label
        yield from (option.label for option in control.options)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("item", SOURCE["items"])
def test_with_two_parties_the_other_one_is_named(item, language):
    form = ItemForm(item, scene({"A": "Nordwerk", "B": "Tauwerk"}, language))
    for text in texts_of(form.view(form.typed(None))):
        assert not OTHER.search(text), text


@pytest.mark.parametrize("item", ["3.4", "3.5", "3.6", "6.2"])
def test_with_more_parties_their_names_stand_in_the_place_of_them(item):
    form = ItemForm(item, scene({"A": "Nordwerk", "B": "Tauwerk", "C": "Grauwerk"}))
    (control,) = form.view(form.typed(None)).body.controls
    values = [option.value for option in control.options]
    assert values[:3] == ["us", "B", "C"]
    assert "them" not in values
    (chosen,) = form.view(form.typed("them")).body.controls
    assert "them" in [option.value for option in chosen.options if option.checked]


def test_each_form_of_the_words_is_understood():
    said = {
        "Was versprechen Sie der anderen Seite?": "Was versprechen Sie Tau AG?",
        "Wie viel ist es der anderen Seite wert?": "Wie viel ist es Tau AG wert?",
        "das Ziel der anderen Seite": "das Ziel von Tau AG",
        "brauchen Sie von der anderen Seite": "brauchen Sie von Tau AG",
        "plant die andere Seite?": "plant Tau AG?",
    }
    for text, expected in said.items():
        assert name_other_side(text, "Tau AG", "de") == expected


def test_a_name_may_hold_anything():
    assert name_other_side("von der anderen Seite", r"A\1 & Söhne", "de") == r"von A\1 & Söhne"


def test_no_question_stands_in_a_template():
    words = [
        spec[language]
        for spec in [*SOURCE["items"].values(), *SOURCE["questions"], *SOURCE["pledges"]]
        for language in ("de", "en")
    ]
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], path.name


def test_every_item_has_help_and_says_who_sees_it():
    for item in SOURCE["items"]:
        form = ItemForm(item, scene({"A": "Nordwerk", "B": "Tauwerk"}))
        view = form.view(form.typed(None))
        assert view.help, item
        assert view.shown, item
