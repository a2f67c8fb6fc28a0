"""Files for the bank: the format of SEPA credit transfers, accounts that can be right, CSV no program runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.library.bank_accounts import grouped_iban, iban_fault, is_bic, normal_iban
from mutualist.library.payments import (
    NAMESPACE,
    BankAccount,
    PaymentFile,
    Transfer,
    payments_csv,
    sepa_file,
    sepa_text,
)

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "pain_001_001_09_part.xsd")
PAYER = BankAccount("Nordwerk Pumpen GmbH & Co. KG", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX")
SOME = (
    Transfer(BankAccount("Tauwerk Größe", "AT611904300234573201"), 123456, "PR-1-1", "Provision März 2026"),
    Transfer(BankAccount("Grauwerk", "CH9300762011623852957", "UBSWCHZH80A"), 1, "PR-1-2", "Provision"),
)  # fmt: skip
FILE = PaymentFile("PR-1", datetime(2026, 4, 2, 9, 30, tzinfo=UTC), date(2026, 4, 7), PAYER, SOME)


def _read(content):
    return {
        tag.split("}")[1]: text
        for tag, text in ((e.tag, e.text) for e in ET.fromstring(content).iter())
    }


def test_a_file_fits_the_schema_and_its_sums_are_those_of_its_payments():
    content = sepa_file(FILE)
    SCHEMA.validate(content.decode())
    root = ET.fromstring(content)
    spaces = {"p": NAMESPACE}
    amounts = [Decimal(one.text) for one in root.iterfind(".//p:InstdAmt", spaces)]
    assert amounts == [Decimal("1234.56"), Decimal("0.01")]
    assert {Decimal(one.text) for one in root.iterfind(".//p:CtrlSum", spaces)} == {sum(amounts)}
    assert {one.text for one in root.iterfind(".//p:NbOfTxs", spaces)} == {"2"}
    assert [one.text for one in root.iterfind(".//p:Cdtr/p:Nm", spaces)] == [
        "Tauwerk Groesse",
        "Grauwerk",
    ]
    assert root.find(".//p:Dbtr/p:Nm", spaces).text == "Nordwerk Pumpen GmbH + Co. KG"
    assert root.find(".//p:DbtrAcct//p:IBAN", spaces).text == "DE89370400440532013000"
    assert root.find(".//p:ReqdExctnDt/p:Dt", spaces).text == "2026-04-07"
    without = sepa_file(replace(FILE, payer=replace(PAYER, bic="")))
    SCHEMA.validate(without.decode())
    assert b"NOTPROVIDED" in without


@settings(max_examples=60, deadline=None)
@given(
    name=st.text(max_size=90), purpose=st.text(max_size=200), amount=st.integers(1, 99_999_999_999)
)
def test_whatever_is_written_the_file_fits(name, purpose, amount):
    transfer = Transfer(BankAccount(name, "AT611904300234573201"), amount, "R-1", purpose)
    SCHEMA.validate(sepa_file(replace(FILE, transfers=[transfer])).decode())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"currency": "CHF"}, "not in CHF"),
        ({"transfers": []}, "without payments"),
        ({"transfers": [SOME[0], SOME[0]]}, "one payment only"),
        ({"message": "PR//1"}, "PR//1"),
        ({"message": "ü"}, "ü"),
        ({"payer": replace(PAYER, iban="DE88370400440532013000")}, "account"),
        ({"payer": replace(PAYER, bic="XX")}, "account"),
        ({"transfers": [replace(SOME[0], amount=0)]}, "0.01"),
        ({"transfers": [replace(SOME[0], amount=10**11)]}, "0.01"),
    ],
)
def test_what_no_bank_takes_is_never_written(wrong, said):
    with pytest.raises(ValueError, match=said):
        sepa_file(replace(FILE, **wrong))


def test_accounts_appear_in_no_log():
    assert "3704" not in repr(FILE) + repr(PAYER) + repr(SOME[0])


@pytest.mark.parametrize(
    ("iban", "fault"),
    [
        ("DE89370400440532013000", ""),
        ("at61 1904 3002 3457 3201", ""),
        ("CH93 0076 2011 6238 5295 7", ""),
        ("LI21 0881 0000 2324 013A A", ""),
        ("GB82 WEST 1234 5698 7654 32", ""),
        ("DE89370400440532013001", "check"),
        ("DE8937040044053201300", "length"),
        ("DE89370400440532O13000", "letters"),
        ("XX89370400440532013000", "country"),
        ("3704004405", "shape"),
        ("", "shape"),
    ],
)
def test_ibans(iban, fault):
    assert iban_fault(iban) == fault


def test_every_single_slip_in_an_iban_is_found():
    right = "DE89370400440532013000"
    for at in range(4, len(right)):
        for digit in "0123456789":
            if digit != right[at]:
                assert iban_fault(right[:at] + digit + right[at + 1 :]) == "check"
    for at in range(4, len(right) - 1):
        swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
        assert swapped == right or iban_fault(swapped) == "check"


def test_forms_of_accounts_and_texts():
    assert grouped_iban("de89370400440532013000") == "DE89 3704 0044 0532 0130 00"
    assert normal_iban("IBAN: DE89-3704 0044") == "DE8937040044"
    assert is_bic("COBADEFF")
    assert not is_bic("COBADEF")
    assert sepa_text("  Łódź / Ærø – 5 € ", 70) == "Lodz / Aero - 5 ."
    assert sepa_text("", 70) == "."
    assert len(sepa_text("ä" * 100, 70)) == 70


def test_csv_runs_in_no_program():
    evil = replace(
        SOME[0], to=BankAccount("=cmd|' /C calc'!A0", "AT611904300234573201"), purpose="@SUM(1)"
    )
    lines = payments_csv(replace(FILE, transfers=[evil], currency="CHF")).splitlines()
    assert lines[0] == "reference,name,iban,bic,amount,currency,execute_on,purpose"
    assert lines[1] == (
        "PR-1-1,'=cmd|' /C calc'!A0,AT611904300234573201,,1234.56,CHF,2026-04-07,'@SUM(1)"
    )
