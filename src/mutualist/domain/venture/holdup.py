"""Hold-up: who has tied itself more than the other, without protection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mutualist.domain.venture.stopgap_texts import require, require_part, said, stopgap_texts


@dataclass(frozen=True, slots=True)
class Tied:
    """How one party has tied itself.

    Parameters
    ----------
    name
        The party.
    outlay
        What it spends for the venture.
    specificity
        Part of it that is worth nothing elsewhere, 0 to 1.
    protections
        What clauses give back at an early end: break fee, minimum volume, notice, buy-back.
    can_leave
        Whether it can terminate, or build the piece itself.
    """

    name: str
    outlay: float
    specificity: float
    protections: float = 0.0
    can_leave: bool = False

    @property
    def exposure(self) -> float:
        """Return specificity times outlay, less protections, at least 0."""
        return max(0.0, self.specificity * self.outlay - self.protections)


@dataclass(frozen=True, slots=True)
class Holdup:
    """One side exposed to another."""

    exposed: str
    other: str
    ratio: float | None

    def sentence(self, lang: str = "en") -> str:
        """Return the finding in ``de`` or ``en``."""
        ratio = "∞" if self.ratio is None else self.ratio
        return said(
            "sentences", "holdup", lang, exposed=self.exposed, other=self.other, ratio=ratio
        )


def holdups(parties: Sequence[Tied]) -> tuple[Holdup, ...]:
    """Return who is exposed to whom: tied more than twice as much, and the other can leave or build it itself.

    Parameters
    ----------
    parties
        How each party has tied itself.

    Returns
    -------
    tuple of Holdup
        ``ratio`` is None where the other side has tied nothing.

    References
    ----------
    O. E. Williamson, "The Economic Institutions of Capitalism", 1985; B. Klein, R. G. Crawford, A. A. Alchian, "Vertical
    Integration, Appropriable Rents, and the Competitive Contracting Process", Journal of Law and Economics 21, 1978. The
    factor two is a convention of this product, kept with its words.

    Examples
    --------
    >>> small, large = Tied("Tauwerk", 400, 0.9), Tied("Nordwerk", 200, 0.5, can_leave=True)
    >>> [(one.exposed, one.ratio) for one in holdups([small, large])]
    [('Tauwerk', 3.6)]
    """
    for party in parties:
        require(f"{party.name}.outlay", party.outlay, positive=False)
        require_part(f"{party.name}.specificity", party.specificity)
        require(f"{party.name}.protections", party.protections, positive=False)
    limit = float(stopgap_texts()["holdup_ratio"])
    return tuple(
        Holdup(one.name, other.name, one.exposure / other.exposure if other.exposure else None)
        for one in parties
        for other in parties
        if one is not other and other.can_leave and one.exposure > limit * other.exposure
    )
