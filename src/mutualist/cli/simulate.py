"""`mutualist simulate`: many futures of a venture, and what they bring to each party."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver, refuse_overwriting
from mutualist.library.words import N_

EXAMPLES: Final = """mutualist simulate examples/ventures/pumpenpuls.yaml
mutualist simulate venture.yaml -n 100000 --seed 42 --json
mutualist simulate venture.yaml -n 1000000 --workers 2 --out runs.parquet"""

HELPS: Final = {
    "simulate": (
        N_("Simulate a venture: what it brings to each party, and who carries the risk."),
        N_(
            "The same seed gives the same figures to the last bit, for any number of workers. "
            "--out writes present value and deepest outlay per party and scenario."
        ),
    ),
}


def simulate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=N_("Venture file (.yaml, .json), or -."))
    ],
    count: Annotated[int, typer.Option("-n", metavar="N", help=N_("Scenarios."))] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help=N_("Start of the random numbers."))] = 0,
    workers: Annotated[int, typer.Option("--workers", help=N_("Threads."))] = 1,
    method: Annotated[
        str,
        typer.Option("--method", metavar="philox|sobol", help=N_("How scenarios are drawn.")),
    ] = "philox",
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
    output: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.parquet", help=N_("Where all scenarios are written.")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Simulate a venture: what it brings to each party, and who carries the risk."""
    from mutualist.library.ventures import Venture

    refuse_overwriting(output, force=force)
    outcomes = Venture.from_file(file).simulate(count, seed, workers, method=method)
    if json_:
        deliver(as_json(outcomes.to_dict()))
    return DONE
