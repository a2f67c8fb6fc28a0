"""Numbers are brought into one form, and refused where a check digit shows a slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.domain.programme.registration import RegistrationError
from mutualist.domain.programme.registration.numbers import (
    postal_code,
    register_number,
    telling_domain,
    vat_number,
    web_domain,
)


def code(error: pytest.ExceptionInfo[RegistrationError]) -> str:
    return error.value.faults[0].code


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("DE 136 695 976", "DE136695976"),
        ("de129273398", "DE129273398"),
        ("ATU13585627", "ATU13585627"),
        ("ATU 10223006", "ATU10223006"),
        ("CHE-116.281.710 MWST", "CHE116281710"),
        ("CHE 116281710 tva", "CHE116281710"),
        ("LI 12345", "LI12345"),
        ("FR 40303265045", "FR40303265045"),
        ("  ", ""),
    ],
)
def test_a_vat_id_has_one_form(written: str, normal: str) -> None:
    assert vat_number(written) == normal


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("DE136695967", "vat_check"),
        ("ATU13585628", "vat_check"),
        ("CHE-116.281.711", "vat_check"),
        ("DE12345", "vat_form"),
        ("LI123456", "vat_form"),
        ("US123456789", "vat_form"),
        ("1", "vat_form"),
    ],
)
def test_a_slip_in_a_vat_id_is_told(written: str, wrong: str) -> None:
    with pytest.raises(RegistrationError) as error:
        vat_number(written)

    assert code(error) == wrong
    assert error.value.faults[0].value == written


@given(st.integers(0, 8), st.integers(1, 9))
def test_no_single_wrong_digit_passes(place: int, by: int) -> None:
    digits = "136695976"
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]

    with pytest.raises(RegistrationError):
        vat_number(f"DE{wrong}")


@pytest.mark.parametrize(
    ("written", "country", "normal"),
    [
        ("HRB 42243, Amtsgericht München", "DE", "DE:muenchen:HRB42243"),
        ("Amtsgericht Muenchen, HRB 042243", "DE", "DE:muenchen:HRB42243"),
        ("AG Charlottenburg (Berlin) HRB 123 B", "DE", "DE:charlottenburg-berlin:HRB123B"),
        ("FN 112233 x", "AT", "AT:FN112233X"),
        ("112233x", "AT", "AT:FN112233X"),
        ("CHE-116.281.710", "CH", "CHE116281710"),
        ("FL-0002.123.456-7", "LI", "LI:FL00021234567"),
        ("12345", "NL", "NL:12345"),
        ("", "DE", ""),
    ],
)
def test_an_entry_of_a_register_has_one_form(written: str, country: str, normal: str) -> None:
    assert register_number(written, country) == normal


@pytest.mark.parametrize(
    ("written", "country", "wrong"),
    [
        ("HRB 42243", "DE", "register_court"),
        ("42243", "DE", "register_form"),
        ("FN x", "AT", "register_form"),
        ("CHE-116.281.711", "CH", "register_check"),
        ("FL-1", "LI", "register_form"),
    ],
)
def test_a_number_without_its_court_names_nobody(written: str, country: str, wrong: str) -> None:
    with pytest.raises(RegistrationError) as error:
        register_number(written, country)

    assert code(error) == wrong


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://www.Nordwerk.de/kontakt?x=1", "nordwerk.de"),
        ("info@pumpen.nordwerk.de", "nordwerk.de"),
        ("shop.bau.co.at", "bau.co.at"),
        ("müller-bau.de", "xn--mller-bau-q9a.de"),
        ("nordwerk.de.", "nordwerk.de"),
        ("", ""),
    ],
)
def test_a_domain_is_what_can_be_bought(written: str, normal: str) -> None:
    assert web_domain(written) == normal


@pytest.mark.parametrize(
    "written", ["nordwerk", "http://", "10.0.0.1", "a b.de", "-x.de", "http://[::1"]
)
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(RegistrationError):
        web_domain(written)


def test_free_mail_and_builders_of_sites_name_no_firm() -> None:
    assert [telling_domain(one) for one in ("gmx.de", "jimdo.com", "co.at", "nordwerk.de")] == [
        *("", "", ""),
        "nordwerk.de",
    ]


@pytest.mark.parametrize(
    ("written", "country", "normal"),
    [
        ("D-70173", "DE", "70173"),
        ("A-1010", "AT", "1010"),
        ("FL-9490", "LI", "9490"),
        ("1011 AB", "NL", "1011 AB"),
    ],
)
def test_a_postal_code_has_the_form_of_its_country(written: str, country: str, normal: str) -> None:
    assert postal_code(written, country) == normal


@pytest.mark.parametrize(("written", "country"), [("7017", "DE"), ("10100", "AT"), ("abcd", "CH")])
def test_a_postal_code_of_another_form_is_refused(written: str, country: str) -> None:
    with pytest.raises(RegistrationError):
        postal_code(written, country)
