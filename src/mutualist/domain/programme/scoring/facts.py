"""Facts of one partner, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mutualist.domain.programme.rules.trees import Value

NO_ROWS: Mapping[str, tuple[Row, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: its id, which evidence is told by, and its fields.

    ``values`` has exact numbers, texts, days, flags or None. The currency of a field of money stands beside it, as
    ``amount_currency``; empty means the currency of the rules. A field that is not there is empty.
    """

    id: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a partner.

    Attributes
    ----------
    partner
        ``id``, ``name`` and the fields that the rules name.
    rows
        By table.
    """

    partner: Mapping[str, Value]
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=lambda: NO_ROWS)

    @property
    def id(self) -> str:
        """The id of the partner."""
        return str(self.partner["id"])

    @property
    def name(self) -> str:
        """The name of the partner; the id where there is none."""
        return str(self.partner.get("name") or self.partner["id"])
