"""`mutualist simulate`: many futures of a venture, and what they bring to each party."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, _, lang, paint, settings, unicode_ok
from mutualist.cli.output import as_json, deliver, refuse_overwriting, tell
from mutualist.cli.run import CommandError
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from mutualist.library.venture_outcomes import Outcomes

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
        str, typer.Argument(metavar="FILE", help=N_("Venture file (.yaml, .json, .xlsx), or -."))
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
    if output is not None and not output.parent.is_dir():
        # Before the work, not after it.
        raise CommandError(_("{folder} is no folder: make it first.", folder=output.parent))
    venture = Venture.from_file(file)
    with _bar() as progress:
        outcomes = venture.simulate(count, seed, workers, method=method, progress=progress)
    if output is not None:
        outcomes.write(output)
        tell(_("Written: {file}", file=output))
    if json_:
        deliver(as_json(outcomes.to_dict()))
    else:
        deliver("\n".join(_told(outcomes)))
    return DONE


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None] | None]:
    """Show how far it is on a terminal's stderr, and nothing elsewhere."""
    if settings().quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    ascii_only = not unicode_ok(sys.stderr)
    console = Console(stderr=True, no_color=settings().no_color, safe_box=ascii_only)
    with Progress(console=console, transient=True) as shown:
        task = shown.add_task(_("Scenarios"), total=None)

        def progress(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        yield progress


def _told(outcomes: Outcomes) -> Iterator[str]:
    """Yield plain sentences first, then the table."""
    nature = outcomes.nature()
    names = {one.id: one.name for one in outcomes.run.description.parties.values()}
    yield paint(outcomes.run.description.name or _("Venture"), "bold")
    yield ""
    for party, lost in outcomes.losses_of(50).items():
        yield _("In {lost} of 50 futures {name} loses money.", lost=lost, name=names[party])
    yield _("By its flows this is: {kind}.", kind=nature.words[lang()])
    yield from (f"  {one.because[lang()]}" for one in nature.parties)
    yield from (words[lang()] for _code, words in nature.notes)
    if outcomes.balance is not None:
        yield _("Balance of risk and return: {share} %.", share=_whole(100 * outcomes.balance))
    yield ""
    yield from _table(outcomes, names)


def _table(outcomes: Outcomes, names: dict[str, str]) -> Iterator[str]:
    heads = ("", _("Mean"), _("Worst 5 %"), _("Loss"), _("Outlay"), _("Payback"))
    rows: list[tuple[str, ...]] = [heads]
    measured: list[tuple[str, Any]] = [(names[p], m) for p, m in outcomes.measures().items()]
    for name, one in (*measured, (_("together"), outcomes.joint_measures)):
        rows.append(
            (
                name,
                _whole(one.mean),
                _whole(-one.es95),
                f"{_whole(100 * one.probability_of_loss)} %",
                _whole(one.outlay_mean),
                "–" if one.payback is None else str(one.payback),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((first, *rest)).rstrip()
    periods = outcomes.run.description.periods
    yield ""
    yield _(
        "Present values in {currency}, {n} scenarios, seed {seed}; payback in periods ({unit}).",
        currency=outcomes.run.description.currency,
        n=_whole(outcomes.n),
        seed=outcomes.seed,
        unit=_(
            {"month": N_("months"), "quarter": N_("quarters"), "year": N_("years")}[periods.unit]
        ),
    )


def _whole(value: float) -> str:
    return number(round(value) + 0.0, lang())
