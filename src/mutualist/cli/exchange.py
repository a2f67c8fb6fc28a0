"""`mutualist import ...` and `mutualist export ...`: rooms between files and the web application."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, ERROR, _, lang
from mutualist.cli.output import deliver, refuse_overwriting, suggest, tell
from mutualist.cli.run import CommandError, broken_cells, complain_of
from mutualist.library.words import N_

IMPORT_HELP = N_("Take rooms from files, into another file or the web application.")
EXPORT_HELP = N_("Write rooms of the web application to files.")

Target = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help=N_("Write a room file (.yaml, .json or .xlsx).")),
]
Person = Annotated[
    str | None,
    typer.Option("--as", metavar="MAIL", help=N_("Whose room it becomes in the web application.")),
]
Organisation = Annotated[
    str | None,
    typer.Option("--for", metavar="NAME", help=N_("The organisation it belongs to, if several.")),
]
Force = Annotated[bool, typer.Option("--force", help=N_("Replace the file."))]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help=N_("Only check; nothing is written or stored."))
]

Json = Annotated[
    bool, typer.Option("--json", help=N_("What is wrong as one JSON document, all of it."))
]

HELPS: Final = {
    "import_room": (
        N_("Take a room file with its answers, into another format or the web application."),
    ),
    "import_excel": (
        N_("Take the workbook of a room; broken cells come back as comments in a copy of it."),
    ),
    "export_room": (
        N_("Write a room of the web application as a room file."),
        N_("Of the others' answers it holds what the opening shows, nothing more."),
    ),
}


def import_room(
    file: Annotated[str, typer.Argument(metavar="FILE", help=N_("Room file; - is stdin."))],
    to: Target = None,
    as_: Person = None,
    for_: Organisation = None,
    force: Force = False,
    dry_run: DryRun = False,
    json_: Json = False,
) -> int:
    """Take a room file with its answers, into another format or the web application."""
    from mutualist.library.files import read_room

    # What is wrong with the answers is told by whoever runs this, as lines or as JSON.
    del json_
    refuse_overwriting(to, force=force)
    return _put(read_room(file), file, Place(to, as_, for_, dry_run))


def import_excel(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("Workbook of a room (.xlsx)."))],
    to: Target = None,
    as_: Person = None,
    for_: Organisation = None,
    force: Force = False,
    dry_run: DryRun = False,
    marked: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=N_("Where a copy with comments on broken cells goes.")),
    ] = None,
    json_: Json = False,
) -> int:
    """Take the workbook of a room; broken cells come back as comments in a copy of it."""
    from mutualist.library.errors import WorkbookError
    from mutualist.library.files import read_room
    from mutualist.library.workbook import annotated_copy

    refuse_overwriting(to, force=force)
    copy = marked or file.with_name(f"{file.stem}-marked.xlsx")
    try:
        room = read_room(file, "xlsx")
    except WorkbookError as error:
        complain_of(*broken_cells(str(file), error), json_)
        if not dry_run:
            refuse_overwriting(copy, force=force)
            deliver(annotated_copy(file, error.problems, lang()), copy)
        return ERROR
    return _put(room, str(file), Place(to, as_, for_, dry_run))


@dataclass(frozen=True)
class Place:
    """Where a room that was read shall go."""

    to: Path | None
    person: str | None
    organisation: str | None
    dry_run: bool


def _put(room: Any, file: str, place: Place) -> int:
    """Put a room that was read where the user wants it."""
    to, person = place.to, place.person
    if to is None and person is None and not place.dry_run:
        raise CommandError(_("Say where it goes: --to FILE or --as MAIL."), 2)
    if place.dry_run:
        print(
            _(
                "{file} can be imported: {parties}.",
                file=file,
                parties=", ".join(room.parties.values()),
            )
        )
        return DONE
    if to is not None:
        _write(room, to)
        suggest(f"mutualist verdict {to}", _("judge it"))
    if person is not None:
        _store(room, person, place.organisation)
    return DONE


def _write(room: Any, to: Path) -> None:
    from mutualist.library.files import dump_room

    if to.suffix.lower() == ".xlsx":
        from mutualist.library.workbook import room_workbook

        deliver(room_workbook(room, lang()), to)
        return
    deliver(dump_room(room, "json" if to.suffix.lower() == ".json" else "yaml"), to)


def _store(room: Any, person: str, organisation: str | None) -> None:
    """Make an opened room of the web application; whoever imports knows all answers anyway."""
    from mutualist.cli.web import start_django

    start_django()
    from mutualist.cli.webrooms import store

    uid = store(room.to_dict(), person, organisation)
    print(uid)
    tell(_("Imported as room {uid}.", uid=uid))


def export_room(
    room: Annotated[
        str, typer.Argument(metavar="ID", help=N_("The room's id, as in its address."))
    ],
    as_: Annotated[
        str,
        typer.Option(
            "--as", metavar="MAIL", help=N_("Who exports; sees what this person may see.")
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help=N_("Where to write it; else stdout.")),
    ] = None,
    force: Force = False,
) -> int:
    """Write a room of the web application as a room file."""
    refuse_overwriting(output, force=force)
    try:
        uid = uuid.UUID(room)
    except ValueError as error:
        raise CommandError(_("{room} is no id of a room.", room=repr(room)), 2) from error
    from mutualist.cli.web import start_django

    start_django()
    from mutualist.cli.webrooms import exported
    from mutualist.library.yamlfile import dump

    document = exported(uid, as_)
    if output is not None and output.suffix.lower() == ".json":
        from mutualist.cli.output import as_json

        deliver(as_json(document), output)
    else:
        deliver(dump(document), output)
    return DONE
