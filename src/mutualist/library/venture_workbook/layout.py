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
class SheetColumn:
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
    columns: tuple[SheetColumn, ...]


_NAME: Final = SheetColumn(ID, N_("Short name"))
_PARTY: Final = SheetColumn("party", N_("Party"))
_FROM_TO: Final = (
    SheetColumn("first", N_("From period"), "number"),
    SheetColumn("last", N_("To period"), "number"),
    SheetColumn("at", N_("Only in periods"), "numbers"),
)

SECTIONS: Final = (
    Section(
        "frame",
        N_("Venture"),
        "one",
        (
            SheetColumn("name", N_("Name")),
            SheetColumn("currency", N_("Currency")),
            SheetColumn("periods.unit", N_("Length of a period"), choices=tuple(PER_YEAR)),
            SheetColumn("periods.count", N_("Number of periods"), "number"),
            SheetColumn("periods.start", N_("First month")),
        ),
    ),
    Section(
        "parties",
        N_("Parties"),
        "named",
        (
            _NAME,
            SheetColumn("name", N_("Name")),
            SheetColumn("discount", N_("Interest rate a year"), "rate"),
            SheetColumn("size", N_("Size"), "number"),
            SheetColumn("revenue", N_("Revenue a year"), "number"),
            SheetColumn("risk_tolerance", N_("Risk tolerance"), "number"),
            SheetColumn("best_alternative", N_("Best alternative"), "number"),
            SheetColumn("pain_limit", N_("Pain limit"), "number"),
            SheetColumn("business.mean", N_("Own business, mean a year"), "number"),
            SheetColumn("business.sd", N_("Own business, spread"), "number"),
            SheetColumn("business.correlation", N_("Own business, moves with"), "parts"),
        ),
    ),
    Section("pools", N_("Joint companies"), "named", (_NAME,)),
    Section(
        "drivers",
        N_("What is uncertain"),
        "named",
        (
            _NAME,
            SheetColumn("unit", N_("Unit")),
            SheetColumn("low", N_("Low (P10)"), "number"),
            SheetColumn("likely", N_("Likely (P50)"), "number"),
            SheetColumn("high", N_("High (P90)"), "number"),
            SheetColumn("min", N_("Least"), "number"),
            SheetColumn("mode", N_("Most likely"), "number"),
            SheetColumn("max", N_("Most"), "number"),
            SheetColumn("mean", N_("Mean"), "number"),
            SheetColumn("sd", N_("Spread"), "number"),
            SheetColumn("value", N_("Fixed value"), "number"),
            SheetColumn("family", N_("Family"), choices=FAMILIES),
            SheetColumn("profile", N_("Time profile"), "names"),
            SheetColumn("each", N_("Drawn"), choices=("once", "period")),
            SheetColumn("persistence", N_("Persistence"), "number"),
            SheetColumn("at_least", N_("At least"), "number"),
            SheetColumn("at_most", N_("At most"), "number"),
        ),
    ),
    Section(
        "events",
        N_("Events"),
        "named",
        (
            _NAME,
            SheetColumn("probability", N_("Likelihood"), "share"),
            SheetColumn("from", N_("From period"), "number"),
            SheetColumn("to", N_("To period"), "number"),
            SheetColumn("delay", N_("Delay in periods"), "number"),
            SheetColumn("lines", N_("Lines concerned"), "names"),
        ),
    ),
    Section(
        "tables",
        N_("Scenarios"),
        "rows",
        (
            SheetColumn(ID, N_("Table")),
            SheetColumn("row", N_("Scenario")),
            SheetColumn("probability", N_("Likelihood"), "share"),
            SheetColumn("column", N_("Quantity")),
            SheetColumn("unit", N_("Unit")),
            SheetColumn("value", N_("Value"), "number"),
        ),
    ),
    Section(
        "profiles",
        N_("Time profiles"),
        "named",
        (
            _NAME,
            SheetColumn("kind", N_("Kind"), choices=("ramp", "growth", "seasons", "values")),
            SheetColumn("from", N_("Factor at the start"), "number"),
            SheetColumn("to", N_("Factor at the end"), "number"),
            SheetColumn("periods", N_("Periods"), "number"),
            SheetColumn("rate", N_("Rate a year"), "rate"),
            SheetColumn("factors", N_("Factors"), "numbers"),
        ),
    ),
    Section(
        "correlations",
        N_("Correlations"),
        "listed",
        (
            SheetColumn("between.1", N_("First quantity")),
            SheetColumn("between.2", N_("Second quantity")),
            SheetColumn("rank", N_("Rank correlation"), "number"),
        ),
    ),
    Section(
        "lines",
        N_("Lines"),
        "named",
        (
            _NAME,
            _PARTY,
            SheetColumn("kind", N_("Kind"), choices=tuple(LINE_KINDS)),
            SheetColumn("amount", N_("Amount or formula"), "formula"),
            SheetColumn("unit", N_("Unit")),
            SheetColumn("from", N_("From period"), "number"),
            SheetColumn("to", N_("To period"), "number"),
            SheetColumn("at", N_("Only in periods"), "numbers"),
        ),
    ),
    Section(
        "terms",
        N_("Agreed terms"),
        "named",
        (
            _NAME,
            SheetColumn("type", N_("Kind"), choices=TERM_TYPES),
            SheetColumn("from", N_("Who pays")),
            SheetColumn("to", N_("Who is paid")),
            SheetColumn("share", N_("Share"), "share"),
            SheetColumn("of", N_("Of what"), "formula"),
            SheetColumn("amount", N_("Amount or formula"), "formula"),
            SheetColumn("price", N_("Price"), "formula"),
            SheetColumn("rate", N_("Rate an hour"), "formula"),
            SheetColumn("hours", N_("Hours"), "formula"),
            SheetColumn("tiers", N_("Tiers"), "tiers"),
            SheetColumn("minimum", N_("Guaranteed minimum"), "number"),
            SheetColumn("cap", N_("Cap"), "number"),
            SheetColumn("over", N_("Counted over"), choices=("period", "year", "total")),
            *_FROM_TO,
            SheetColumn("while", N_("While"), "formula"),
            SheetColumn("when", N_("When"), "formula"),
            SheetColumn("pool", N_("Joint company")),
            SheetColumn("stakes", N_("Stakes"), "stakes"),
        ),
    ),
    Section(
        "options",
        N_("Rights to stop"),
        "named",
        (
            _NAME,
            SheetColumn("type", N_("Kind"), choices=OPTION_TYPES),
            _PARTY,
            SheetColumn("from", N_("From period"), "number"),
            SheetColumn("cost", N_("Costs"), "formula"),
            SheetColumn("to", N_("Paid to")),
            SheetColumn("ends", N_("Ends terms"), "names"),
            SheetColumn("starts", N_("Begins lines"), "names"),
            SheetColumn("takes", N_("Takes over lines"), "names"),
            SheetColumn("when", N_("When"), "formula"),
            SheetColumn("notice", N_("Notice in periods"), "number"),
        ),
    ),
    Section(
        "contributions",
        N_("Contributions"),
        "listed",
        (
            _PARTY,
            SheetColumn("what", N_("What it brings")),
            SheetColumn("lines", N_("Lines that need it"), "names"),
            SheetColumn("buy", N_("Price to buy it"), "number"),
            SheetColumn("delay", N_("Periods to build it"), "number"),
            SheetColumn("irreplaceable", N_("Irreplaceable"), "truth"),
        ),
    ),
)
BY_KEY: Final[Mapping[str, Section]] = MappingProxyType({one.key: one for one in SECTIONS})
