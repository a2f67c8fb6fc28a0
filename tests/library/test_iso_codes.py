"""Countries and currencies as people have them today."""

from __future__ import annotations

import pytest

from mutualist.library.iso_codes import country_names, is_country, is_currency_today


@pytest.mark.parametrize("code", ["EU", "UN", "ZZ", "XA", "DD", "001", "", "de", "D E"])
def test_what_is_no_country(code: str) -> None:
    assert not is_country(code)


def test_all_countries_of_the_standard_and_kosovo() -> None:
    assert len(country_names("de")) == 249 + 1
    assert set(country_names("de")) == set(country_names("en"))


def test_names_stand_by_the_alphabet_whatever_their_marks() -> None:
    german = list(country_names("de").values())
    assert german[:4] == ["Deutschland", "Österreich", "Schweiz", "Liechtenstein"]
    assert german.index("Ägypten") < german.index("Albanien") < german.index("Andorra")


@pytest.mark.parametrize(("code", "today"), [("EUR", True), ("PLN", True), ("HRK", False), ("DEM", False), ("XAU", False), ("eur", False), ("", False)])  # fmt: skip
def test_a_currency_is_what_people_pay_with(code: str, today: bool) -> None:
    assert is_currency_today(code) is today
