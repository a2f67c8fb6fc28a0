"""`mutualist evaluate ...`: run rooms with a label and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mutualist.cli import tiers as tiers_
from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver
from mutualist.cli.tiers import tiers
from mutualist.library.words import N_, number

HELP = N_("Run rooms whose outcome is known through the rules.")

HELPS: Final = {
    "alliances": (
        N_("Compare known alliances with what the rules say about them."),
        N_(
            "A label is what observers called an alliance; an asterisk marks those they "
            'disagree about. "near" stands for a true partnership that the rules see as '
            "possible or in the making."
        ),
    ),
    "splits": (
        N_("Compare simple splits with who got what in real joint projects."),
        N_(
            "Mean absolute error per rule and size of consortium, in percentage points. It says "
            "how near a rule comes to what was agreed, not whether that was fair."
        ),
    ),
    **tiers_.HELPS,
}
__all__ = ["HELP", "HELPS", "alliances", "splits", "tiers"]


def alliances(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=N_("Folder of room files with a label."))
    ],
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Compare known alliances with what the rules say about them."""
    from mutualist.library.cases import compare, count, read_cases

    comparisons = [compare(case) for case in read_cases(folder)]
    counts = count(comparisons)
    if json_:
        deliver(
            as_json(
                {
                    "schema": "evaluation/1",
                    "alliances": [comparison.to_dict() for comparison in comparisons],
                    "agreement": counts,
                }
            )
        )
        return DONE
    rows = [_row(comparison) for comparison in comparisons]
    heads = (_("Alliance"), _("Label"), _("Result"), _("Distance"), _("Agrees"))
    print(_table(heads, rows))
    total = len(comparisons) - counts["n/a"]
    print(
        _(
            "{yes} of {total} agree, {near} nearly; {na} can't be compared.",
            yes=counts["yes"],
            total=total,
            near=counts["near"],
            na=counts["n/a"],
        )
    )
    return DONE


def splits(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help=N_("Folder with projects.csv and participations.csv.")
        ),
    ],
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Compare simple splits with who got what in real joint projects."""
    from mutualist.library.consortia import RULES, evaluate_splits

    found = evaluate_splits(folder)
    if json_:
        deliver(as_json(found.to_dict()))
        return DONE
    names = {"equal": _("Equal"), "by_size": _("By size"), "coordinator": _("Coordinator-weighted")}
    heads = (_("Parties"), _("Consortia"), *(names[rule] for rule in RULES))
    rows = [
        (
            _("all") if row is found.rows[-1] else _sizes(row.least, row.most),
            number(row.consortia, lang()),
            *(number(100 * row.by_rule[rule], lang(), 1) for rule in RULES),
        )
        for row in found.rows
    ]
    print(_table(heads, rows))
    print(
        _(
            "Projects from {start} on; the coordinator counts {weight} times, as before that day. "
            "{left} projects are left out.",
            start=found.fitted_before,
            weight=number(found.weight, lang(), 2),
            left=number(found.left_out, lang()),
        )
    )
    if found.origin:
        print(_("Data: {origin}", origin=found.origin))
    return DONE


def _sizes(least: int, most: int) -> str:
    if least == most:
        return str(least)
    return f"{least}–{most}" if most < 1000 else f"{least}+"


def _row(comparison: Any) -> tuple[str, ...]:
    from mutualist.library.rules import builtin

    kinds = builtin().kinds
    star = "*" if comparison.case.contested else ""
    distance = "" if comparison.distance is None else f"{comparison.distance:g}"
    labels = {
        "logo_only": kinds["logo"].words[lang()],
        "complementors": _("complementors"),
        "unverified": _("unverified"),
    }
    label = comparison.case.label
    words = labels.get(label) or kinds[label].words[lang()]
    agrees = {"yes": _("yes"), "near": _("near"), "no": _("no"), "n/a": "-"}[comparison.agreement]
    kind = kinds[comparison.kind].words[lang()]
    return comparison.case.name, words + star, kind, distance, agrees


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *rows]
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
