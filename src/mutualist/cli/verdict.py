"""`mutualist verdict`: judge rooms and say why."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli.context import (
    CONDITION_MET,
    DONE,
    NOT_OPEN,
    _,
    coloured,
    lang,
    unicode_ok,
)
from mutualist.cli.output import as_json, deliver, refuse_overwriting, suggest
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

if TYPE_CHECKING:
    from mutualist.library.verdict import Verdict

FORMATS = ("table", "md", "html", "pdf", "json")
EXAMPLES = """mutualist verdict examples/pumpenpuls-1.yaml --explain --changes
mutualist verdict room.xlsx --format pdf -o board.pdf
mutualist verdict room.yaml --json | jq .scores
cat room.yaml | mutualist verdict - --fail-on supplier,red"""

HELPS: Final = {
    "verdict": (N_("Judge rooms: what the relationship is, why, and what would break it."),),
}


def verdict(  # noqa: PLR0917 - the options of a command
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help=N_("Room file (.yaml, .json, .xlsx), folder of a room, or -.")
        ),
    ],
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help=N_("One JSON line per file, for several files."))
    ] = False,
    format_: Annotated[
        str, typer.Option("--format", metavar="table|md|html|pdf|json", help=N_("What to write."))
    ] = "table",
    input_format: Annotated[
        str | None,
        typer.Option(metavar="yaml|json|xlsx", help=N_("Overrides the ending of the file.")),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help=N_("Every rule with the answers it comes from."))
    ] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help=N_("What would have to change, step by step."))
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="KIND,...",
            help=N_("Exit with 3 for these kinds, red (a red point) or open (open items)."),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help=N_("Where to write it; else stdout.")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Judge rooms: what the relationship is, why, and what would break it."""
    from mutualist.library.verdict import assess

    wanted = _format(format_, json_=json_, jsonl=jsonl, output=output)
    conditions = _conditions(fail_on)
    if len(files) > 1 and wanted in {"pdf", "html"}:
        raise CommandError(_("{format} takes one file at a time.", format=wanted), 2)
    if len(files) > 1 and wanted == "json":
        raise CommandError(_("Several files are written with --jsonl."), 2)
    refuse_overwriting(output, force=force)
    verdicts = [assess(_room(file, input_format)) for file in files]
    if wanted == "table" and output is None:
        for one in verdicts:
            print_terminal(one, explain=explain, changes=changes)
    else:
        pieces = [_written(one, wanted, explain=explain, changes=changes) for one in verdicts]
        if isinstance(pieces[0], bytes):
            deliver(pieces[0], output)
        else:
            deliver("\n".join(str(piece) for piece in pieces), output)
    if wanted == "table" and not (explain or changes):
        suggest(f"mutualist verdict {files[0]} --explain --changes", _("why, and what would help"))
    return CONDITION_MET if any(_met(one, conditions) for one in verdicts) else DONE


def _format(wanted: str, *, json_: bool, jsonl: bool, output: Path | None) -> str:
    if json_ or jsonl:
        return "jsonl" if jsonl else "json"
    if wanted not in FORMATS:
        raise CommandError(
            _(
                "--format: {value} is unknown. Known are {known}.",
                value=repr(wanted),
                known=", ".join(FORMATS),
            ),
            2,
        )
    if wanted == "table" and output is not None:
        by_suffix = {".md": "md", ".html": "html", ".pdf": "pdf", ".json": "json"}
        return by_suffix.get(output.suffix.lower(), "table")
    return wanted


def _conditions(fail_on: str | None) -> frozenset[str]:
    if not fail_on:
        return frozenset()
    from mutualist.library.rules import builtin

    known = {*builtin().kinds, "red", "open"}
    wanted = [word.strip() for word in fail_on.split(",") if word.strip()]
    for word in wanted:
        if word not in known:
            raise CommandError(
                _(
                    "--fail-on: {value} is unknown. Known are {known}.",
                    value=repr(word),
                    known=", ".join(sorted(known)),
                ),
                2,
            )
    return frozenset(wanted)


def _met(one: Verdict, conditions: frozenset[str]) -> bool:
    return (
        one.kind in conditions
        or ("red" in conditions and bool(one.red))
        or ("open" in conditions and bool(one.open_items))
    )


def _room(file: str, input_format: str | None) -> Any:
    """Read a room file, or the last opened round of a room's folder."""
    from mutualist.domain.assess import AnswerError
    from mutualist.library.files import read_room

    if file != "-" and Path(file).is_dir():
        return _folder_room(file)
    try:
        return read_room(file, input_format)
    except AnswerError as error:
        error.add_note(file)
        raise


def _folder_room(path: str) -> Any:
    from mutualist.library import folder

    shared = folder.load(path)
    number = shared.round()
    try:
        return shared.opened(number - 1 if number > 1 else number)
    except folder.NotOpenError as error:
        raise CommandError(error.message(lang()), NOT_OPEN) from error


def _written(one: Verdict, wanted: str, *, explain: bool, changes: bool) -> str | bytes:
    if wanted == "json":
        return as_json(_document(one, explain=explain, changes=changes))
    if wanted == "jsonl":
        import json

        return json.dumps(_document(one, explain=explain, changes=changes), ensure_ascii=False)
    if wanted == "md":
        return one.to_markdown(lang(), explain=explain, changes=changes)
    if wanted == "html":
        return one.to_html(lang(), explain=explain, changes=changes)
    if wanted == "pdf":
        return one.to_pdf(lang=lang())
    return one.to_text(lang(), explain=explain, changes=changes)


def _document(one: Verdict, *, explain: bool, changes: bool) -> dict[str, Any]:
    """Return verdict/1; what was asked for beyond it stands in keys of its own."""
    document = one.to_dict()
    if explain:
        document["explanation"] = list(one.explain(lang()))
    if changes:
        document["changes"] = list(one.changes(lang=lang()))
    return document


def print_terminal(one: Verdict, *, explain: bool, changes: bool) -> None:
    """Print a verdict on the terminal, with colour and bars as far as it can show them."""
    from io import StringIO

    from rich.console import Console

    stream = StringIO()
    color = coloured(sys.stdout)
    ascii_only = not unicode_ok(sys.stdout)
    console = Console(
        file=stream,
        width=shutil.get_terminal_size((100, 24)).columns,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    console.print(one.to_rich(lang(), explain=explain, changes=changes, ascii_only=ascii_only))
    deliver("\n".join(line.rstrip() for line in stream.getvalue().splitlines()))
