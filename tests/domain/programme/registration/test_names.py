"""Names of companies are taken apart as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.domain.programme.registration import company_name, marks
from mutualist.domain.programme.registration.customers import likeness, within

SPELLINGS = [
    ("GmbH", "gmbh"),
    ("G.m.b.H.", "gmbh"),
    ("Ges.m.b.H.", "gmbh"),
    ("mbH", "gmbh"),
    ("Gesellschaft mit beschränkter Haftung", "gmbh"),
    ("gGmbH", "ggmbh"),
    ("UG (haftungsbeschränkt)", "ug"),
    ("Aktiengesellschaft", "ag"),
    ("InvAG", "invag"),
    ("SE", "se"),
    ("e.K.", "ek"),
    ("e. K.", "ek"),
    ("e. Kfm.", "ek"),
    ("GmbH & Co. KG", "gmbhcokg"),
    ("GmbH und Co. KG", "gmbhcokg"),
    ("GmbH + Co KG", "gmbhcokg"),
    ("SE & Co. KGaA", "secokgaa"),
    ("AG & Co. KGaA", "agcokgaa"),
    ("Stiftung & Co. KG", "stiftungcokg"),
    ("KGaA", "kgaa"),
    ("PartG mbB", "partgmbb"),
    ("GbR", "gbr"),
    ("eGbR", "egbr"),
    ("eG", "eg"),
    ("e.V.", "ev"),
    ("VVaG", "vvag"),
    ("AöR", "aoer"),
    ("KöR", "koer"),
    ("Sàrl", "sarl"),
    ("Trust reg.", "1dgt"),
]


@pytest.mark.parametrize(("spelling", "form"), SPELLINGS)
def test_a_legal_form_is_recognised_and_taken_off(spelling: str, form: str) -> None:
    name = company_name(f"Nordlicht Pumpen {spelling}")

    assert (name.form, name.words) == (form, ("nordlicht", "pumpen"))


def test_the_state_of_a_firm_is_no_part_of_its_name() -> None:
    assert company_name("Alpha Bau GmbH i.L.") == company_name("Alpha Bau GmbH")


def test_umlauts_are_written_in_three_ways() -> None:
    keys = {
        company_name(name).key for name in ("Müller Öl", "Mueller Oel", "MULLER OL", "Öl Müller")
    }

    assert len(keys) == 1


@pytest.mark.parametrize("name", ["AG", "GmbH", "KG & Co.", "&", "...", "Und Co"])
def test_a_name_of_nothing_but_a_form_keeps_its_words(name: str) -> None:
    assert company_name(name).words


def test_short_forms_in_the_middle_are_words() -> None:
    assert company_name("Hotel AG Garni GmbH").words == ("hotel", "ag", "garni")
    assert company_name("SiemensAG").words == ("siemens",)


def test_a_short_name_stands_within_a_long_one() -> None:
    assert within(company_name("Wagner AG"), company_name("Wagner Pumpen Nord GmbH"))
    assert not within(company_name("Alb GmbH"), company_name("Alb Pumpen GmbH"))


@given(st.text(max_size=60))
def test_any_text_has_words_and_is_its_own_double(text: str) -> None:
    name = company_name(text)

    assert name.words
    assert name.strong
    assert likeness(name, name) == 100


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_has_no_direction(one: str, other: str) -> None:
    mine, theirs = company_name(one), company_name(other)

    assert likeness(mine, theirs) == likeness(theirs, mine)
    assert within(mine, theirs) == within(theirs, mine)


def test_marks_count_what_is_found_wrong_and_missed() -> None:
    found = marks(
        [
            ("SiemensAG", "Siemens AG", True),
            ("Codefresh", "Coder", False),
            ("Nordlicht GmbH", "Nordlich GmbH", False),
            ("Navimentum", "Digital China", True),
        ]
    )

    assert (found.found, found.wrong, found.missed, found.pairs) == (1, 1, 1, 4)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
