"""Check receipts of seals without a server: by themselves, with each other, and with what was opened.

>>> from mutualist.library.receipts import verify_receipt
>>> check = verify_receipt({"schema": "something else"})
>>> check.ok, check.doubts[0].code
(False, 'no_receipt')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mutualist.domain.assess import (
    AnswerError,
    Room,
    RulesetError,
    builtin_ruleset,
    visible_answers,
)
from mutualist.domain.shared import (
    Doubt,
    canonical_json,
    conflicting,
    fingerprint,
    key_fingerprint,
    question_set_hash,
    receipt_doubts,
    receipt_message,
)
from mutualist.library.errors import FileError
from mutualist.library.files import Source, load_json, name_of, read_document, read_text
from mutualist.library.signatures import holds
from mutualist.library.words import N_, text

# What a check tells of a receipt: no answer and no nonce.
TOLD: Final = (
    *("room", "name", "party", "party_name", "round", "ruleset", "questions"),
    *("commitment", "fingerprint", "sealed_at", "key", "key_fingerprint"),
)
SENTENCES: Final = {
    "no_receipt": N_("This is no receipt: the schema is “{found}”, not “{expected}”."),
    "missing": N_("The field {field} is missing."),
    "unknown": N_("The field {field} does not belong into a receipt."),
    "form": N_("The field {field} has a value that cannot be: {found}"),
    "commitment": N_(
        "Sheet and nonce do not give this commitment: {expected} instead of {found}. "
        "Something in the receipt was changed."
    ),
    "fingerprint": N_("The fingerprint {found} is not that of the commitment: {expected}."),
    "key_fingerprint": N_("The fingerprint {found} is not that of the key: {expected}."),
    "signature": N_("The signature does not fit. Something in the receipt was changed."),
    "other_key": N_("Signed with the key {found}, not with the one you named: {expected}."),
    "questions": N_(
        "The questions are not those of rule version {field} that this program knows: "
        "{found} instead of {expected}."
    ),
    "two_seals": N_(
        "{found} is another seal of the same party and round than {field}. That is in order only "
        "if the first was taken back; the later one counts."
    ),
    "two_question_sets": N_("{found} names other questions for the same round than {field}."),
    "two_keys": N_("{found} was signed with another key than {field}, for the same room."),
    "no_answers": N_("{field} holds no opened answers. Take the room file of the room."),
    "broken_result": N_("{field} cannot be read as a room: {found}"),
    "no_party": N_("{field} holds no answers of party {expected}."),
    "other_round": N_("{field} is round {found}, the receipt is of round {expected}."),
    "other_rules": N_("{field} has the rule version {found}, the receipt {expected}."),
    "other_fingerprint": N_("{field} shows the fingerprint {found}, the receipt {expected}."),
    "other_answers": N_("In {field} these items are not as they were sealed: {found}."),
}


@dataclass(frozen=True)
class ReceiptCheck:
    """What the check of one receipt found.

    Attributes
    ----------
    file : str
        The file as the user called it.
    receipt : Mapping
        The receipt; empty if it could not be read.
    doubts : tuple of Doubt
        Every reason not to believe it; none if it holds.
    compared : tuple of str
        Each result it was compared with, and whether ``all`` answers stand there or the ``shown`` ones.
    """

    file: str
    receipt: Mapping[str, Any]
    doubts: tuple[Doubt, ...] = ()
    compared: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no doubt."""
        return not self.doubts

    def messages(self, lang: str = "en") -> tuple[str, ...]:
        """Return the doubts as sentences in ``de`` or ``en``."""
        return tuple(sentence(doubt, lang) for doubt in self.doubts)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """Return the check as a JSON document; it holds no answer and no nonce."""
        return {
            "file": self.file,
            "ok": self.ok,
            **{name: self.receipt[name] for name in TOLD if name in self.receipt},
            "compared": [{"file": file, "answers": kind} for file, kind in self.compared],
            "problems": [
                {"code": doubt.code, "field": doubt.field, "message": sentence(doubt, lang)}
                for doubt in self.doubts
            ],
        }


def sentence(doubt: Doubt, lang: str = "en") -> str:
    """Return a doubt as a sentence in ``de`` or ``en``."""
    if doubt.code == "unreadable":
        return _shown(doubt.found)
    values = {"field": doubt.field, "found": doubt.found, "expected": doubt.expected}
    return _shown(text(SENTENCES[doubt.code], lang, **values))


def _shown(said: str) -> str:
    """Take out what a terminal would obey: a forged receipt could wipe away what is said of it."""
    return "".join(one if one.isprintable() else "\ufffd" for one in said)


def verify_receipt(
    receipt: Mapping[str, Any] | Source,
    *,
    public_key: str | None = None,
    result: Mapping[str, Any] | Source | None = None,
    lang: str = "en",
) -> ReceiptCheck:
    """Check one receipt of a seal, offline.

    Recomputes the commitment (SHA-256 over length-prefixed fields, see the page on seals) from sheet and nonce,
    checks fingerprints, the questions and the installation's signature (Ed25519, RFC 8032).

    Parameters
    ----------
    receipt : mapping, path, open file or "-"
        The receipt; a file that cannot be read is a doubt, not an error.
    public_key : str, optional
        64 hexadecimal digits known from elsewhere, such as a mail. Without it the key in the receipt is used, which
        shows that nothing was changed but not who signed.
    result : mapping or path, optional
        A room file or the answers of the API: the opened sheet has to be the sealed one.
    lang : {"de", "en"}
        The language of messages about unreadable files.

    Returns
    -------
    ReceiptCheck
    """
    results = [] if result is None else [result]
    return verify_receipts([receipt], public_key=public_key, results=results, lang=lang)[0]


