"""What writing and reading the workbook of a venture agree on: sheets, columns, and how a cell is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mutualist.domain.venture.model import FAMILIES, LINE_KINDS, OPTION_TYPES, PER_YEAR, TERM_TYPES
from mutualist.library.words import N_

SCHEMA: Final = "venture-workbook/1"
META_SHEET: Final = "_mutualist"
#: Row 1 of each sheet is hidden and holds the keys, row 2 the headings in the reader's language.
KEY_ROW: Final = 1
HEADER_ROW: Final = 2
MAX_ROWS: Final = 1_100
MAX_COLUMNS: Final = 40
ID: Final = "id"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key in the file (with a dot for a key inside), heading, how a cell is meant, what can be chosen.

    ``kind`` is text, number, share, formula, names (several), numbers (several), truth, parts (name and figure, several) or
    tiers.
    """

    key: str
    heading: str
    kind: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A sheet: key of the file, title, columns; ``form`` is one (a single entry), named, listed, or rows (of tables)."""

    key: str
    title: str
    form: str
    columns: tuple[Column, ...]


_NAME: Final = Column(ID, N_("Short name"))
_PARTY: Final = Column("party", N_("Party"))
_FROM_TO: Final = (
    Column("first", N_("From period"), "number"),
    Column("last", N_("To period"), "number"),
    Column("at", N_("Only in periods"), "numbers"),
)

SECTIONS: Final = (
    Section(
        "frame",
        N_("Venture"),
        "one",
        (
            Column("name", N_("Name")),
            Column("currency", N_("Currency")),
            Column("periods.unit", N_("Length of a period"), choices=tuple(PER_YEAR)),
            Column("periods.count", N_("Number of periods"), "number"),
            Column("periods.start", N_("First month")),
        ),
    ),
    Section(
        "parties",
        N_("Parties"),
        "named",
        (
            _NAME,
            Column("name", N_("Name")),
            Column("discount", N_("Interest rate a year"), "rate"),
            Column("size", N_("Size"), "number"),
            Column("revenue", N_("Revenue a year"), "number"),
            Column("risk_tolerance", N_("Risk tolerance"), "number"),
            Column("best_alternative", N_("Best alternative"), "number"),
            Column("pain_limit", N_("Pain limit"), "number"),
            Column("business.mean", N_("Own business, mean a year"), "number"),
            Column("business.sd", N_("Own business, spread"), "number"),
            Column("business.correlation", N_("Own business, moves with"), "parts"),
        ),
    ),
    Section("pools", N_("Joint companies"), "named", (_NAME,)),
    Section(
        "drivers",
        N_("What is uncertain"),
        "named",
        (
            _NAME,
            Column("unit", N_("Unit")),
            Column("low", N_("Low (P10)"), "number"),
            Column("likely", N_("Likely (P50)"), "number"),
            Column("high", N_("High (P90)"), "number"),
            Column("min", N_("Least"), "number"),
            Column("mode", N_("Most likely"), "number"),
            Column("max", N_("Most"), "number"),
            Column("mean", N_("Mean"), "number"),
            Column("sd", N_("Spread"), "number"),
            Column("value", N_("Fixed value"), "number"),
            Column("family", N_("Family"), choices=FAMILIES),
            Column("profile", N_("Time profile"), "names"),
            Column("each", N_("Drawn"), choices=("once", "period")),
            Column("persistence", N_("Persistence"), "number"),
            Column("at_least", N_("At least"), "number"),
            Column("at_most", N_("At most"), "number"),
        ),
    ),
    Section(
        "events",
        N_("Events"),
        "named",
        (
            _NAME,
            Column("probability", N_("Likelihood"), "share"),
            Column("from", N_("From period"), "number"),
            Column("to", N_("To period"), "number"),
            Column("delay", N_("Delay in periods"), "number"),
            Column("lines", N_("Lines concerned"), "names"),
        ),
    ),
    Section(
        "tables",
        N_("Scenarios"),
        "rows",
        (
            Column(ID, N_("Table")),
            Column("row", N_("Scenario")),
            Column("probability", N_("Likelihood"), "share"),
            Column("column", N_("Quantity")),
            Column("unit", N_("Unit")),
            Column("value", N_("Value"), "number"),
        ),
    ),
    Section(
        "profiles",
        N_("Time profiles"),
        "named",
        (
            _NAME,
            Column("kind", N_("Kind"), choices=("ramp", "growth", "seasons", "values")),
            Column("from", N_("Factor at the start"), "number"),
            Column("to", N_("Factor at the end"), "number"),
            Column("periods", N_("Periods"), "number"),
            Column("rate", N_("Rate a year"), "rate"),
            Column("factors", N_("Factors"), "numbers"),
        ),
    ),
    Section(
        "correlations",
        N_("Correlations"),
        "listed",
        (
            Column("between.1", N_("First quantity")),
            Column("between.2", N_("Second quantity")),
            Column("rank", N_("Rank correlation"), "number"),
        ),
    ),
    Section(
        "lines",
        N_("Lines"),
        "named",
        (
            _NAME,
            _PARTY,
            Column("kind", N_("Kind"), choices=tuple(LINE_KINDS)),
            Column("amount", N_("Amount or formula"), "formula"),
            Column("unit", N_("Unit")),
            Column("from", N_("From period"), "number"),
            Column("to", N_("To period"), "number"),
            Column("at", N_("Only in periods"), "numbers"),
        ),
    ),
    Section(
        "terms",
        N_("Agreed terms"),
        "named",
        (
            _NAME,
            Column("type", N_("Kind"), choices=TERM_TYPES),
            Column("from", N_("Who pays")),
            Column("to", N_("Who is paid")),
            Column("share", N_("Share"), "share"),
            Column("of", N_("Of what"), "formula"),
            Column("amount", N_("Amount or formula"), "formula"),
            Column("price", N_("Price"), "formula"),
            Column("rate", N_("Rate an hour"), "formula"),
            Column("hours", N_("Hours"), "formula"),
            Column("tiers", N_("Tiers"), "tiers"),
            Column("minimum", N_("Guaranteed minimum"), "number"),
            Column("cap", N_("Cap"), "number"),
            Column("over", N_("Counted over"), choices=("period", "year", "total")),
            *_FROM_TO,
            Column("while", N_("While"), "formula"),
            Column("when", N_("When"), "formula"),
            Column("pool", N_("Joint company")),
            Column("stakes", N_("Stakes"), "stakes"),
        ),
    ),
    Section(
        "options",
        N_("Rights to stop"),
        "named",
        (
            _NAME,
            Column("type", N_("Kind"), choices=OPTION_TYPES),
            _PARTY,
            Column("from", N_("From period"), "number"),
            Column("cost", N_("Costs"), "formula"),
            Column("to", N_("Paid to")),
            Column("ends", N_("Ends terms"), "names"),
            Column("starts", N_("Begins lines"), "names"),
            Column("takes", N_("Takes over lines"), "names"),
            Column("when", N_("When"), "formula"),
            Column("notice", N_("Notice in periods"), "number"),
        ),
    ),
    Section(
        "contributions",
        N_("Contributions"),
        "listed",
        (
            _PARTY,
            Column("what", N_("What it brings")),
            Column("lines", N_("Lines that need it"), "names"),
            Column("buy", N_("Price to buy it"), "number"),
            Column("delay", N_("Periods to build it"), "number"),
            Column("irreplaceable", N_("Irreplaceable"), "truth"),
        ),
    ),
)
BY_KEY: Final[Mapping[str, Section]] = MappingProxyType({one.key: one for one in SECTIONS})
