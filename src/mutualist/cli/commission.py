"""`mutualist commission ...`: commission rules checked, invoices computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, ERROR, _, lang
from mutualist.cli.output import as_json, deliver, refuse_overwriting, suggest, tell
from mutualist.cli.problems import show as show_lines
from mutualist.cli.programme import Force, Json, Output, day_of
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutualist.library.commissions import Computed

HELP = N_("Commissions of partners: check their rules, compute what invoices earn.")
HELPS: Final = {
    "lint": (
        N_("Check commission rules; every mistake is named with its place and the remedy."),
        N_("Several files are checked as versions of one programme: their dates must not overlap."),
    ),
    "statement": (
        N_("Compute what partners earn by invoices, to the cent and with reasons."),
        N_(
            "Columns of invoices: number, day, amount, product, partner (Tauwerk 60 % | Grauwerk 40 %), currency, "
            "subscription, customer, months, covers_from, units, marks. Columns of levels: partner, from, level. The "
            "version and the level of the day of the invoice count."
        ),
    ),
}
LINT_EXAMPLES = """mutualist commission lint rules.yaml
mutualist commission lint rules-2025.yaml rules-2026.yaml --json"""
STATEMENT_EXAMPLES = """mutualist commission statement --rules rules.yaml --invoices won.csv --levels levels.csv
mutualist commission statement --rules rules.yaml --invoices won.xlsx --partner Tauwerk --explain
mutualist commission statement --rules 2025.yaml --rules 2026.yaml --invoices won.csv --json"""


def lint(
    files: Annotated[
        list[str], typer.Argument(metavar="RULES...", help=N_("Rule files, or - for stdin."))
    ],
    json_: Json = False,
) -> int:
    """Check commission rules; every mistake is named with its place and the remedy."""
    from mutualist.domain.programme.commission import CommissionError, check_versions
    from mutualist.library.commissions import read_commission_file
    from mutualist.library.errors import FileError, Unreadable
    from mutualist.library.files import name_of

    found: list[tuple[str, Any]] = []
    read = []
    for file in files:
        try:
            read.append(read_commission_file(file))
        except CommissionError as error:
            found += [(name_of(file), one) for one in error.problems]
        except FileError as error:
            found.append((name_of(file), Unreadable(error)))
    if len(read) == len(files):
        try:
            check_versions(read)
        except CommissionError as error:
            found += [("", one) for one in error.problems]
    if json_:
        deliver(as_json({"schema": "lint/1", "ok": not found, "problems": _entries(found)}))
    else:
        show_lines([": ".join(filter(None, (file, one.message(lang())))) for file, one in found])
    if found:
        tell(_("Mistakes: {count}.", count=len(found)))
        return ERROR
    if not json_:
        tell(_("{file}: the rules can be used.", file=", ".join(files)))
    return DONE


def _entries(found: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "file": file,
            "severity": "error",
            "place": one.place,
            "code": one.code,
            "message": one.message(lang()),
        }
        for file, one in found
    ]


def statement(
    rules: Annotated[
        list[str],
        typer.Option("--rules", metavar="YAML", help=N_("Rules; several are versions of one.")),
    ],
    invoices: Annotated[
        str, typer.Option("--invoices", metavar="TABLE", help=N_("Invoices as CSV or XLSX."))
    ],
    levels: Annotated[
        str | None,
        typer.Option("--levels", metavar="CSV", help=N_("Since when partners held which level.")),
    ] = None,
    until: Annotated[
        str,
        typer.Option("--until", metavar="DATE", help=N_("What is due by this day; else today.")),
    ] = "",
    partner: Annotated[
        str, typer.Option("--partner", metavar="NAME", help=N_("Only this partner."))
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help=N_("Every invoice, with the reasons."))
    ] = False,
    json_: Json = False,
    output: Output = None,
    force: Force = False,
) -> int:
    """Compute what partners earn by invoices, to the cent and with reasons."""
    from mutualist.library.commissions import compute_files

    refuse_overwriting(output, force=force)
    found = compute_files(rules, invoices, levels, day_of(until, "--until"))
    if partner:
        found = found.only(partner)
        if not found.sums():
            raise CommandError(_("No invoice names the partner {partner}.", partner=partner))
    if json_:
        deliver(as_json(found.to_dict(lang())), output)
        return DONE
    lines = [*(_explained(found) if explain else ()), *_sums(found)]
    deliver("\n".join(lines) + "\n", output)
    if not explain:
        _suggest(rules, invoices, levels)
    return DONE


def _suggest(rules: list[str], invoices: str, levels: str | None) -> None:
    files = [f"--rules {one}" for one in rules] + [f"--invoices {invoices}"]
    files += [f"--levels {levels}"] if levels else []
    suggest(f"mutualist commission statement {' '.join(files)} --explain", _("every reason"))


def _explained(found: Computed) -> Iterator[str]:
    from mutualist.domain.programme.commission.money import said
    from mutualist.library.commissions import reasons

    names = found.milestones(lang())
    for earnings, one, when in found.parts():
        invoice = earnings.invoice
        head = f"{invoice.id}  {invoice.day}  {one.partner}"
        yield f"{head}: {said(one.amount, one.currency, lang())}"
        yield from (f"    {sentence}" for sentence in reasons(one, lang()))
        if len(when) > 1:
            yield from (
                f"    {part.due or names[invoice.id, part.key]}: {said(part.amount, one.currency, lang())}"
                for part in when
            )
    yield ""


def _sums(found: Computed) -> Iterator[str]:
    from mutualist.domain.programme.commission.money import said

    for one in found.sums():
        told = {
            name: said(getattr(one, name), one.currency, lang())
            for name in ("earned", "due", "later")
        }
        yield _(
            "{partner}: {earned} by {invoices} invoices; due by {day}: {due}, later: {later}.",
            partner=one.partner,
            invoices=one.invoices,
            day=found.until,
            **told,
        )