def verify_receipts(
    receipts: Sequence[Mapping[str, Any] | Source],
    *,
    public_key: str | None = None,
    results: Sequence[Mapping[str, Any] | Source] = (),
    lang: str = "en",
) -> tuple[ReceiptCheck, ...]:
    """Check several receipts, also against each other and against results; see :func:`verify_receipt`."""
    checks = [_alone(source, public_key, lang) for source in receipts]
    good = {f"{at}": check.receipt for at, check in enumerate(checks) if check.ok}
    for doubt in conflicting(good):
        named = replace(
            doubt, field=checks[int(doubt.field)].file, found=checks[int(doubt.found)].file
        )
        at = int(doubt.found)
        checks[at] = replace(checks[at], doubts=(*checks[at].doubts, named))
    for source in results:
        checks = [_compared(check, source, lang) for check in checks]
    return tuple(checks)


def _alone(source: Mapping[str, Any] | Source, public_key: str | None, lang: str) -> ReceiptCheck:
    if isinstance(source, Mapping):
        return _checked("", source, public_key)
    file = name_of(source)
    try:
        document = load_json(read_text(source))
    except FileError as error:
        return ReceiptCheck(file, {}, (Doubt("unreadable", file, _reason(error, lang)),))
    return _checked(file, document, public_key)


def _reason(error: FileError, lang: str) -> str:
    """Return why a file cannot be read, without its name."""
    return text(error.reason, lang, **error.values)


def _checked(file: str, document: Any, public_key: str | None) -> ReceiptCheck:
    doubts = receipt_doubts(document)
    if any(doubt.code in {"no_receipt", "missing", "unknown", "form"} for doubt in doubts):
        return ReceiptCheck(file, {}, doubts)
    found = list(doubts)
    if not holds(document["key"], receipt_message(document), document["signature"]):
        found.append(Doubt("signature"))
    if public_key is not None and document["key"] != public_key.lower():
        wanted = key_fingerprint(public_key)
        found.append(Doubt("other_key", "key", key_fingerprint(document["key"]), wanted))
    found += _questions(document)
    return ReceiptCheck(file, document, tuple(found))


def _questions(receipt: Mapping[str, Any]) -> list[Doubt]:
    """Compare with the rule version of that name, if this program has it."""
    version = receipt["ruleset"]
    try:
        expected = question_set_hash(builtin_ruleset(version))
    except RulesetError:
        return []
    if receipt["questions"] == expected:
        return []
    return [Doubt("questions", version, receipt["questions"], expected)]


def _compared(check: ReceiptCheck, source: Mapping[str, Any] | Source, lang: str) -> ReceiptCheck:
    if not check.receipt:
        return check
    file = "" if isinstance(source, Mapping) else name_of(source)
    try:
        document = source if isinstance(source, Mapping) else read_document(source)
        kind, doubts = _with_result(check.receipt, document, file)
    except FileError as error:
        kind, doubts = "", [Doubt("broken_result", file, _reason(error, lang))]
    except AnswerError as error:
        kind, doubts = "", [Doubt("broken_result", file, error.message(lang).splitlines()[0])]
    compared = ((file, kind),) if kind else ()
    return replace(check, doubts=(*check.doubts, *doubts), compared=(*check.compared, *compared))


def _with_result(
    receipt: Mapping[str, Any], document: Mapping[str, Any], file: str
) -> tuple[str, list[Doubt]]:
    """Return whether all or the shown answers are there, and what does not fit."""
    answers, parties = document.get("answers"), document.get("parties")
    if not isinstance(answers, Mapping) or not isinstance(parties, Mapping):
        return "", [Doubt("no_answers", file)]
    party = receipt["party"]
    if not isinstance(answers.get(party), Mapping) or not answers[party]:
        return "", [Doubt("no_party", file, expected=party)]
    doubts = _labels(receipt, document, file)
    if doubts:
        return "", doubts
    theirs = _plain(receipt["ruleset"], parties, party, answers[party])
    sealed = _plain(receipt["ruleset"], parties, party, receipt["sheet"])
    if _same(theirs, sealed):
        return "all", []
    shown = visible_answers(sealed, builtin_ruleset(receipt["ruleset"]))
    if _same(theirs, shown):
        return "shown", []
    differing = sorted(
        item
        for item in {*theirs, *shown}
        if item not in theirs
        or not (_same(theirs[item], sealed.get(item)) or _same(theirs[item], shown.get(item)))
    )
    return "", [Doubt("other_answers", file, ", ".join(differing))]


def _labels(receipt: Mapping[str, Any], document: Mapping[str, Any], file: str) -> list[Doubt]:
    party = receipt["party"]
    marks = document.get("fingerprints")
    pairs = (
        ("other_rules", document.get("ruleset"), receipt["ruleset"]),
        ("other_round", document.get("round"), receipt["round"]),
        (
            "other_fingerprint",
            marks.get(party) if isinstance(marks, Mapping) else None,
            fingerprint(receipt["commitment"]),
        ),
    )
    return [
        Doubt(code, file, str(found)[:60], str(expected))
        for code, found, expected in pairs
        if found is not None and str(found) != str(expected)
    ]


def _plain(
    ruleset: str, parties: Mapping[str, Any], party: str, sheet: Mapping[str, Any]
) -> dict[str, Any]:
    """Read a sheet as a room reads it, so that two ways of writing one answer are equal."""
    data = {"ruleset": ruleset, "parties": dict(parties), "answers": {party: dict(sheet)}}
    return dict(Room.from_dict(data).answers[party])


def _same(one: Any, other: Any) -> bool:
    return canonical_json(one) == canonical_json(other)


__all__ = ["ReceiptCheck", "sentence", "verify_receipt", "verify_receipts"]
