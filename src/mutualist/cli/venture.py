"""`mutualist venture ...`: begin a venture file from a template, and turn one kind of file into another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mutualist.cli.context import DONE, ERROR, _, lang
from mutualist.cli.output import deliver, refuse_overwriting, suggest
from mutualist.cli.run import CommandError, broken_cells, complain_of
from mutualist.library.words import N_

if TYPE_CHECKING:
    from mutualist.library.ventures import Venture

HELP = N_("Begin the file of a venture, and turn it into YAML, JSON or a workbook.")
SUFFIXES: Final = (".yaml", ".yml", ".json", ".xlsx")

HELPS: Final = {
    "new": (
        N_("Begin the file of a venture from a template."),
        N_(
            "Templates: revenue_share, supplier_contract, resale, joint_development, "
            "joint_company, licence."
        ),
    ),
    "convert": (
        N_("Turn the file of a venture into YAML, JSON or a workbook."),
        N_("Broken cells of a workbook come back as comments in a copy of it."),
    ),
}


def new(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help=N_("What to write (.yaml, .json or .xlsx)."))
    ],
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help=N_("Which template."))
    ] = "revenue_share",
    parties: Annotated[
        str, typer.Option("--parties", metavar="NAME,...", help=N_("Names of your parties."))
    ] = "",
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Begin the file of a venture from a template."""
    from mutualist.library.ventures import Venture

    _suffix(target)
    refuse_overwriting(target, force=force)
    names = [word.strip() for word in parties.split(",") if word.strip()]
    venture = Venture.from_template(template, dict(zip("ABCDEFGH", names, strict=False)) or None)
    _write(venture, target)
    suggest(f"mutualist simulate {target}", _("see what it brings to each party"))
    return DONE


def convert(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=N_("Venture file (.yaml, .json, .xlsx), or -."))
    ],
    to: Annotated[
        Path,
        typer.Option("--to", metavar="FILE", help=N_("What to write (.yaml, .json or .xlsx).")),
    ],
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Turn the file of a venture into YAML, JSON or a workbook."""
    from mutualist.library.errors import WorkbookError
    from mutualist.library.ventures import Venture
    from mutualist.library.workbook import annotated_copy

    _suffix(to)
    refuse_overwriting(to, force=force)
    try:
        venture = Venture.from_file(file)
    except WorkbookError as error:
        complain_of(*broken_cells(file, error), as_json=False)
        copy = Path(file).with_name(f"{Path(file).stem}-marked.xlsx")
        refuse_overwriting(copy, force=force)
        deliver(annotated_copy(Path(file), error.problems, lang()), copy)
        return ERROR
    _write(venture, to)
    return DONE


def _suffix(target: Path) -> None:
    if target.suffix.lower() not in SUFFIXES:
        raise CommandError(_("{file}: write .yaml, .json or .xlsx.", file=target), 2)


def _write(venture: Venture, target: Path) -> None:
    from mutualist.library.venture_files import dump_venture

    deliver(dump_venture(venture.to_dict(), target.suffix.lower(), lang()), target)
