"""The parts of a venture, and what is asked of an entry of each: plain words for every key of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.ventures.entries.boxes import Box
from mutualist.apps.ventures.entries.choices import (
    EACH,
    FAMILIES,
    LINE_KINDS,
    OPTION_TYPES,
    OVER,
    PERIOD_UNITS,
    POINTS,
    PROFILE_KINDS,
    TERM_TYPES,
    WAYS,
)

Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the file.

    Attributes
    ----------
    named
        Whether its entries have a name that formulas use; else they stand in a list.
    boxes
        The boxes of an entry, by what is typed in it.
    choices
        Kinds of entries one may add; empty if there is one kind.
    rare
        Whether most ventures do without.
    """

    key: str
    title: Any
    about: Any
    add: Any
    boxes: Callable[[Typed], tuple[Box, ...]]
    named: bool = True
    choices: tuple[tuple[str, Any], ...] = ()
    chosen_by: str = ""
    rare: bool = False


FORMULA = _("A number, or a formula such as units * price.")
AT_HINT = _("Single periods only, such as 0 for the start, or 4; 8. Empty: all of them.")


def _frame(_typed: Typed) -> tuple[Box, ...]:
    return (
        Box("name", _("Name of the venture")),
        Box("currency", _("Currency")),
        Box("periods.count", _("How many periods?"), "whole"),
        Box("periods.unit", _("How long is a period?"), "choice", choices=PERIOD_UNITS),
        Box("periods.start", _("Begins in"), hint=_("Such as 2027-01"), more=True),
    )


def _party(_typed: Typed) -> tuple[Box, ...]:
    hint = _("By how much a year later counts less. Often 8 to 12 %.")
    return (
        Box("name", _("Name of the firm")),
        Box("discount", _("Discount rate a year"), "percent", hint, unit="%"),
        Box("revenue", _("Revenue a year"), "number", unit="money", more=True),
        Box("size", _("Size, such as people"), "number", more=True),
    )


PRIVATE = (
    Box("best_alternative", _("Worth of the best alternative"), "number", unit="money", more=True),
    Box("pain_limit", _("Loss that would hurt"), "number", unit="money", more=True),
    Box("risk_tolerance", _("Risk tolerance"), "number", unit="money", more=True),
    Box("business.mean", _("Own business: result a year"), "number", unit="money", more=True),
    Box("business.sd", _("Own business: usual swing a year"), "number", unit="money", more=True),
)


def _driver(typed: Typed) -> tuple[Box, ...]:
    points = POINTS.get(str(typed.get("way", "")), POINTS["quantiles"])
    figures = tuple(Box(f"point.{at}", one[1], "number") for at, one in enumerate(points))
    unit_hint = _("money, pieces, hours, share, or a price such as money/piece")
    return (
        Box("unit", _("Measured in"), "unit", unit_hint),
        Box("way", _("What do you know about it?"), "choice", choices=WAYS, turns=True),
        *figures,
        Box("profile", _("Changes over time by"), "profiles"),
        Box("family", _("Shape"), "choice", choices=FAMILIES, more=True),
        Box("each", _("Drawn"), "choice", choices=EACH, more=True),
        Box("persistence", _("Holds on from period to period (−1 to 1)"), "number", more=True),
        Box("at_least", _("Never below"), "number", more=True),
        Box("at_most", _("Never above"), "number", more=True),
    )


def _event(_typed: Typed) -> tuple[Box, ...]:
    when = _("Formulas read 0 before it happens and 1 from then on.")
    return (
        Box("probability", _("How likely is it?"), "percent", when, unit="%"),
        Box("from", _("From period"), "whole"),
        Box("to", _("To period"), "whole"),
        Box("delay", _("Delays by so many periods"), "whole", _("Empty: it delays nothing.")),
        Box("lines", _("Delays these lines"), "lines"),
    )


def _line(_typed: Typed) -> tuple[Box, ...]:
    nobody = _("Nobody: only a quantity for other formulas")
    return (
        Box("party", _("Whose money is it?"), "party", choices=(("", nobody),)),
        Box("kind", _("What is it?"), "choice", choices=LINE_KINDS),
        Box("amount", _("Amount in a period"), "formula", FORMULA, wide=True),
        Box("at", _("In these periods only"), "periods", AT_HINT),
        Box("from", _("From period"), "whole", more=True),
        Box("to", _("To period"), "whole", more=True),
        Box("unit", _("Measured in"), "unit", more=True),
    )


