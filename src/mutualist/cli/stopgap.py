"""`mutualist stopgap`: when a partner would build the piece itself, and what that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from mutualist.domain.venture.stopgap import Stopgap

EXAMPLES = """mutualist stopgap --r 0.04 --delta 0.04 --sigma 0.2 --cost 1 --value 0.5 --json
mutualist stopgap --r 0.05 --delta 0.04 --sigma 0.3 --cost 800 --value 500 --margin 60"""

HELPS: Final = {
    "stopgap": (
        N_("When a partner would build the piece itself, and what is left of your income."),
        N_(
            "The own build is worth an uncertain amount that moves as a geometric Brownian motion; "
            "it is started when it is worth enough more than it costs."
        ),
    ),
}


def stopgap(
    r: Annotated[float, typer.Option("--r", help=N_("Interest rate a year, such as 0.04."))],
    delta: Annotated[
        float, typer.Option("--delta", help=N_("Yield of the own build a year, such as 0.04."))
    ],
    sigma: Annotated[float, typer.Option("--sigma", help=N_("Volatility a year, such as 0.2."))],
    cost: Annotated[float, typer.Option("--cost", help=N_("What the own build costs."))],
    value: Annotated[float, typer.Option("--value", help=N_("What it is worth today."))],
    margin: Annotated[
        float | None, typer.Option("--margin", help=N_("What you earn a year while it lasts."))
    ] = None,
    investment: Annotated[
        float | None,
        typer.Option("--investment", help=N_("What you must get back; else your whole income.")),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Say when a partner would build the piece itself, and what is left of your income."""
    from mutualist.library.stopgap import document
    from mutualist.library.stopgap import stopgap as compute

    found = compute(
        r=r,
        delta=delta,
        sigma=sigma,
        cost=cost,
        value=value,
        margin=margin,
        investment=investment,
    )
    deliver(as_json(document(found, lang())) if json_ else _told(found))
    return DONE


def _told(found: Stopgap) -> str:
    never = _("never")
    rows = [
        (_("The own build starts when it is worth"), _figure(found.trigger, never)),
        (_("Part of your income that is left"), _figure(100 * found.kept, never, 1) + " %"),
        (_("Likelihood that it ever starts"), _figure(100 * found.probability, never, 1) + " %"),
        (_("Years until half of the futures have seen it"), _figure(found.median_years, never, 1)),
    ]
    if found.break_fee is not None and found.minimum_volume is not None:
        rows += [
            (_("Break fee that makes you whole"), _figure(found.break_fee, never)),
            (_("Notice period in years that does the same"), _figure(found.notice_years, never, 1)),
            (
                _("Minimum volume that does the same"),
                _figure(100 * found.minimum_volume, never, 1) + " %",
            ),
        ]
    width = max(len(label) for label, _value in rows)
    lines = [f"{label.ljust(width)}  {value}" for label, value in rows]
    return "\n".join([*lines, *(f"! {line}" for line in found.sentences(lang()))])


def _figure(value: float | None, never: str, digits: int = 2) -> str:
    return never if value is None else number(value, lang(), digits)
