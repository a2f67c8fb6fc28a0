"""Two customers are the same, perhaps the same, or two."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.domain.programme.registration import (
    Customer,
    RegistrationError,
    compare,
    conflicts,
    customer,
    keys_of,
)

MUELLER = customer("Müller Chemie GmbH", "DE", postcode="70173", domain="mueller-chemie.de")


def other(name: str = "Müller Chemie GmbH", **changes: str) -> Customer:
    return customer(name, changes.pop("country", "DE"), **changes)


@pytest.mark.parametrize(
    "double",
    [
        other("MUELLER CHEMIE Gesellschaft mit beschränkter Haftung", postcode="70173"),
        other("Müler Chemie", postcode="70173", domain="www.mueller-chemie.de"),
        other("Muller-Chemie", domain="info@mueller-chemie.de"),
    ],
)
def test_spellings_of_one_firm_are_the_same(double: Customer) -> None:
    assert compare(MUELLER, double).decision == "same"


@pytest.mark.parametrize(
    "doubtful",
    [
        other("Müller Chemie GmbH & Co. KG", postcode="70173"),
        other("Müller Chemie", postcode="20095"),
        other("Müller Chemie Logistik GmbH", postcode="70173"),
    ],
)
def test_what_may_be_one_firm_is_for_people_to_say(doubtful: Customer) -> None:
    assert compare(MUELLER, doubtful).decision == "maybe"


@pytest.mark.parametrize(
    "stranger",
    [
        other("Schmidt Pumpen GmbH", postcode="70173"),
        other("Müller Chemie GmbH", country="AT", postcode="1010"),
        other("Chemie Union AG", domain="chemie-union.de"),
    ],
)
def test_other_firms_are_others(stranger: Customer) -> None:
    assert compare(MUELLER, stranger).decision == "different"


def test_numbers_of_registers_decide_whatever_the_names_say() -> None:
    one = other("Alpha GmbH", vat="DE136695976", postcode="70173")
    renamed = other("Omega AG", vat="DE136695976", postcode="20095")
    namesake = other("Alpha GmbH", vat="DE129273398", postcode="70173")

    assert compare(one, renamed).decision == "same"
    assert compare(one, namesake).decision == "different"


def test_a_trade_name_meets_the_firm_behind_it_by_the_domain() -> None:
    firm = other("ReactiveOps Inc.", domain="fairwinds.com", postcode="70173")
    trade = other("Fairwinds", domain="www.fairwinds.com", postcode="20095")
    numbered = other("Fairwinds", domain="fairwinds.com", vat="DE129273398")

    assert compare(firm, trade).points < 45
    assert compare(firm, trade).decision == "maybe"
    assert (
        compare(other("ReactiveOps", vat="DE136695976", domain="fairwinds.com"), numbered).decision
        == "different"
    )


def test_numbers_that_contradict_each_other_are_for_people_to_say() -> None:
    one = other("Alpha GmbH", vat="DE136695976", register="HRB 1, Amtsgericht Ulm")
    mixed = other("Alpha GmbH", vat="DE136695976", register="HRB 2, Amtsgericht Ulm")

    assert compare(one, mixed).decision == "maybe"


def test_a_free_mail_address_speaks_neither_for_nor_against() -> None:
    one, two = other("Alpha GmbH", domain="gmx.de"), other("Beta Metall KG", domain="x@gmx.de")

    assert {reason.code for reason in compare(one, two).reasons}.isdisjoint(
        {"domain_equal", "domain_other"}
    )
    assert keys_of(one).domain == ""


def test_every_point_is_explained() -> None:
    found = compare(MUELLER, other("Müller Chemie KG", postcode="70178", domain="andere.de"))

    assert found.points == sum(reason.points for reason in found.reasons)
    assert [reason.code for reason in found.reasons] == [
        *("name", "name_rare", "form_other", "domain_other", "region_equal")
    ]
    assert found.version == "matching/2"


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(RegistrationError) as error:
        customer(" ", "Deutschland", vat="DE1", domain="x")

    assert {fault.where for fault in error.value.faults} == {"name", "country", "vat", "domain"}


NAMES = st.sampled_from(
    ["Müller Chemie", "Mueller Chemie", "Alb Pumpen", "Alb Pumpe", "Nord", "Nordwerk Wärme"]
)
FORMS = st.sampled_from(["", " GmbH", " AG", " GmbH & Co. KG"])
CUSTOMERS = st.builds(
    lambda name, form, code, vat, domain: customer(
        name + form, "DE", postcode=code, vat=vat, domain=domain
    ),
    NAMES,
    FORMS,
    st.sampled_from(["", "70173", "70178", "20095"]),
    st.sampled_from(["", "DE136695976", "DE129273398"]),
    st.sampled_from(["", "nordwerk.de", "gmx.de", "alb.de"]),
)


@given(CUSTOMERS, CUSTOMERS)
def test_comparing_has_no_direction(one: Customer, two: Customer) -> None:
    there, back = compare(one, two), compare(two, one)

    assert (there.decision, there.points) == (back.decision, back.points)


@given(CUSTOMERS, CUSTOMERS)
def test_whoever_is_the_same_is_found_by_a_key(one: Customer, two: Customer) -> None:
    mine, theirs = keys_of(one).blocks(), keys_of(two).blocks()
    met = any(theirs.get(name) == value for name, value in mine.items())

    assert met or compare(one, two).decision != "same"


@given(CUSTOMERS)
def test_a_customer_is_the_same_as_itself_where_anything_but_the_name_is_given(
    one: Customer,
) -> None:
    assert compare(one, one).decision == (
        "same" if one.postal_code or one.vat or keys_of(one).domain else "maybe"
    )


@given(st.lists(CUSTOMERS, max_size=5))
def test_the_strongest_comes_first_in_whatever_order_they_are_known(known: list[Customer]) -> None:
    numbered = list(enumerate(known))
    found = conflicts(MUELLER, numbered)

    assert all(
        conflicts(MUELLER, list(order)) == found
        for order in itertools.islice(itertools.permutations(numbered), 6)
    )
    assert all(hit.comparison.decision != "different" for hit in found)
