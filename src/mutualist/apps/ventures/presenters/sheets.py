"""The workbook of a venture: figures as figures, and what is simple counted by the sheet itself.

Like the paper it holds what every party may see, and nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutualist.apps.ventures.presenters.simulator import View
from mutualist.apps.ventures.words import language
from mutualist.library.venture_outcomes import Outcomes
from mutualist.library.workbook.cells import guard

MONEY, PART = "#,##0;[Red]-#,##0", "0%"
#: The parts of a description that are listed, and their titles.
PARTS = {
    "drivers": gettext_lazy("Uncertain figures"),
    "events": gettext_lazy("Events"),
    "lines": gettext_lazy("Lines of money"),
    "terms": gettext_lazy("Payments between parties"),
    "options": gettext_lazy("Options"),
}
#: What the commonest keys of a description are called; others stand as in the file.
KEYS = {
    "unit": gettext_lazy("counted in"),
    "low": gettext_lazy("low value"),
    "likely": gettext_lazy("middle value"),
    "high": gettext_lazy("high value"),
    "family": gettext_lazy("spread"),
    "value": gettext_lazy("fixed value"),
    "probability": gettext_lazy("chance of it"),
    "from": gettext_lazy("from (party or period)"),
    "to": gettext_lazy("to (party or period)"),
    "party": gettext_lazy("whose"),
    "kind": gettext_lazy("kind of line"),
    "amount": gettext_lazy("amount or formula"),
    "at": gettext_lazy("in period"),
    "type": gettext_lazy("kind of payment or right"),
    "price": gettext_lazy("price of each"),
    "of": gettext_lazy("of what"),
    "share": gettext_lazy("share of it"),
    "cost": gettext_lazy("cost of using it"),
}


def workbook(
    outcomes: Outcomes,
    view: View,
    leaving: Mapping[str, Any],
    described: Mapping[str, Any],
    called: Callable[[str], str],
) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    outcomes, view
        Futures of the version, and what is shown of them to everybody.
    leaving
        What the part on leaving early shows.
    described
        The version as it was saved.
    called
        Names drivers, terms and options.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _figures(book, outcomes)
    _dots(book, outcomes)
    _splits(book, outcomes, view)
    _together(book, outcomes)
    _moving(book, outcomes, called)
    _leaving(book, leaving)
    for part, title in PARTS.items():
        _listed(book, str(title), described.get(part, {}), called)
    book.properties.creator = "Mutualist"
    book.properties.language = language()
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet(
    book: Any, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], formats: str = ""
) -> Any:
    """Add a sheet: headings in bold, first row and column stay in sight.

    ``formats`` has a letter per column: m money, p part, n number; a blank leaves it.
    """
    from openpyxl.styles import Alignment, Font

    page = book.create_sheet(title)
    page.append([_cell(head) for head in heads])
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in rows:
        page.append(list(row))
        for cell, kind in zip(page[page.max_row], formats, strict=False):
            if kind in "mp":
                cell.number_format = MONEY if kind == "m" else PART
    page.freeze_panes = "B2"
    page.column_dimensions["A"].width = 34
    for at in range(2, len(heads) + 1):
        page.column_dimensions[page.cell(row=1, column=at).column_letter].width = 16
    return page


def _names(outcomes: Outcomes) -> list[str]:
    return [_cell(party.name) for party in outcomes.run.description.parties.values()]


def _figures(book: Any, outcomes: Outcomes) -> None:
    heads = [
        _("Present value in %(currency)s") % {"currency": outcomes.run.description.currency},
        _("On average"),
        _("5 of 100 futures are worse than"),
        _("In the middle"),
        _("5 of 100 futures are better than"),
        _("Loses money in"),
        _("Loss in the worst 5 of 100, on average"),
        _("Of the joint loss it carries"),
        _("Deepest outlay (19 of 20 are below)"),
        _("Share of the return"),
        _("Share of the risk"),
        _("Distance"),
    ]
    names, shares = _names(outcomes), outcomes.shares()
    last = len(names) + 2
    rows: list[list[Any]] = []
    for at, (key, one) in enumerate(outcomes.measures().items(), 2):
        rows.append(
            [
                names[at - 2],
                *_measured(one),
                shares[key].es_contribution,
                one.outlay_p95,
                f'=IF(B${last}>0,B{at}/B${last},"")',
                f'=IF(H${last}>0,H{at}/H${last},"")',
                f'=IF(COUNT(J{at}:K{at})=2,ABS(J{at}-K{at}),"")',
            ]
        )
    joint = _measured(outcomes.joint_measures)
    joint[0] = f"=SUM(B2:B{last - 1})"
    rows.append(
        [
            _("All together"),
            *joint,
            f"=SUM(H2:H{last - 1})",
            outcomes.joint_measures.outlay_p95,
            f"=SUM(J2:J{last - 1})",
            f"=SUM(K2:K{last - 1})",
            "",
        ]
    )
    page = _sheet(book, _("Figures"), heads, rows, " mmmmpmmmppp")
    page.append([])
    balanced = f'=IF(COUNT(L2:L{last - 1})={last - 2},1-SUM(L2:L{last - 1})/2,"")'
    page.append([_("Balance (1: everybody carries as much risk as return)"), balanced])
    page.append(
        [
            _("%(futures)s futures, random number %(seed)s")
            % {"futures": outcomes.n, "seed": outcomes.seed}
        ]
    )


def _measured(one: Any) -> list[Any]:
    return [one.mean, one.p5, one.p50, one.p95, one.probability_of_loss, one.es95]


def _dots(book: Any, outcomes: Outcomes) -> None:
    values: dict[str, list[float]] = {party: [] for party in outcomes.parties}
    for row in outcomes.dots(50):
        values[row["party"]].append(row["value"])
    rows = [[at, *row] for at, row in enumerate(zip(*values.values(), strict=True), 1)]
    heads = [_("Future, the worst first"), *_names(outcomes)]
    page = _sheet(book, _("50 futures"), heads, rows, " " + "m" * len(values))
    letters = [page.cell(row=1, column=at).column_letter for at in range(2, len(values) + 2)]
    page.append([_("end in a loss"), *(f'=COUNTIF({x}2:{x}51,"<0")' for x in letters)])


def _splits(book: Any, outcomes: Outcomes, view: View) -> None:
    found = view.splits
    if found.best is None:
        return
    names = _names(outcomes)
    count = len(names)
    heads = [
        _("Split by"),
        *names,
        _("sum"),
        *(_("%(party)s: more than today") % {"party": name} for name in names),
        _("Why"),
    ]
    today = [one.mean for one in outcomes.measures().values()]
    listed: list[tuple[str, Sequence[float], str]] = [(_("Today"), today, "")]
    listed += [(row.name, row.shares, row.reason) for row in (found.best, *found.others)]
    rows = []
    for at, (name, shares, why) in enumerate(listed, 2):
        letters = [_letter(column) for column in range(2, count + 2)]
        more = [f"={letter}{at}-{letter}$2" for letter in letters]
        rows.append([name, *shares, f"=SUM(B{at}:{letters[-1]}{at})", *more, _cell(why)])
    page = _sheet(book, _("Splits"), heads, rows, " " + "m" * (2 * count + 1))
    page.append([])
    recommended = _("Recommended here: %(rule)s.") % {"rule": found.best.name}
    page.append([_cell(f"{recommended} {found.because}")])


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def _together(book: Any, outcomes: Outcomes) -> None:
    found = outcomes.pooled()
    names = _names(outcomes)
    last = len(names) + 1
    rows: list[list[Any]] = [[*one] for one in zip(names, found.stand_alone, strict=True)]
    rows += [
        [_("Added up"), f"=SUM(B2:B{last})"],
        [_("Together, really"), found.together],
        [_("Saved by sharing"), f"=B{last + 1}-B{last + 2}"],
    ]
    heads = [_("Returns add. Risks don’t."), _("Loss in the worst 5 of 100, on average")]
    _sheet(book, _("Shared risk"), heads, rows, " m")


def _moving(book: Any, outcomes: Outcomes, called: Callable[[str], str]) -> None:
    rows = [
        [_cell(called(row["name"])), row["low"], row["high"], f"=C{at}-B{at}"]
        for at, row in enumerate(outcomes.sensitivity(), 2)
    ]
    if rows:
        heads = [
            _("What moves the joint result most?"),
            _("Result at its low end"),
            _("Result at its high end"),
            _("Difference"),
        ]
        _sheet(book, _("What moves it"), heads, rows, " mmm")


def _leaving(book: Any, leaving: Mapping[str, Any]) -> None:
    rows = []
    for option in leaving["options"]:
        for other in option["others"]:
            one = other["clauses"]
            rows.append(
                [
                    _cell(option["name"]),
                    _cell(other["name"]),
                    one.probability,
                    one.median_period,
                    one.kept,
                    one.notice_periods,
                    one.minimum_volume,
                    one.break_fee,
                ]
            )
    if rows:
        heads = [
            _("Right to stop"),
            _("Seen from"),
            _("Ends early in"),
            _("Half of the futures have ended by period"),
            _("Left of its income"),
            _("Notice that makes it whole, in periods"),
            _("Minimum volume that makes it whole"),
            _("Break fee that makes it whole"),
        ]
        _sheet(book, _("Leaving early"), heads, rows, "  pnpnpm")


def _listed(
    book: Any, title: str, entries: Mapping[str, Any], called: Callable[[str], str]
) -> None:
    if not entries:
        return
    keys = list(dict.fromkeys(key for one in entries.values() for key in _keys(one)))
    heads = [_("What"), _("Name in the file"), *(str(KEYS.get(key, key)) for key in keys)]
    rows = [
        [_cell(called(name)), _cell(name), *(_cell(_keys(one).get(key)) for key in keys)]
        for name, one in entries.items()
    ]
    _sheet(book, title, heads, rows)


def _keys(entry: Any) -> Mapping[str, Any]:
    return entry if isinstance(entry, Mapping) else {"value": entry}


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple) and not any(isinstance(one, Mapping) for one in value):
        return _cell(value[0]) if len(value) == 1 else guard(", ".join(map(str, value)))
    return guard(value if isinstance(value, str) else str(value))
