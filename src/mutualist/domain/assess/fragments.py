"""Typed pieces of generated Python: what a checked expression turns into.

Unknown answers are ``None`` at run time. A :class:`Truth` carries two plain Python conditions, one that is true when the
expression is *certainly true* and one that is true when it is *certainly false*; that is Kleene's three-valued logic
without a third value in the running code, and it makes "an unknown condition is never met" impossible to get wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fragment:
    """A value of generated code; ``total`` means that it is never ``None``."""

    code: str
    total: bool = False

    @property
    def noun(self) -> tuple[str, str]:
        """What this is called in a message, German and English."""
        return "ein Wert", "a value"


@dataclass(frozen=True, slots=True)
class Numeric(Fragment):
    """A number; ``exact`` ones are answers or literals and need no rounding before they are compared."""

    exact: bool = True
    unit: str = ""

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "eine Zahl", "a number"


@dataclass(frozen=True, slots=True)
class Chosen(Fragment):
    """One of several allowed words. ``third`` is the code of a named third party, for owner items."""

    options: str = ""
    third: str = ""
    parties: bool = False

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "eine Auswahl", "a choice"


@dataclass(frozen=True, slots=True)
class Several(Fragment):
    """A set of ticked words."""

    options: str = ""

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "eine Liste", "a list"


@dataclass(frozen=True, slots=True)
class Shares(Fragment):
    """A mapping of keys to numbers: 100 points, levels, or the ten pledges."""

    options: str = ""
    pledges: bool = False

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "eine Verteilung", "a distribution"


@dataclass(frozen=True, slots=True)
class Rows(Fragment):
    """The rows of an item such as 5.1."""

    item: str = ""

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "Zeilen", "rows"


@dataclass(frozen=True, slots=True)
class Wording(Fragment):
    """Free text."""

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "ein Text", "a text"


@dataclass(frozen=True, slots=True)
class Party(Fragment):
    """One of the parties, as a value to compare a payer with."""

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "eine Partei", "a party"


@dataclass(frozen=True, slots=True)
class Constant(Fragment):
    """A bare word that means something only beside a choice: ``us`` in ``Y.control = us``."""

    at: int = 0

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return f"das Wort „{self.code}“", f"the word {self.code!r}"


@dataclass(frozen=True, slots=True)
class Words(Fragment):
    """``[a, b]``: words to choose from."""

    entries: tuple[str, ...] = ()
    at: int = 0

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "eine Aufzählung", "an enumeration"


@dataclass(frozen=True, slots=True)
class Truth(Fragment):
    """A condition: ``code`` is true when it certainly holds, ``false`` when it certainly does not."""

    false: str = ""

    @property
    def noun(self) -> tuple[str, str]:
        """See :class:`Fragment`."""
        return "eine Bedingung", "a condition"


@dataclass(slots=True)
class Names:
    """Hands out fresh local names for generated code."""

    count: int = field(default=0)

    def fresh(self) -> str:
        """Return a name not used before."""
        self.count += 1
        return f"t{self.count}"
