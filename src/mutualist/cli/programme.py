"""`mutualist programme ...`: rules of partner programmes checked, partners scored."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, ERROR, USAGE, _, lang
from mutualist.cli.output import as_json, deliver, refuse_overwriting, suggest, tell
from mutualist.cli.problems import show as show_lines
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

if TYPE_CHECKING:
    from mutualist.domain.programme.rules.model import RuleSet

HELP = N_("Partner programmes: check their rules, score partners, see what comes and what to do.")
HELPS: Final = {
    "lint": (
        N_("Check rules of a programme; every mistake is named with its place and the remedy."),
        N_("Several files are checked as versions of one programme: their dates must not overlap."),
        N_("A checklist of new partners is checked too."),
    ),
    "score": (
        N_("Score partners by the rules of a programme, exactly and with reasons."),
        N_(
            "Facts are a JSON file, or a folder with partners.csv and one CSV file for each table "
            "of the rules."
        ),
    ),
}
SCORE_EXAMPLES = """mutualist programme score --rules rules.yaml --facts facts/ --as-of 2026-11-22
mutualist programme score --rules preset:odoo --facts facts.json --explain
mutualist programme score --rules preset:modern-work --facts facts/ --partner tauwerk --json"""
LINT_EXAMPLES = """mutualist programme lint rules.yaml
mutualist programme lint rules-2025.yaml rules-2026.yaml --json"""

#: Nobody has facts of other years; reviews and windows are looked for on both sides of a day.
YEARS: Final = range(1900, 2201)
Rules = Annotated[
    str,
    typer.Option("--rules", metavar="RULES", help=N_("Rule file (.yaml, .json), or preset:NAME.")),
]
FactsSource = Annotated[
    str, typer.Option("--facts", metavar="FACTS", help=N_("Facts: a folder of CSV files, or JSON."))
]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help=N_("The day that is scored; else today."))
]
Json = Annotated[bool, typer.Option("--json", help=N_("One JSON document."))]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help=N_("Where to write it; else stdout.")),
]
Force = Annotated[bool, typer.Option("--force", help=N_("Replace the file."))]


def day_of(value: str, option: str = "--as-of") -> dt.date:
    """Return the day an option names; today where it names none."""
    if not value:
        return dt.datetime.now().astimezone().date()
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        said = _("{option} {value}: write a day as 2026-11-22.", option=option, value=value)
        raise CommandError(said, USAGE) from None
    if day.year not in YEARS:
        first, last = YEARS[0], YEARS[-1]
        said = _(
            "{option} {value}: a day of the years {first} to {last} belongs here.",
            option=option,
            value=value,
            first=first,
            last=last,
        )
        raise CommandError(said, USAGE)
    return day


def warn_of_time(rules: RuleSet, day: dt.date) -> None:
    """Say it when the rules are not in force on the day."""
    if day < rules.since or (rules.until and day > rules.until):
        tell(
            _(
                "These rules are not in force on {day} (from {since}, until {until}); computed with them all the same.",
                day=day,
                since=rules.since,
                until=rules.until or "…",
            )
        )


def read_all(rules_source: str, facts_source: str, day: dt.date) -> tuple[RuleSet, Any]:
    """Read rules and facts, and say what has to be known about both."""
    from mutualist.library.programme_files import read_facts, read_rule_file

    rules = read_rule_file(rules_source)
    warn_of_time(rules, day)
    checked = read_facts(facts_source, rules, day)
    show_lines([one.message(lang()) for one in checked.problems], tell, tell)
    return rules, checked.facts


def score(
    rules: Rules,
    facts: FactsSource,
    as_of: AsOf = "",
    partner: Annotated[
        list[str] | None,
        typer.Option("--partner", metavar="ID", help=N_("Only this partner; may be repeated.")),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help=N_("Every reason, with the facts it rests on."))
    ] = False,
    json_: Json = False,
    output: Output = None,
    force: Force = False,
) -> int:
    """Score partners by the rules of a programme, exactly and with reasons."""
    from mutualist.domain.programme.scoring.population import score_all
    from mutualist.library.programme_results import (
        scores_document,
        scores_table,
        scores_text,
        table_text,
    )

    refuse_overwriting(output, force=force)
    day = day_of(as_of)
    ruleset, known = read_all(rules, facts, day)
    wanted = _wanted(partner or [], [one.id for one in known])
    scored = [
        (one, facts_of.name)
        for facts_of, one in zip(known, score_all(known, ruleset, day, explain=True), strict=True)
        if not wanted or one.partner in wanted
    ]
    scores, names = [one for one, _name in scored], [name for _one, name in scored]
    if json_:
        deliver(as_json(scores_document(scores, ruleset, lang(), full=explain)), output)
        return DONE
    if explain:
        deliver(scores_text(scores, ruleset, names, lang()), output)
        return DONE
    deliver(table_text(scores_table(scores, ruleset, names, lang())), output)
    suggest(
        f"mutualist programme score --rules {rules} --facts {facts} --as-of {day} --explain",
        _("every reason"),
    )
    return DONE


def _wanted(partners: list[str], known: list[str]) -> set[str]:
    for one in partners:
        if one not in known:
            raise CommandError(_("There is no partner {partner} in the facts.", partner=one))
    return set(partners)


def lint(
    files: Annotated[
        list[str],
        typer.Argument(metavar="RULES...", help=N_("Rule files, preset:NAME, or - for stdin.")),
    ],
    json_: Json = False,
) -> int:
    """Check rules of a programme; every mistake is named with its place and the remedy."""
    from mutualist.library.programme_lint import lint_files

    found = lint_files(files)
    wrong = [one for one in found if one.severity == "error"]
    if json_:
        deliver(
            as_json(
                {
                    "schema": "lint/1",
                    "ok": not wrong,
                    "problems": [one.entry(lang()) for one in found],
                }
            )
        )
    else:
        show_lines([one.line(lang()) for one in found])
    if wrong:
        tell(_("Mistakes: {count}.", count=len(wrong)))
        return ERROR
    if not json_:
        tell(_("{file}: the rules can be used.", file=", ".join(files)))
    return DONE
