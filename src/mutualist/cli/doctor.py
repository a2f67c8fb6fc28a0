"""`mutualist doctor`: look at an installation and say what is wrong and what helps."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from mutualist.cli.backup import Json, explained
from mutualist.cli.context import DONE, ERROR, _, lang, paint
from mutualist.cli.output import as_json
from mutualist.library.words import N_

EXAMPLES = (
    "mutualist doctor\nmutualist doctor --json\nmutualist doctor --online --mail you@example.org"
)
HELPS: Final = {
    "doctor": (
        N_("Check the installation and say what is wrong and what helps."),
        N_("Exit code 1 if anything is wrong; warnings alone give 0, with --strict 1 as well."),
    )
}
MARKS: Final = {
    "ok": N_("fine"),
    "warning": N_("look"),
    "error": N_("wrong"),
    "skipped": N_("left out"),
}


def doctor(
    online: Annotated[
        bool, typer.Option("--online", help=N_("Also ask the address for its certificate."))
    ] = False,
    mail: Annotated[
        str, typer.Option("--mail", metavar="TO", help=N_("Also send a mail to this address."))
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help=N_("Warnings count as errors."))] = False,
    json: Json = False,
) -> int:
    """Check the installation and say what is wrong and what helps."""
    from mutualist.cli.web import start_django

    start_django()
    from django.utils import translation

    from mutualist.apps.operations.checks import Asked, examine

    with explained(), translation.override(lang()):
        findings = [
            {key: str(value) for key, value in asdict(one).items()}
            for one in examine(Asked(online=online, mail_to=mail))
        ]
    bad = {"error", "warning"} if strict else {"error"}
    failed = any(one["state"] in bad for one in findings)
    if json:
        print(as_json({"schema": "doctor/1", "healthy": not failed, "findings": findings}))
    else:
        _print(findings)
    return ERROR if failed else DONE


def _print(findings: list[dict[str, Any]]) -> None:
    width = max(len(_(mark)) for mark in MARKS.values())
    names = max(len(one["name"]) for one in findings)
    for one in findings:
        state = MARKS[one["state"]]
        mark = _(state).ljust(width)
        style = {"error": "red", "warning": "bold"}.get(one["state"], "dim")
        print(f"{paint(mark, style)}  {one['name'].ljust(names)}  {one['said']}")
        if one["remedy"]:
            print(f"{' ' * (width + names + 4)}→ {one['remedy']}")
    wrong = sum(one["state"] == "error" for one in findings)
    looks = sum(one["state"] == "warning" for one in findings)
    print(
        _(
            "{checks} checks: {wrong} wrong, {looks} to look at.",
            checks=len(findings),
            wrong=wrong,
            looks=looks,
        )
    )