_TIERS = Box(
    "tiers",
    _("Tiers"),
    "tiers",
    _("One a line: up to; rate. The last line holds a rate alone. Example: 2000; 120"),
    more=True,
    wide=True,
)
_RATES: Mapping[str, tuple[Box, ...]] = {
    "share": (
        Box("share", _("Share"), "percent", unit="%"),
        Box("of", _("Of which line?"), "formula", _("A line or a formula in money.")),
        _TIERS,
    ),
    "per_unit": (
        Box("price", _("Price of a unit"), "formula", unit="money"),
        Box("of", _("For each of"), "formula", _("What is counted, such as units.")),
        _TIERS,
    ),
    "fixed": (Box("amount", _("Amount in a period"), "formula", FORMULA),),
    "hourly": (
        Box("rate", _("Rate of an hour"), "formula", unit="money"),
        Box("hours", _("Hours in a period"), "formula", FORMULA),
    ),
    "reimbursement": (
        Box("share", _("Share that is paid back"), "percent", _("Empty: all of it."), unit="%"),
        Box("of", _("Of which costs?"), "formula", _("A line or a formula in money.")),
    ),
    "milestone": (
        Box("amount", _("Amount that is paid"), "formula", FORMULA),
        Box("at", _("In period"), "periods"),
        Box("when", _("Or as soon as"), "formula", _("A condition such as total(units) > 1000.")),
    ),
}


def _term(typed: Typed) -> tuple[Box, ...]:
    kind = str(typed.get("type", "")) or "share"
    first = Box("type", _("What kind of payment?"), "choice", choices=TERM_TYPES, turns=True)
    if kind == "equity":
        stakes = [key for key in typed if key.startswith("stakes.")]
        names = tuple(Box(key, key.removeprefix("stakes."), "percent", unit="%") for key in stakes)
        return first, Box("pool", _("Joint company"), "pool"), *names
    window = (
        ()
        if kind == "milestone"
        else (
            Box(
                "while",
                _("Only while"),
                "formula",
                _("A condition such as units > 100."),
                more=True,
            ),
            Box("at", _("In these periods only"), "periods", AT_HINT, more=True),
        )
    )
    return (
        first,
        Box("from", _("Who pays?"), "party"),
        Box("to", _("Who gets it?"), "party"),
        *_RATES.get(kind, ()),
        Box("minimum", _("Guaranteed at least"), "number", unit="money", more=True),
        Box("cap", _("At most"), "number", unit="money", more=True),
        Box("over", _("Least, most and tiers count over"), "choice", choices=OVER, more=True),
        *window,
        Box("first", _("From period"), "whole", more=True),
        Box("last", _("To period"), "whole", more=True),
    )  # fmt: skip


def _option(typed: Typed) -> tuple[Box, ...]:
    kind = str(typed.get("type", "")) or "stop"
    own: Mapping[str, tuple[Box, ...]] = {
        "buy_out": (Box("to", _("Paid to"), "party"),),
        "step_in": (Box("takes", _("Takes over these lines"), "lines"),),
    }
    when = _("Empty: it is kept, and only valued.")
    return (
        Box("type", _("What may be done?"), "choice", choices=OPTION_TYPES, turns=True),
        Box("party", _("Who may do it?"), "party"),
        Box("from", _("From period"), "whole"),
        Box("cost", _("What does it cost?"), "formula", FORMULA),
        *own.get(kind, ()),
        Box("ends", _("Ends these terms"), "terms"),
        Box("starts", _("Begins these lines"), "lines", more=True),
        Box("when", _("Used as soon as"), "formula", when, more=True),
        Box("notice", _("Notice in periods"), "whole", more=True),
    )


def _contribution(_typed: Typed) -> tuple[Box, ...]:
    buy = _("What would it cost to buy it elsewhere?")
    return (
        Box("party", _("Who brings it?"), "party"),
        Box("what", _("What is it?"), hint=_("Such as patents, access to customers, a plant.")),
        Box("lines", _("These lines need it"), "lines"),
        Box("buy", _("Price of a replacement"), "number", buy, unit="money"),
        Box("delay", _("Periods until it is replaced"), "whole"),
        Box("irreplaceable", _("It cannot be replaced"), "yes"),
    )


