"""`mutualist exits`: when a party would rationally use its option to stop, and what that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver
from mutualist.cli.run import CommandError
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from mutualist.domain.venture.stopgap_ventures import VentureExit
    from mutualist.library.ventures import Venture

EXAMPLES: Final = """mutualist exits venture.yaml
mutualist exits venture.yaml --option own_build --json"""

HELPS: Final = {
    "exits": (
        N_("When a party would rationally use its option to stop, and what the others keep."),
        N_(
            "Each scenario of the venture has its own exit, found by least-squares Monte Carlo "
            "from what is known in each period."
        ),
    ),
}


def exits(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=N_("Venture file (.yaml, .json, .xlsx), or -."))
    ],
    option: Annotated[
        str, typer.Option("--option", metavar="ID", help=N_("Which option; all to stop, else."))
    ] = "",
    count: Annotated[int, typer.Option("-n", metavar="N", help=N_("Scenarios."))] = 8192,
    seed: Annotated[int, typer.Option("--seed", help=N_("Start of the random numbers."))] = 0,
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Say when a party would rationally use its option to stop, and what the others keep."""
    from mutualist.library.stopgap import exits_document, rational_exits
    from mutualist.library.ventures import Venture

    venture = Venture.from_file(file)
    stops = [one.id for one in venture.description.options.values() if one.type == "stop"]
    if not stops and not option:
        said = _("The venture has no option to stop. Add one under options (type: stop).")
        raise CommandError(said)
    found = [
        rational_exits(venture, one, n=count, seed=seed) for one in ([option] if option else stops)
    ]
    if json_:
        deliver(as_json(exits_document(found)))
    else:
        deliver("\n\n".join("\n".join(_told(one, venture)) for one in found))
    return DONE


def _told(found: VentureExit, venture: Venture) -> list[str]:
    never = _("never")
    lines = [
        _("{party} may use {option}.", party=venture.parties[found.party], option=found.option),
        _("Worth of this right to {party}", party=venture.parties[found.party])
        + f": {number(found.exits.value, lang())} ± {number(found.exits.error, lang())}",
    ]
    for other, clause in found.clauses.items():
        middle: Any = clause.median_period
        notice: Any = clause.notice_periods
        rows = [
            (_("Part of this income that is left"), _part(clause.kept)),
            (
                _("Period by which half of the futures have seen it"),
                never if middle is None else middle,
            ),
            (_("Break fee that makes whole"), number(clause.break_fee, lang())),
            (_("Periods of notice that do the same"), never if notice is None else notice),
            (_("Minimum volume that does the same"), _part(clause.minimum_volume)),
        ]
        width = max(len(label) for label, _value in rows)
        lines += ["", f"{venture.parties[other]}: {found.sentence(other, lang())}"]
        lines += [f"  {label.ljust(width)}  {value}" for label, value in rows]
    return lines


def _part(value: float) -> str:
    return number(100 * value, lang(), 1) + " %"
