"""`mutualist import ...` and `mutualist export ...`: rooms between files and the web application."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from mutualist.cli.context import DONE, ERROR, _, lang, mark
from mutualist.cli.output import deliver, refuse_overwriting, suggest, tell
from mutualist.cli.run import CommandError, complain

IMPORT_HELP = mark("Take rooms from files, into another file or the web application.")
EXPORT_HELP = mark("Write rooms of the web application to files.")

Target = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help=mark("Write a room file (.yaml, .json or .xlsx).")),
]
Person = Annotated[
    str | None,
    typer.Option("--as", metavar="MAIL", help=mark("Whose room it becomes in the web application.")),
]
Force = Annotated[bool, typer.Option("--force", help=mark("Replace the file."))]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help=mark("Only check; nothing is written or stored."))
]


def import_room(
    file: Annotated[str, typer.Argument(metavar="FILE", help=mark("Room file; - is stdin."))],
    to: Target = None,
    as_: Person = None,
    force: Force = False,
    dry_run: DryRun = False,
) -> int:
    """Take a room file, into another format or as a self-check of the web application."""
    from mutualist.library.files import read_room

    refuse_overwriting(to, force=force)
    return _place(read_room(file), file, to=to, person=as_, dry_run=dry_run)


def import_excel(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("Workbook of a room (.xlsx)."))],
    to: Target = None,
    as_: Person = None,
    force: Force = False,
    dry_run: DryRun = False,
    marked: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=mark("Where a copy with comments on broken cells goes.")
        ),
    ] = None,
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
        for problem in error.problems:
            complain(f"{file}: {problem.line(lang())}")
        if not dry_run:
            refuse_overwriting(copy, force=force)
            deliver(annotated_copy(file, error.problems, lang()), copy)
        return ERROR
    return _place(room, str(file), to=to, person=as_, dry_run=dry_run)


def _place(room: Any, file: str, *, to: Path | None, person: str | None, dry_run: bool) -> int:
    """Put a room that was read where the user wants it."""
    if to is None and person is None and not dry_run:
        raise CommandError(_("Say where it goes: --to FILE or --as MAIL."), 2)
    if dry_run:
        print(_("{file} can be imported: {parties}.", file=file,
                parties=", ".join(room.parties.values())))
        return DONE
    if to is not None:
        _write(room, to)
        suggest(f"mutualist verdict {to}", _("judge it"))
    if person is not None:
        _store(room, person)
    return DONE


def _write(room: Any, to: Path) -> None:
    from mutualist.library.files import dump_room

    if to.suffix.lower() == ".xlsx":
        from mutualist.library.workbook import room_workbook

        deliver(room_workbook(room, lang()), to)
        return
    deliver(dump_room(room, "json" if to.suffix.lower() == ".json" else "yaml"), to)


def _store(room: Any, person: str) -> None:
    """Make a self-check of the web application: one person answers for every party."""
    from mutualist.cli.web import start_django

    start_django()
    from mutualist.cli.rooms import store_self_check

    uid = store_self_check(room, person)
    print(uid)
    tell(_("Imported as the self-check {uid}.", uid=uid))


def export_room(
    room: Annotated[str, typer.Argument(metavar="ID", help=mark("The room's id, as in its address."))],
    as_: Annotated[
        str,
        typer.Option("--as", metavar="MAIL", help=mark("Who exports; sees what this person may see.")),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help=mark("Where to write it; else stdout.")),
    ] = None,
    force: Force = False,
) -> int:
    """Write a room of the web application as a room file.

    Of the others' answers it holds what the opening shows, nothing more.
    """
    refuse_overwriting(output, force=force)
    try:
        uid = uuid.UUID(room)
    except ValueError as error:
        raise CommandError(_("{room} is no id of a room.", room=repr(room)), 2) from error
    from mutualist.cli.web import start_django

    start_django()
    from mutualist.cli.rooms import exported
    from mutualist.library.yamlfile import dump

    document = exported(uid, as_)
    if output is not None and output.suffix.lower() == ".json":
        from mutualist.cli.output import as_json

        deliver(as_json(document), output)
    else:
        deliver(dump(document), output)
    return DONE
