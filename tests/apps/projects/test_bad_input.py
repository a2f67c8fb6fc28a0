"""Bad input for projects, by the partner's forms and by programs, in both languages: said, and nothing is stored."""

from __future__ import annotations

import pytest

from apps.rooms.cast import make_cast
from apps.writes.projects import PROJECT_API, PROJECT_PAGES
from apps.writes.scenarios import browser, rows
from apps.writes.wrong_field import refused

pytestmark = pytest.mark.django_db
LONG = {"en": ("Too long", "at most"), "de": ("Zu lang", "höchstens")}
NAME = {"en": ("customer's name", "required"), "de": ("Namen des Kunden", "erforderlich")}
TITLE = {"en": ("what it is about", "required"), "de": ("worum es geht", "erforderlich")}
CONTENT = [
    ("name", "", NAME),
    ("name", "   ", NAME),
    ("name", "😀😀", NAME),
    ("name", "x" * 500, LONG),
    ("title", "", TITLE),
    ("title", "x" * 5000, LONG),
    ("postal_code", "7017", {"en": ("7017",), "de": ("7017",)}),
    ("postal_code", "", {"en": ("a name alone",), "de": ("Einen Namen allein",)}),
    ("domain", "no domain", {"en": ("no domain",), "de": ("no domain",)}),
    ("vat", "DE136695967", {"en": ("DE136695967",), "de": ("DE136695967",)}),
    ("amount", "NaN", {"en": ("“NaN” is no amount",), "de": ("„NaN“ ist kein Betrag",)}),
    ("amount", "1e400", {"en": ("is no amount",), "de": ("ist kein Betrag",)}),
    ("amount", "-1", {"en": ("is no amount",), "de": ("ist kein Betrag",)}),
    ("amount", "1.123456789012", {"en": ("is no amount",), "de": ("ist kein Betrag",)}),
    ("email", "petra", {"en": ("petra", "valid email"), "de": ("petra", "gültige E-Mail")}),
    ("country", "XX", {"en": ("XX",), "de": ("XX",)}),
    ("country", "Atlantis", {"en": ("Atlantis",), "de": ("Atlantis",)}),
    ("currency", "€", {"en": ("€",), "de": ("€",)}),
    ("currency", "DEM", {"en": ("DEM",), "de": ("DEM",)}),
    ("expected_on", "2026-02-30", {"en": ("day", "date"), "de": ("Tag", "Datum")}),
]
RULES = [
    ("period_days", "0", {"en": ("greater than or equal to 1",), "de": ("größer oder gleich 1",)}),
    ("answer_hours", "1e9", {"en": ("whole number",), "de": ("ganze Zahl",)}),
]
CASES = [
    *(("register_project", *one) for one in CONTENT),
    *(("change_own_project", *one) for one in CONTENT),
    *(("projects:own_new", *one) for one in CONTENT),
    *(("projects:own_edit", *one) for one in CONTENT),
    *(("projects:rules", *one) for one in RULES),
    ("projects:project", "reason", "none such", {"en": ("none such",), "de": ("none such",)}),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("name", "field", "value", "said"), CASES)
def test_what_cannot_be_right_is_said_and_nothing_is_stored(name, field, value, said, language):
    by_program = name in PROJECT_API
    ready = (PROJECT_API if by_program else PROJECT_PAGES)[name]
    answer, told = refused(ready, field, value, language, by_program=by_program)
    assert any(one in told for one in said[language])
    if not by_program:
        assert f'name="{field}"' in answer.content.decode()


@pytest.mark.parametrize("move", ["approve", "reject", "ask", "lose", "nothing"])
def test_a_project_of_another_programme_is_not_there(move):
    cast = make_cast()
    write, rival = PROJECT_PAGES["projects:project"](cast), browser(cast.dora)
    before = rows()
    form = {**write.form, "move": move, "question": "Which?", "reason": "too_early"}
    assert rival.post(write.path, form).status_code == 404
    assert rows() == before
