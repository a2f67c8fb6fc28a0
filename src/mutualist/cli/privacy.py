"""`mutualist privacy ...`: how long what is kept, and the papers a data protection officer asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import deliver, refuse_overwriting, tell
from mutualist.cli.web import start_django
from mutualist.library.words import N_

HELP = N_("What is kept about people and why, as the record of processing.")

HELPS: Final = {
    "retention": (
        N_("Delete what has been kept long enough; the worker does this every night."),
        N_("With --dry-run it only says how much that is."),
    ),
    "record": (
        N_(
            "Write the record of processing activities (Art. 30 GDPR), made from what is kept here."
        ),
    ),
}


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Only say what would be deleted."))
    ] = False,
) -> int:
    """Delete what has been kept long enough; the worker does this every night."""
    start_django()
    from mutualist.apps.privacy.public import apply_retention, wipe_pending
    from mutualist.apps.privacy.retention import class_of

    done = apply_retention(dry_run=dry_run)
    if not dry_run and not wipe_pending(owner=True):
        tell(_("The database's files still hold deleted rows; the nightly run tries again."))
    for one in done:
        words = class_of(one.kept).words[lang()]
        print(f"{one.rows:>7}  {one.label}  ({class_of(one.kept).days} d {words})")
    total = sum(one.rows for one in done)
    said = N_("Would be deleted: {count} rows.") if dry_run else N_("Deleted: {count} rows.")
    tell(_(said, count=total))
    return DONE


def record(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Where the file goes."))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Write the record of processing activities (Art. 30 GDPR), made from what is kept here."""
    refuse_overwriting(output, force=force)
    start_django()
    from django.utils import translation

    from mutualist.apps.privacy.processing import processing_record

    with translation.override(lang()):
        deliver(processing_record(lang()), output)
    return DONE
