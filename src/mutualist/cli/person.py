"""`mutualist person ...`: what an operator does when somebody asks by letter, or after a restore."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import deliver, refuse_overwriting, tell
from mutualist.cli.run import CommandError
from mutualist.cli.web import start_django
from mutualist.library.words import N_

HELP = N_("Hand out or erase what is kept about a person.")

Mail = Annotated[str, typer.Argument(metavar="MAIL", help=N_("Mail address of the person."))]
Target = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Where the file goes."))
]
Force = Annotated[bool, typer.Option("--force", help=N_("Replace the file."))]

HELPS: Final = {
    "export": (
        N_("Write everything about a person to one file: JSON, PDF and an explanation in a ZIP."),
        N_("What was answered in rooms is not in it: an operator may not read that."),
    ),
    "erase": (
        N_("Erase a person from database and log; rooms and results that belong to firms stay."),
        N_("Without --yes it only says what that would mean."),
    ),
    "log": (
        N_("Print what a person did and what names them, as CSV: for a request or after a breach."),
    ),
    "reapply": (
        N_("Erase again whoever a restored backup brought back; restore does this by itself."),
    ),
}


def export(mail: Mail, output: Target = None, force: Force = False) -> int:
    """Write everything about a person to one file: JSON, PDF and an explanation in a ZIP."""
    refuse_overwriting(output, force=force)
    with _rights():
        from mutualist.apps.privacy.archive import archive_of
        from mutualist.apps.privacy.exporting import count_of, export_person
        from mutualist.apps.privacy.finding import Finder
        from mutualist.apps.privacy.people import person_of_mail

        person = person_of_mail(mail)
        if not Finder(person).all():
            raise CommandError(_("Nothing is kept about {mail}.", mail=mail))
        document = export_person(person, with_answers=False, language=lang())
        deliver(archive_of(document, lang()), output)
        tell(_("{count} entries.", count=count_of(document)))
    return DONE


def erase(
    mail: Mail,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do it; it cannot be undone."))] = False,
) -> int:
    """Erase a person from database and log; rooms and results that belong to firms stay."""
    with _rights():
        from mutualist.apps.core.errors import NotAllowed
        from mutualist.apps.privacy import erasing, wiping
        from mutualist.apps.privacy.people import person_of_mail

        person = person_of_mail(mail)
        what = erasing.consequences(person)
        if not what.rows:
            raise CommandError(_("Nothing is kept about {mail}.", mail=mail))
        for line in _lines(what):
            print(line)
        if not yes:
            tell(_("Nothing was erased. With --yes it happens."))
            return DONE
        try:
            done = erasing.erase(person)
        except NotAllowed as error:
            raise CommandError(_("Nothing is kept about {mail}.", mail=mail)) from error
        if not wiping.wipe_pending(owner=True):
            tell(_("The database's files still hold deleted rows; the nightly run tries again."))
        print(_("Erased: {count} entries.", count=done.rows))
    return DONE


def _lines(what: Any) -> Iterator[str]:
    yield _("Entries: {count}", count=what.rows)
    for place in what.places:
        yield _(
            "Room {room}, {party}: {fate}",
            room=place.room_name,
            party=place.party,
            fate=_(FATES[place.fate]),
        )
    for name in what.ending:
        yield _("{name} has no other member and ends with the person.", name=name)
    for name in what.blocked_by:
        yield _("{name} needs another owner first.", name=name)
    if what.told:
        yield _("They see that somebody is gone: {names}", names=", ".join(what.told))


FATES: Final = {
    "deleted": N_("deleted with the person"),
    "left": N_("the person leaves, others stay"),
    "passed_on": N_("a colleague takes the lead over"),
    "vacant": N_("nobody is left, the host can invite"),
    "erased": N_("nobody is left, what was sealed stays"),
}


def log(mail: Mail) -> int:
    """Print what a person did and what names them, as CSV: for a request or after a breach."""
    with _rights():
        from mutualist.apps.privacy.log import log_of
        from mutualist.apps.privacy.people import person_of_mail

        lines = [asdict(line) for line in log_of(person_of_mail(mail))]
    if not lines:
        raise CommandError(_("Nothing is kept about {mail}.", mail=mail))
    text = io.StringIO()
    table = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
    table.writeheader()
    # A spreadsheet would run what begins like a formula.
    table.writerows({k: _plain(v) for k, v in line.items()} for line in lines)
    sys.stdout.write(text.getvalue())
    return DONE


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def reapply() -> int:
    """Erase again whoever a restored backup brought back; restore does this by itself."""
    with _rights():
        from mutualist.apps.privacy.public import reapply_erasures

        print(_("Erased again: {count}.", count=reapply_erasures()))
    return DONE


@contextmanager
def _rights() -> Iterator[None]:
    """Set Django up and turn refusals of an action into messages of the command line."""
    start_django()
    from django.utils import translation

    from mutualist.apps.core.errors import ActionError

    with translation.override(lang()):
        try:
            yield
        except ActionError as error:
            raise CommandError(error.message) from error
