"""Payments as files for a bank: a SEPA credit transfer (ISO 20022, pain.001.001.09), and CSV for everything else."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from xml.etree import ElementTree as ET

from mutualist.domain.programme.commission.money import plain
from mutualist.library.bank_accounts import iban_fault, is_bic, normal_iban
from mutualist.library.workbook.cells import guard

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
#: Signs every bank of the SEPA area takes (EPC 217-08, basic Latin set).
_ODD: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_GERMAN: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "&": "+", "ø": "o", "Ø": "O", "æ": "ae",
     "Æ": "Ae", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "–": "-", "—": "-", "’": "'", "_": "-", "#": "/"}
)  # fmt: skip
_REFERENCE: Final = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9\-?:().,'+/ ]{1,35}(?<!/)")
MOST_CENTS: Final = 99_999_999_999


@dataclass(frozen=True, slots=True, repr=False)
class BankAccount:
    """An account: whose it is and where. Its values appear in no log."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Transfer:
    """One payment; the amount in smallest units of the currency of the file."""

    to: BankAccount
    amount: int
    reference: str
    purpose: str


@dataclass(frozen=True, slots=True, repr=False)
class PaymentFile:
    """What a file of payments says as a whole."""

    message: str
    created: datetime
    execute_on: date
    payer: BankAccount
    transfers: Sequence[Transfer]
    currency: str = "EUR"


def sepa_text(text: str, longest: int) -> str:
    """Return a text in the signs every bank takes: umlauts written out, accents taken off, the rest as a full stop.

    Examples
    --------
    >>> sepa_text("Müller & Söhne GmbH №7", 70)
    'Mueller + Soehne GmbH No7'
    """
    said = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_GERMAN))
    said = "".join(sign for sign in said if not unicodedata.combining(sign))
    return " ".join(_ODD.sub(".", said).split())[:longest].strip() or "."


def sepa_file(file: PaymentFile) -> bytes:
    """Return a file a bank carries out: one collective order of SEPA credit transfers in euros.

    Raises
    ------
    ValueError
        For what no bank would take: another currency, no payments, an account that cannot be right, an amount out of
        range, a reference twice. Whoever makes the file checks before; this is the last door.
    """
    _check(file)
    root = ET.Element("Document", xmlns=NAMESPACE)
    order = ET.SubElement(root, "CstmrCdtTrfInitn")
    total = plain(sum(one.amount for one in file.transfers), file.currency)
    count = str(len(file.transfers))
    head = ET.SubElement(order, "GrpHdr")
    _add(head, "MsgId", file.message)
    _add(head, "CreDtTm", file.created.isoformat(timespec="seconds"))
    _add(head, "NbOfTxs", count)
    _add(head, "CtrlSum", total)
    _add(head, "InitgPty/Nm", sepa_text(file.payer.name, 70))
    block = ET.SubElement(order, "PmtInf")
    _add(block, "PmtInfId", file.message)
    _add(block, "PmtMtd", "TRF")
    _add(block, "BtchBookg", "true")
    _add(block, "NbOfTxs", count)
    _add(block, "CtrlSum", total)
    _add(block, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _add(block, "ReqdExctnDt/Dt", file.execute_on.isoformat())
    _add(block, "Dbtr/Nm", sepa_text(file.payer.name, 70))
    _add(block, "DbtrAcct/Id/IBAN", normal_iban(file.payer.iban))
    if file.payer.bic:
        _add(block, "DbtrAgt/FinInstnId/BICFI", file.payer.bic)
    else:
        _add(block, "DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    _add(block, "ChrgBr", "SLEV")
    for transfer in file.transfers:
        _transfer(block, transfer, file.currency)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _transfer(block: ET.Element, transfer: Transfer, currency: str) -> None:
    row = ET.SubElement(block, "CdtTrfTxInf")
    _add(row, "PmtId/EndToEndId", transfer.reference)
    _add(row, "Amt/InstdAmt", plain(transfer.amount, currency)).set("Ccy", currency)
    if transfer.to.bic:
        _add(row, "CdtrAgt/FinInstnId/BICFI", transfer.to.bic)
    _add(row, "Cdtr/Nm", sepa_text(transfer.to.name, 70))
    _add(row, "CdtrAcct/Id/IBAN", normal_iban(transfer.to.iban))
    _add(row, "RmtInf/Ustrd", sepa_text(transfer.purpose, 140))


def _add(parent: ET.Element, path: str, text: str) -> ET.Element:
    for name in path.split("/"):
        parent = ET.SubElement(parent, name)
    parent.text = text
    return parent


def _check(file: PaymentFile) -> None:
    if file.currency != "EUR":
        raise ValueError(f"a SEPA transfer is in EUR, not in {file.currency}")
    if not file.transfers:
        raise ValueError("a file without payments is none")
    references = [one.reference for one in file.transfers]
    if len(set(references)) < len(references):
        raise ValueError("a reference names one payment only")
    for reference in (file.message, *references):
        if not _REFERENCE.fullmatch(reference):
            raise ValueError(f"the reference {reference!r} has signs no bank takes, or is too long")
    for account in (file.payer, *(one.to for one in file.transfers)):
        if iban_fault(account.iban) or (account.bic and not is_bic(account.bic)):
            raise ValueError("an account of the file cannot be right")
    if not all(0 < one.amount <= MOST_CENTS for one in file.transfers):
        raise ValueError("an amount is 0.01 to 999,999,999.99")


COLUMNS: Final = ("reference", "name", "iban", "bic", "amount", "currency", "execute_on", "purpose")


def payments_csv(file: PaymentFile) -> str:
    """Return the payments as CSV: for currencies and banks without SEPA. Amounts have a point, as ISO 20022 has."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in file.transfers:
        writer.writerow(
            [
                guard(one.reference),
                guard(one.to.name),
                normal_iban(one.to.iban),
                one.to.bic,
                plain(one.amount, file.currency),
                file.currency,
                file.execute_on.isoformat(),
                guard(one.purpose),
            ]
        )
    return out.getvalue()
