"""What stands in the paper of a venture: what every party may see, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.ventures.presenters.dots import COLUMNS, Plot
from mutualist.apps.ventures.presenters.simulator import View
from mutualist.apps.ventures.words import language


def paper_data(
    view: View,
    leaving: Mapping[str, Any],
    given: Sequence[tuple[str, str]],
    *,
    title: str,
    subline: str,
    saved_at: datetime,
) -> dict[str, Any]:
    """Return what the paper shows; `given` are the figures it was computed from."""
    parties = [_plot(plot) for plot in view.plots]
    return {
        "lang": language(),
        "title": title,
        "subline": subline,
        "sentences": list(view.sentences),
        "dots_title": _("Each dot is one of 50 equally likely futures"),
        "joint": [_plot(view.joint_plot)] if len(parties) > 1 else [],
        "plots": parties,
        "parts": [*_parts(view, leaving), *_given(given)],
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
        _("No private figure is in this paper; splits on the screen may start from some."),
        _("Nothing here binds anybody."),
    ]


def _plot(plot: Plot) -> dict[str, Any]:
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


def _parts(view: View, leaving: Mapping[str, Any]) -> list[dict[str, Any]]:
    joint = view.joint
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
        "rows": [[r["name"], r["mean"], r["loss"], r["tail"], r["outlay"]] for r in view.table]
        + [[_("All together"), joint["mean"], joint["loss"], joint["tail"], joint["outlay"]]],
    }
    carried = {
        "title": _("Who carries the risk, who gets the return"),
        "text": view.carried["outside"],
        "heads": ["", *(one["name"] for one in view.carried["legend"])],
        "rows": [
            [row["label"], *(answer["text"] for answer in row["answers"])]
            for row in view.carried["rows"]
        ],
    }
    nature = {
        "title": f"{_('What the flows make of it')}: {view.nature['name']}",
        "text": " ".join([view.nature["because"], *view.nature["notes"]]),
        "heads": ["", _("By its flows")],
        "rows": [[one["name"], one["kind"]] for one in view.nature["parties"]],
    }
    return [figures, carried, nature, *_splits(view), _together(view), *_rest(view, leaving)]


def _splits(view: View) -> list[dict[str, Any]]:
    found = view.splits
    if found.best is None:
        return []
    rows = [[_("By today’s terms"), *found.today]]
    rows += [[row.name, *row.amounts] for row in (found.best, *found.others)]
    recommended = _("Recommended here: %(rule)s.") % {"rule": found.best.name}
    return [
        {
            "title": _("A fair split"),
            "text": " ".join([recommended, found.because, *found.warnings]),
            "heads": ["", *found.parties],
            "rows": rows,
        }
    ]


def _together(view: View) -> dict[str, Any]:
    return {
        "title": _("Returns add. Risks don’t."),
        "text": view.pooled["said"],
        "heads": ["", _("Loss in the worst 5 of 100, on average")],
        "rows": [[row["label"], row["text"]] for row in view.pooled["rows"]],
    }


def _rest(view: View, leaving: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    if view.tornado is not None:
        found.append(
            {
                "title": _("What moves the joint result most?"),
                "text": "",
                "heads": ["", _("low end"), _("high end")],
                "rows": [[row["label"], row["low"], row["high"]] for row in view.tornado["rows"]],
            }
        )
    found.extend(
        {
            "title": f"{_('Leaving early')}: {option['name']}",
            "text": other["sentence"],
            "heads": ["", other["name"]],
            "rows": [[label, value] for label, value in other["figures"]],
        }
        for option in leaving["options"]
        for other in option["others"]
    )
    if leaving["flags"]:
        found.append(
            {
                "title": _("Who is tied more?"),
                "text": " ".join(leaving["flags"]),
                "heads": [],
                "rows": [],
            }
        )
    return found


def _given(given: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    if not given:
        return []
    return [
        {
            "title": _("What it was computed from"),
            "text": _("Three values: low (1 in 10 below), middle, high (1 in 10 above)."),
            "heads": ["", _("As described")],
            "rows": [[label, value] for label, value in given],
        }
    ]
