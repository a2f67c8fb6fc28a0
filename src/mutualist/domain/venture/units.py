"""Units of quantities: money, pieces, hours, shares, and their products and quotients."""

from __future__ import annotations

import re
from typing import Final

#: Exponent per dimension, sorted; the empty one is a plain number or share.
Unit = tuple[tuple[str, int], ...]
SHARE: Final[Unit] = ()
MONEY: Final[Unit] = (("money", 1),)
_WORD: Final = re.compile(r"[^\W\d]\w*|%|1")
_PLAIN: Final = frozenset({"share", "shares", "percent", "%", "1", "number", "factor"})


def parse_unit(text: str, currency: str = "") -> Unit:
    """Read a unit.

    Parameters
    ----------
    text
        For example ``"money"``, ``"EUR/piece"``, ``"hours"``, ``"share"`` or ``""``.
    currency
        The code that means money.

    Returns
    -------
    Unit
        Exponents per dimension; one piece and many pieces are the same.

    Raises
    ------
    ValueError
        When the text is no product and quotient of words.

    Examples
    --------
    >>> parse_unit("EUR/piece", "EUR")
    (('money', 1), ('piece', -1))
    """
    stripped = text.strip()
    if not stripped:
        return SHARE
    powers: dict[str, int] = {}
    sign = 1
    for position, part in enumerate(re.split(r"\s*([*/])\s*", stripped)):
        if position % 2:
            sign = 1 if part == "*" else -1
            continue
        if not _WORD.fullmatch(part):
            raise ValueError(text)
        word = _singular(part, currency)
        if word:
            powers[word] = powers.get(word, 0) + sign
    return _normal(powers)


def _singular(word: str, currency: str) -> str:
    if currency and word == currency:
        return "money"
    lower = word.lower()
    if lower in _PLAIN:
        return ""
    return lower[:-1] if lower.endswith("s") and len(lower) > 2 else lower


def _normal(powers: dict[str, int]) -> Unit:
    return tuple(sorted((word, power) for word, power in powers.items() if power))


def times(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """Return the unit of a product, or with ``sign`` -1 of a quotient."""
    powers = dict(left)
    for word, power in right:
        powers[word] = powers.get(word, 0) + sign * power
    return _normal(powers)


def unit_text(unit: Unit) -> str:
    """Write a unit for messages: ``money/piece``, ``share``.

    Examples
    --------
    >>> unit_text((("money", 1), ("piece", -1)))
    'money/piece'
    """
    up = [word for word, power in unit for _ in range(power)]
    down = [word for word, power in unit for _ in range(-power)]
    if not up and not down:
        return "share"
    return "/".join(["*".join(up) or "1", *down])
