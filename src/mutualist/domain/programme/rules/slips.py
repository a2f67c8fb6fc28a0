"""What people write in a formula out of habit, and what it is called here."""

from __future__ import annotations

import re

_RANGE = (
    "Ein Bereich sind zwei Bedingungen: 10 <= x and x <= 20.",
    "A range is two conditions: 10 <= x and x <= 20.",
)
#: How the slip looks, in the text around the place where reading stopped; then the remedy.
_SLIPS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)"),
        "Zahlen stehen ohne Tausenderzeichen, als 1000.",
        "Numbers have no sign between thousands: 1000.",
    ),
    (
        re.compile(r"\d\s*%"),
        "Ein Prozentsatz ist eine Zahl ohne Zeichen: 20, oder 0.2 als Anteil.",
        "A percentage is a number without a sign: 20, or 0.2 as a share.",
    ),
    (re.compile(r"=>|≥"), "Mindestens heißt >=.", "At least is written >=."),
    (re.compile(r"=<|≤"), "Höchstens heißt <=.", "At most is written <=."),
    (re.compile(r"&&?"), "Beides zugleich heißt and.", "Both together is written and."),
    (re.compile(r"\|\|?"), "Eines von beiden heißt or.", "One of both is written or."),
    (
        re.compile(r"[$€£]|\d\s*[A-Z]{3}\b"),
        "Geld ist eine Zahl ohne Zeichen, in der Währung der Regeln: 1500.",
        "Money is a number without a sign, in the currency of the rules: 1500.",
    ),
    (
        re.compile(r"\bago\b"),
        "Früheres misst ein Messwert mit ago, nicht die Formel.",
        "What was earlier is measured by a measure with ago, not in the formula.",
    ),
    (
        re.compile(r"\bis\s+(?!not\b|empty\b)\w+"),
        "Gleich heißt =.",
        "Equal is written =.",
    ),
    (re.compile(r"\bbetween\b"), *_RANGE),
    (re.compile(r"(?:<=?|>=?)[^<>=()]*(?:<=?|>=?)"), *_RANGE),
)
#: Brackets that are still open at the end: YAML has cut the formula at a comma.
_CUT = (
    "Formeln mit Komma stehen in Anführungszeichen.",
    "Formulas with a comma stand in quotes.",
)


def remedy(text: str, at: int) -> tuple[str, str]:
    """Return what to write instead, if the mistake is a known slip.

    Parameters
    ----------
    text
        The formula.
    at
        Index of the character where reading stopped.

    Returns
    -------
    tuple of str
        The remedy in German and English; two empty texts if nothing is known.

    Examples
    --------
    >>> remedy("total => 1000", 7)[1]
    'At least is written >=.'
    >>> remedy("total >= 1000 1", 14)
    ('', '')
    """
    if at >= len(text.rstrip()):
        return _CUT if text.count("(") > text.count(")") else ("", "")
    for slip, de, en in _SLIPS:
        if any(found.start() <= at < found.end() for found in slip.finditer(text)):
            return de, en
    return "", ""