def _correlation(_typed: Typed) -> tuple[Box, ...]:
    hint = _(
        "1: always high together; 0: nothing to do with each other; −1: one high, the other low."
    )
    return (
        Box("first", _("This figure"), "driver"),
        Box("second", _("and this one"), "driver"),
        Box("rank", _("move together (−1 to 1)"), "number", hint),
    )


_PROFILES: Mapping[str, tuple[Box, ...]] = {
    "ramp": (
        Box("from", _("Begins at factor"), "number", _("0 for nothing, 1 for all.")),
        Box("to", _("Ends at factor"), "number"),
        Box("periods", _("Takes so many periods"), "whole"),
    ),
    "growth": (Box("rate", _("Growth a year"), "percent", unit="%"),),
}
_FACTORS = Box("factors", _("Factors"), "numbers", _("Such as 0.8; 1; 1.2"), wide=True)


def _profile(typed: Typed) -> tuple[Box, ...]:
    kind = str(typed.get("kind", "")) or "ramp"
    first = Box("kind", _("How does it change?"), "choice", choices=PROFILE_KINDS, turns=True)
    return first, *_PROFILES.get(kind, (_FACTORS,))


def _pool(_typed: Typed) -> tuple[Box, ...]:
    return ()


def _table(_typed: Typed) -> tuple[Box, ...]:
    columns = _("One quantity a line: name; unit. Example: cycle; share")
    rows = _(
        "One case a line: name; likelihood; a figure for each quantity. Example: boom; 25 %; 1.15"
    )
    return (
        Box("columns", _("What differs?"), "columns", columns, wide=True),
        Box("rows", _("Cases"), "rows", rows, wide=True),
    )


PARTS: Mapping[str, Part] = {
    part.key: part
    for part in (
        Part("frame", _("The frame"), "", "", _frame, named=False),
        Part("parties", _("Parties"), "", _("Add a party"), _party, named=False),
        Part(
            "drivers",
            _("What is uncertain"),
            _("Quantities nobody knows for sure: pieces sold, prices, costs."),
            _("Add an uncertain figure"),
            _driver,
            choices=WAYS,
            chosen_by="way",
        ),
        Part(
            "lines",
            _("Money from and to the outside"),
            _("What each party earns from customers and pays to others, in each period."),
            _("Add a line"),
            _line,
            choices=LINE_KINDS,
            chosen_by="kind",
        ),
        Part(
            "terms",
            _("Payments between the parties"),
            _("What the contract says: who pays whom, for what, and how much."),
            _("Add a payment"),
            _term,
            choices=TERM_TYPES,
            chosen_by="type",
        ),
        Part(
            "events",
            _("Events"),
            _("What may happen or not: an approval fails, a launch is late."),
            _("Add an event"),
            _event,
        ),
        Part(
            "options",
            _("Options"),
            _("Who may change course later: stop, buy out, step in."),
            _("Add an option"),
            _option,
            choices=OPTION_TYPES,
            chosen_by="type",
        ),
        Part(
            "contributions",
            _("What each party brings"),
            _("And how hard it is to replace. A fair split is computed from this."),
            _("Add a contribution"),
            _contribution,
            named=False,
        ),
        Part(
            "correlations",
            _("What moves together"),
            _("Figures that tend to be high at the same time."),
            _("Add a pair"),
            _correlation,
            named=False,
        ),
        Part(
            "profiles",
            _("Changes over time"),
            _("Start-up, growth, seasons; an uncertain figure is multiplied by them."),
            _("Add a change over time"),
            _profile,
            choices=PROFILE_KINDS,
            chosen_by="kind",
            rare=True,
        ),
        Part(
            "pools",
            _("Joint companies"),
            _("What is left in one is shared by a payment of the kind stakes."),
            _("Add a joint company"),
            _pool,
            rare=True,
        ),
        Part(
            "tables",
            _("Tables of cases"),
            _("Cases that hold for the whole time, each with its likelihood."),
            _("Add a table"),
            _table,
            rare=True,
        ),
    )
}
