"""Shares as amounts that can be paid: rounded to the cent, adding up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal


def to_cents(shares: Sequence[float], digits: int = 2) -> tuple[Decimal, ...]:
    """Return the shares rounded so that they add up to the rounded whole, by largest remainders.

    Every share is first rounded down; the cents that are missing go to those that lost most. Of equal remainders the larger
    share comes first, then the party named first.

    Parameters
    ----------
    shares
        Amounts of money; may be negative.
    digits
        Digits after the point.

    Examples
    --------
    >>> [str(share) for share in to_cents([100 / 3] * 3)]
    ['33.34', '33.33', '33.33']
    """
    unit = Decimal(1).scaleb(-digits)
    exact = [Decimal(float(share)) for share in shares]
    whole = sum(exact, Decimal(0)).quantize(unit, ROUND_HALF_EVEN)
    down = [share.quantize(unit, ROUND_FLOOR) for share in exact]
    missing = int((whole - sum(down, Decimal(0))) / unit)
    order = sorted(range(len(exact)), key=lambda i: (down[i] - exact[i], -exact[i], i))
    for i in order[:missing]:
        down[i] += unit
    return tuple(down)
