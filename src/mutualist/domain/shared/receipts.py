"""Receipts of seals: what a party keeps to check its own seal without the server.

A receipt holds the sealed sheet, its nonce and everything else the commitment was made of, signed by the installation.
With it a party can show at any time what it sealed, and that what was opened is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mutualist.domain.shared.seals import commitment, fingerprint
from mutualist.domain.shared.signing import key_fingerprint, signed_message

RECEIPT_SCHEMA: Final = "mutualist-receipt/1"
RECEIPT_DOMAIN: Final = "mutualist/receipt/v1"

_HEX64: Final = re.compile(r"[0-9a-f]{64}")
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "schema": re.compile(re.escape(RECEIPT_SCHEMA)),
    "room": re.compile(r"[!-~]{1,64}"),
    "name": re.compile(r"[^\x00-\x1f\ud800-\udfff]{0,300}"),
    "party": re.compile(r"[A-Za-z0-9_-]{1,16}"),
    "party_name": re.compile(r"[^\x00-\x1f\ud800-\udfff]{1,300}"),
    "ruleset": re.compile(r"[0-9A-Za-z.-]{1,20}"),
    "questions": _HEX64,
    "nonce": _HEX64,
    "commitment": _HEX64,
    "fingerprint": re.compile(r"[0-9a-f]{4} [0-9a-f]{4}"),
    "sealed_at": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})"),
    "key": _HEX64,
    "key_fingerprint": re.compile(r"[0-9a-f]{4}( [0-9a-f]{4}){3}"),
    "signature": re.compile(r"[0-9a-f]{128}"),
}
FIELDS: Final = (*_FORMS, "round", "sheet")
MAX_ROUND: Final = 10_000


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason not to believe a receipt.

    Attributes
    ----------
    code
        ``form`` and ``missing`` name a field; ``commitment``, ``fingerprint``, ``key_fingerprint`` are recomputed;
        further codes are given by :mod:`mutualist.library.receipts`.
    field
        The field or whatever else the doubt is about.
    found, expected
        What stands there and what should.
    """

    code: str
    field: str = ""
    found: str = ""
    expected: str = ""


def receipt_message(receipt: Mapping[str, Any]) -> bytes:
    """Return the bytes the installation signs."""
    return signed_message(RECEIPT_DOMAIN, receipt)


def receipt_doubts(receipt: Any) -> tuple[Doubt, ...]:
    """Check form, commitment and fingerprints of a receipt; the signature is checked by the library.

    Parameters
    ----------
    receipt
        As read from JSON; anything may be in it.

    Examples
    --------
    >>> [doubt.code for doubt in receipt_doubts(["no receipt"])]
    ['no_receipt']
    """
    if not isinstance(receipt, Mapping) or receipt.get("schema") != RECEIPT_SCHEMA:
        found = receipt.get("schema") if isinstance(receipt, Mapping) else type(receipt).__name__
        return (Doubt("no_receipt", "schema", str(found)[:60], RECEIPT_SCHEMA),)
    wrong = tuple(_form(receipt))
    return wrong or tuple(_recomputed(receipt))


def _form(receipt: Mapping[str, Any]) -> list[Doubt]:
    doubts = [Doubt("missing", field) for field in FIELDS if field not in receipt]
    doubts += [Doubt("unknown", str(field)[:60]) for field in receipt if field not in FIELDS]
    for field, pattern in _FORMS.items():
        value = receipt.get(field, "")
        if field in receipt and not (isinstance(value, str) and pattern.fullmatch(value)):
            doubts.append(Doubt("form", field, str(value)[:60]))
    round_ = receipt.get("round", 1)
    if type(round_) is not int or not 1 <= round_ <= MAX_ROUND:
        doubts.append(Doubt("form", "round", str(round_)[:60]))
    if not isinstance(receipt.get("sheet", {}), Mapping):
        doubts.append(Doubt("form", "sheet", type(receipt["sheet"]).__name__))
    return doubts


def _recomputed(receipt: Mapping[str, Any]) -> list[Doubt]:
    try:
        seal = commitment(
            room=receipt["room"],
            party=receipt["party"],
            questions=receipt["questions"],
            round=receipt["round"],
            nonce=bytes.fromhex(receipt["nonce"]),
            answers=receipt["sheet"],
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        # Lone surrogates, numbers that are no numbers, depth without end: nothing that was ever sealed.
        return [Doubt("form", "sheet", "")]
    pairs = (
        ("commitment", seal),
        ("fingerprint", fingerprint(receipt["commitment"])),
        ("key_fingerprint", key_fingerprint(receipt["key"])),
    )
    return [
        Doubt(field, field, receipt[field], expected)
        for field, expected in pairs
        if receipt[field] != expected
    ]


def conflicting(receipts: Mapping[str, Mapping[str, Any]]) -> tuple[Doubt, ...]:
    """Compare receipts that hold by themselves: those of one room have to agree.

    Parameters
    ----------
    receipts
        By the name of their file.

    Returns
    -------
    tuple of Doubt
        ``two_seals`` for one party and round sealed twice, ``two_question_sets`` for one round under different
        questions, ``two_keys`` for one room signed by two installations; `field` and `found` are the two files.
    """
    rules = (
        ("two_seals", ("room", "party", "round"), "commitment"),
        ("two_question_sets", ("room", "round"), "questions"),
        ("two_keys", ("room",), "key"),
    )
    doubts = []
    for code, same, differs in rules:
        seen: dict[tuple[Any, ...], str] = {}
        for file, receipt in receipts.items():
            first = seen.setdefault(tuple(receipt[name] for name in same), file)
            if receipts[first][differs] != receipt[differs]:
                doubts.append(Doubt(code, first, file))
    return tuple(doubts)
