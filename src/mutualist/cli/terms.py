"""`mutualist terms`: which rates bring a venture closest to a split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver, tell
from mutualist.cli.run import CommandError
from mutualist.cli.split import _rows
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from mutualist.domain.venture.terms_proposal_ventures import TermsProposal
    from mutualist.library.ventures import Venture

EXAMPLES: Final = """mutualist terms examples/ventures/pumpenpuls.yaml --target nash
mutualist terms venture.yaml --target 400000,300000 --bounds parts=30..50 --fix royalty --json
mutualist terms venture.yaml --target 0.6,0.4 --aim risk --most 1"""

HELPS: Final = {
    "terms": (
        N_("Which rates of the terms bring a venture closest to a split, and what they achieve."),
        N_(
            "Nobody falls below its best alternative where that is possible. All figures are "
            "simulated with the proposed rates, not those aimed at."
        ),
    ),
}


def terms(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=N_("Venture file (.yaml, .json, .xlsx), or -."))
    ],
    target: Annotated[
        str,
        typer.Option(
            "--target", metavar="RULE|FIGURES", help=N_("A rule of split, or a figure per party.")
        ),
    ] = "shapley",
    aim: Annotated[
        str,
        typer.Option(
            "--aim", metavar="mean|risk", help=N_("Expected results, or parts of the joint risk.")
        ),
    ] = "mean",
    fix: Annotated[
        str, typer.Option("--fix", metavar="TERM,...", help=N_("Terms that stay as they are."))
    ] = "",
    bounds: Annotated[
        str,
        typer.Option(
            "--bounds", metavar="TERM=LOW..HIGH,...", help=N_("Least and most of a term's rate.")
        ),
    ] = "",
    most: Annotated[
        int | None, typer.Option("--most", metavar="N", help=N_("How many terms may change."))
    ] = None,
    count: Annotated[int, typer.Option("-n", metavar="N", help=N_("Scenarios."))] = 4096,
    seed: Annotated[int, typer.Option("--seed", help=N_("Start of the random numbers."))] = 0,
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Say which rates bring a venture closest to a split, and what they achieve."""
    from mutualist.library.terms import document, propose_terms
    from mutualist.library.ventures import Venture

    wanted = _target(target)
    limits = _bounds(bounds)
    venture = Venture.from_file(file)
    found = propose_terms(
        venture,
        wanted,
        aim=aim,
        bounds=limits,
        fixed=_listed(fix),
        most_changes=most,
        n=count,
        seed=seed,
    )
    deliver(as_json(document(found)) if json_ else "\n".join(_told(found, venture)))
    return DONE


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _target(text: str) -> str | list[float]:
    """Return the name of a rule, or one figure per party."""
    try:
        return [float(word) for word in _listed(text)]
    except ValueError:
        return text.strip()


def _bounds(text: str) -> dict[str, tuple[float, float]]:
    found = {}
    for part in _listed(text):
        term, _equals, span = part.partition("=")
        low, _dots, high = span.partition("..")
        try:
            found[term.strip()] = float(low), float(high)
        except ValueError as error:
            said = _("--bounds: {part} can't be read. Write TERM=LOW..HIGH.", part=repr(part))
            raise CommandError(said, 2) from error
    return found


def _told(found: TermsProposal, venture: Venture) -> list[str]:
    """Return what changes, then what each party gets today, shall get and gets."""
    names = [venture.parties[party] for party in found.parties]
    lines: list[str] = []
    if found.changes:
        heads = (_("Agreed term"), _("Today"), _("Proposed"), *names)
        rows = [
            (
                change.term,
                _rate(change.today),
                _rate(change.proposed),
                *(_amount(effect) for effect in change.effects),
            )
            for change in found.changes
        ]
        lines += [*_rows([heads, *rows]), ""]
    else:
        lines += [_("No change of terms comes closer to the target."), ""]
    risk = found.aim == "risk"
    today, after = (found.risk_today, found.risk) if risk else (found.means_today, found.means)
    figure = _percent if risk else _amount
    table: list[tuple[str, ...]] = [(_("Party"), _("Today"), _("Target"), _("Achieved"))]
    for at, name in enumerate(names):
        figures = (today[at], found.target[at], after[at])
        table.append((name, *(figure(float(one)) for one in figures)))
    lines += _rows(table)
    if not found.possible:
        lines += ["", "! " + _("Some party stays below its best alternative with any rates.")]
    tell(_("What each change does alone stands beside it, in expected result per party."))
    return lines


def _rate(value: float) -> str:
    return number(value, lang(), 0 if value == int(value) else 4)


def _amount(value: float) -> str:
    return number(round(value) + 0.0, lang())


def _percent(value: float) -> str:
    return number(100 * value, lang(), 1) + " %"
