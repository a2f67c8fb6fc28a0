"""`mutualist risk ...`: measures for a table of states."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver
from mutualist.library.words import N_, number

HELP = N_("Measures of risk for figures of your own.")

HELPS: Final = {
    "es": (
        N_("Expected shortfall of a table of states, and what each party contributes to it."),
        N_(
            'The file holds "probability" (one per state), "losses" (one list per party) and, '
            'if it is not 0.95, "level". Contributions add up to the whole.'
        ),
    ),
}


def es(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=N_("Table of states (.json, .yaml), or -."))
    ],
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Print the expected shortfall of a table of states, and what each party contributes to it."""
    from mutualist.domain.venture.fields import Fields
    from mutualist.domain.venture.problems import Problem, VentureError
    from mutualist.library.risk import allocate_states, document
    from mutualist.library.venture_files import read_mapping

    found: list[Problem] = []
    fields = Fields(read_mapping(file), "", found, ("probability", "losses", "level"))
    probability: Any = fields.raw("probability", required=True)
    losses: Any = fields.raw("losses", required=True)
    level = fields.number("level")
    if losses is not None and not isinstance(losses, list):
        fields.note("losses", "not_list", value=losses)
    if found:
        raise VentureError(found)
    result = allocate_states(probability, losses, 0.95 if level is None else level)
    if json_:
        deliver(as_json(document(result)))
        return DONE
    print(_("Expected shortfall together") + f": {number(result.es, lang(), 4)}")
    for party, (part, alone) in enumerate(
        zip(result.contributions, result.stand_alone, strict=True), 1
    ):
        print(
            _(
                "Party {party}: contributes {part}, alone {alone}",
                party=party,
                part=number(part, lang(), 4),
                alone=number(alone, lang(), 4),
            )
        )
    if result.gain is not None:
        print(_("Being together saves {gain} %.", gain=number(100 * result.gain, lang(), 1)))
    return DONE
