"""What stands in the paper and in the workbook of a venture: what every party may see, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.ventures.presenters.dots import COLUMNS
from mutualist.apps.ventures.presenters.simulator import View
from mutualist.apps.ventures.words import language
from mutualist.library.venture_outcomes import Outcomes
from mutualist.library.workbook.cells import guard


def paper_data(view: View, *, title: str, subline: str, saved_at: datetime) -> dict[str, Any]:
    """Return what the paper shows."""
    return {
        "lang": language(),
        "title": title,
        "subline": subline,
        "sentences": list(view.sentences),
        "dots_title": _("Each dot is one of 50 equally likely futures"),
        "plots": [_plot(plot) for plot in view.plots],
        "parts": _parts(view),
        "mislead_title": _("How this can mislead"),
        "mislead": _mislead(),
        "footer": _("%(futures)s futures, random number %(seed)s")
        % {"futures": view.futures, "seed": view.seed},
        "timestamp": int(saved_at.timestamp()),
    }


def _mislead() -> list[str]:
    return [
        _("The figures are as good as what was typed in; who states them has an interest."),
        _("Rare catastrophes and what nobody thought of are not among the 50 dots."),
        _("A fair split is fair by its rule only; another rule calls another split fair."),
        _("Nothing here binds anybody."),
    ]


def _plot(plot: Any) -> dict[str, Any]:
    levels = max(4, *(dot["level"] for dot in plot.dots))
    return {
        "name": plot.name,
        "note": _("%(lost)s of 50 end in a loss") % {"lost": plot.losses},
        "low": plot.low,
        "high": plot.high,
        "levels": levels,
        "dots": [
            {"x": 97 * dot["column"] / COLUMNS, "level": dot["level"], "loss": dot["loss"]}
            for dot in plot.dots
        ],
    }


def _parts(view: View) -> list[dict[str, Any]]:
    figures = {
        "title": _("The figures"),
        "text": "",
        "heads": [
            "",
            _("On average"),
            _("Loses money in"),
            _("Worst 5 of 100, on average"),
            _("Deepest outlay (19 of 20 are below)"),
        ],
        "rows": [[r["name"], r["mean"], r["loss"], r["tail"], r["outlay"]] for r in view.table],
    }
    carried = {
        "title": _("Who carries the risk, who gets the return"),
        "text": "",
        "heads": ["", *(one["name"] for one in view.carried["legend"])],
        "rows": [
            [row["label"], *(answer["text"] for answer in row["answers"])]
            for row in view.carried["rows"]
        ],
    }
    nature = {
        "title": f"{_('What the flows make of it')}: {view.nature['name']}",
        "text": view.nature["because"],
        "heads": ["", _("By its flows")],
        "rows": [[one["name"], one["kind"]] for one in view.nature["parties"]],
    }
    return [figures, carried, nature, *_splits(view)]


def _splits(view: View) -> list[dict[str, Any]]:
    found = view.splits
    if found is None or found.best is None:
        return []
    rows = [[_("By today’s terms"), *found.today]]
    rows += [[row.name, *row.amounts] for row in (found.best, *found.others)]
    recommended = _("Recommended here: %(rule)s.") % {"rule": found.best.name}
    return [
        {
            "title": _("A fair split"),
            "text": f"{recommended} {found.because}",
            "heads": ["", *found.parties],
            "rows": rows,
        }
    ]


def workbook(outcomes: Outcomes, described: Mapping[str, Any]) -> bytes:
    """Return figures, dots and description as a workbook; sums are formulas."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Figures")
    table = outcomes.summary()
    sheet.append(list(table.columns))
    names = {key: party.name for key, party in outcomes.run.description.parties.items()}
    rows = list(table)
    for row in rows[:-1]:
        shown = {**row, "party": names[row["party"]]}
        sheet.append([_cell(shown[name]) for name in table.columns])
    at = 1 + list(table.columns).index("mean")
    letter = sheet.cell(row=1, column=at).column_letter
    sheet.append([_("sum")])
    sheet.cell(row=len(rows) + 1, column=at, value=f"=SUM({letter}2:{letter}{len(rows)})")
    dots = book.create_sheet(_("Dots"))
    dots.append(["party", "dot", "value"])
    for row in outcomes.dots(50):
        dots.append([_cell(names[row["party"]]), row["dot"], row["value"]])
    for part in ("drivers", "events", "lines", "terms"):
        entries = described.get(part, {})
        if entries:
            listed = book.create_sheet(part)
            keys = list(dict.fromkeys(key for one in entries.values() for key in _keys(one)))
            listed.append(["id", *keys])
            for name, one in entries.items():
                listed.append([_cell(name), *(_cell(_keys(one).get(key)) for key in keys)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _keys(entry: Any) -> Mapping[str, Any]:
    return entry if isinstance(entry, Mapping) else {"value": entry}


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return guard(value if isinstance(value, str) else str(value))
