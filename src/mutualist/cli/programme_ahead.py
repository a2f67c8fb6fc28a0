"""`mutualist programme forecast|path|diff|what-if`: what comes, what to do, why a score changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, USAGE, _, lang
from mutualist.cli.output import as_json, deliver, refuse_overwriting, tell
from mutualist.cli.problems import show as show_lines
from mutualist.cli.programme import AsOf, FactsSource, Force, Json, Output, day_of
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

if TYPE_CHECKING:
    from mutualist.domain.programme.ahead.timeline import Case
    from mutualist.domain.programme.rules.model import RuleSet
    from mutualist.domain.programme.scoring.facts import Facts

HELPS: Final = {
    "forecast": (
        N_("Say what changes by itself until a day, and on which day a level is lost."),
        N_("Nothing is guessed: ends of certificates, leavers and the windows of the rules count."),
    ),
    "path": (
        N_("Find the cheapest ways to a level, by what the rules say actions cost."),
        N_("Every way is scored exactly before it is told."),
    ),
    "diff": (
        N_("Say why the score of one day is another than that of a day before."),
        N_("The parts add up to the difference exactly."),
    ),
    "what_if": (
        N_("Say what a score would be with other facts or by other rules."),
        N_("Rows with an id that is there replace the row; all others are added."),
    ),
}
FORECAST_EXAMPLES = """mutualist programme forecast --rules rules.yaml --facts facts/ --until 2027-06-30
mutualist programme forecast --rules rules.yaml --facts facts/ --until 2027-06-30 --json"""
PATH_EXAMPLES = """mutualist programme path --rules preset:mutual --facts facts/
mutualist programme path --rules rules.yaml --facts facts/ --to gold --hour 60 --json"""
DIFF_EXAMPLES = """mutualist programme diff --rules rules.yaml --facts facts/ --from 2026-07-01 --as-of 2026-11-22
mutualist programme diff --rules old.yaml --rules new.yaml --facts facts/ --from 2026-06-30"""
WHAT_IF_EXAMPLES = """mutualist programme what-if --rules rules.yaml --facts facts/ --with more/
mutualist programme what-if --rules rules.yaml --facts facts/ --leaver Berg=2027-01-01
mutualist programme what-if --rules preset:mutual --facts facts/ --instead preset:mutual-gentle"""

AllRules = Annotated[
    list[str],
    typer.Option(
        "--rules",
        metavar="RULES",
        help=N_("Rule file or preset:NAME; repeat it for further versions."),
    ),
]
Partners = Annotated[
    list[str] | None,
    typer.Option("--partner", metavar="ID", help=N_("Only this partner; may be repeated.")),
]
Leavers = Annotated[
    list[str] | None,
    typer.Option(
        "--leaver", metavar="PERSON=DATE", help=N_("Who leaves, and the first day without them.")
    ),
]
Until = Annotated[str, typer.Option("--until", metavar="DATE", help=N_("The last day."))]


def _cases(
    rules: list[str],
    facts: str,
    day: dt.date,
    partners: list[str] | None,
    leavers: list[str] | None,
) -> list[Case]:
    """Read everything and return a case for each partner that is wanted."""
    from mutualist.domain.programme.ahead.timeline import Case, in_force
    from mutualist.domain.programme.scoring.population import cutoffs_of

    versions = _versions(rules)
    ruleset = in_force(versions, day)
    known = _facts(facts, ruleset, day)
    for one in partners or []:
        if one not in {each.id for each in known}:
            raise CommandError(_("There is no partner {partner} in the facts.", partner=one))
    cutoffs = cutoffs_of(known, ruleset, day)
    gone = _leaving(leavers, known)
    return [
        Case(one, versions, gone, cutoffs=cutoffs)
        for one in known
        if not partners or one.id in partners
    ]


def _versions(sources: list[str]) -> list[RuleSet]:
    """Read the versions of one programme."""
    from mutualist.domain.programme.rules.lint import lint_versions
    from mutualist.library.programme_files import read_rule_file

    versions = [read_rule_file(one) for one in sources]
    wrong = [one for one in lint_versions(versions) if one.code == "other_programme"]
    if wrong:
        raise CommandError("\n".join(one.message(lang()) for one in wrong), USAGE)
    return versions


def _leaving(leavers: list[str] | None, known: list[Facts]) -> dict[str, dt.date]:
    """Return who leaves, and say it when the facts name nobody like that."""
    gone = dict(_leaver(one) for one in leavers or [])
    rows = (row for one in known for held in one.rows.values() for row in held)
    named = {row.values.get("person") for row in rows} if gone else set()
    for person in gone:
        if person not in named:
            tell(_("--leaver {person}: no fact names this person.", person=person))
    return gone


def _facts(source: str, ruleset: RuleSet, day: dt.date) -> list[Facts]:
    from mutualist.library.programme_files import read_facts

    checked = read_facts(source, ruleset, day)
    show_lines([one.message(lang()) for one in checked.problems], tell, tell)
    return list(checked.facts)


def _leaver(value: str) -> tuple[str, dt.date]:
    person, sign, day = value.rpartition("=")
    if not sign or not person.strip():
        said = _(
            "--leaver {value}: write the person and the day, as in Berg=2027-01-01.", value=value
        )
        raise CommandError(said, USAGE)
    return person.strip(), day_of(day.strip(), "--leaver")


def _ordered(first: dt.date, last: dt.date, option: str) -> None:
    if last < first:
        said = _(
            "{option}: {last} lies before {first}; please swap them.",
            option=option,
            last=last,
            first=first,
        )
        raise CommandError(said, USAGE)


def _number(value: str, option: str) -> Fraction:
    try:
        found = Fraction(value.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found < 0:
        said = _(
            "{option} {value}: a number from zero on belongs here.", option=option, value=value
        )
        raise CommandError(said, USAGE)
    return found


def forecast(
    rules: AllRules,
    facts: FactsSource,
    until: Until,
    as_of: AsOf = "",
    partner: Partners = None,
    leaver: Leavers = None,
    json_: Json = False,
    output: Output = None,
    force: Force = False,
) -> int:
    """Say what changes by itself until a day, and on which day a level is lost."""
    from mutualist.domain.programme.ahead.forecasting import forecast as look_ahead
    from mutualist.library import programme_ahead as telling

    refuse_overwriting(output, force=force)
    day, last = day_of(as_of), day_of(until, "--until")
    _ordered(day, last, "--until")
    cases = _cases(rules, facts, day, partner, leaver)

    def each() -> Iterator[tuple[Case, Any, Any]]:
        for case in cases:
            yield case, look_ahead(case, day, last), telling.Telling(case, lang())

    if json_:
        entries = [telling.forecast_entry(case.facts.id, one, say) for case, one, say in each()]
        said = telling.document(
            telling.FORECAST,
            cases[0].versions,
            entries,
            as_of=day.isoformat(),
            until=last.isoformat(),
        )
        deliver(as_json(said), output)
    else:
        blocks = [telling.forecast_text(case.facts.name, one, say) for case, one, say in each()]
        deliver("\n\n".join(blocks), output)
    return DONE


def path(
    rules: AllRules,
    facts: FactsSource,
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="LEVEL", help=N_("The level; else the next one."))
    ] = "",
    hour: Annotated[
        str, typer.Option("--hour", metavar="AMOUNT", help=N_("What an hour of work is worth."))
    ] = "0",
    ways: Annotated[int, typer.Option("--ways", min=1, max=20, help=N_("How many ways."))] = 3,
    as_of: AsOf = "",
    partner: Partners = None,
    json_: Json = False,
    output: Output = None,
    force: Force = False,
) -> int:
    """Find the cheapest ways to a level, by what the rules say actions cost."""
    from mutualist.domain.programme.ahead.paths import cheapest_paths
    from mutualist.library import programme_ahead as telling

    refuse_overwriting(output, force=force)
    day, worth = day_of(as_of), _number(hour, "--hour")
    cases = _cases(rules, facts, day, partner, None)
    levels = [level.name for level in cases[0].rules(day).levels]
    if to and to not in levels:
        said = _("--to {level}: there are only {levels}.", level=to, levels=", ".join(levels))
        raise CommandError(said, USAGE)
    found = [
        (case, cheapest_paths(case, day, target=to or None, hour=worth, ways=ways))
        for case in cases
    ]
    if json_:
        entries = [
            telling.path_entry(case.facts.id, one, telling.Telling(case, lang()))
            for case, one in found
        ]
        said_all = telling.document(
            telling.PATH, cases[0].versions, entries, as_of=day.isoformat(), hour=float(worth)
        )
        deliver(as_json(said_all), output)
    else:
        blocks = [
            telling.path_text(case.facts.name, one, telling.Telling(case, lang()))
            for case, one in found
        ]
        deliver("\n\n".join(blocks), output)
    return DONE


def diff(
    rules: AllRules,
    facts: FactsSource,
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help=N_("The first of the two days."))
    ],
    as_of: AsOf = "",
    before: Annotated[
        str,
        typer.Option(
            "--facts-before", metavar="FACTS", help=N_("What was known on the first day.")
        ),
    ] = "",
    partner: Partners = None,
    json_: Json = False,
    output: Output = None,
    force: Force = False,
) -> int:
    """Say why the score of one day is another than that of a day before."""
    refuse_overwriting(output, force=force)
    first, last = day_of(since, "--from"), day_of(as_of)
    _ordered(first, last, "--as-of")
    cases = _cases(rules, facts, last, partner, None)
    old = {}
    if before:
        known = _facts(before, cases[0].rules(first), last)
        old = {one.id: one for one in known}
    pairs = [
        (dataclasses.replace(case, facts=old.get(case.facts.id, case.facts)), case)
        for case in cases
    ]
    _tell_differences(pairs, first, last, output, json_=json_)
    return DONE


def what_if(
    rules: AllRules,
    facts: FactsSource,
    *,
    with_: Annotated[
        str, typer.Option("--with", metavar="FACTS", help=N_("Facts that would be there as well."))
    ] = "",
    leaver: Leavers = None,
    as_of: AsOf = "",
    instead: Annotated[
        list[str] | None,
        typer.Option(
            "--instead",
            metavar="RULES",
            help=N_("Other rules for the same facts: what would they give?"),
        ),
    ] = None,
    until: Until = "",
    partner: Partners = None,
    json_: Json = False,
    output: Output = None,
    force: Force = False,
) -> int:
    """Say what a score would be with other facts or by other rules."""
    from mutualist.domain.programme.ahead.whatif import Changes, changed

    refuse_overwriting(output, force=force)
    if not (with_ or leaver or instead):
        raise CommandError(_("What is to be otherwise? Name --with, --leaver or --instead."), USAGE)
    day = day_of(as_of)
    last = day_of(until, "--until") if until else day
    _ordered(day, last, "--until")
    cases = _cases(rules, facts, day, partner, None)
    more = {one.id: one for one in _facts(with_, cases[0].rules(day), last)} if with_ else {}
    gone = _leaving(leaver, [case.facts for case in cases])
    others = _cases(instead, facts, day, partner, None) if instead else cases
    pairs = []
    for case, under in zip(cases, others, strict=True):
        other = dataclasses.replace(under, leavers=gone)
        if case.facts.id in more:
            new = more[case.facts.id]
            changes = Changes(add=dict(new.rows))
            other = dataclasses.replace(other, facts=changed(under.facts, changes))
        pairs.append((case, other))
    _tell_differences(pairs, day, last, output, json_=json_)
    return DONE


def _both(old: Case, case: Case) -> Case:
    """Return a case that knows the words of both sides' rules."""
    more = [one for one in old.versions if one not in case.versions]
    return dataclasses.replace(case, versions=[*case.versions, *more])


def _tell_differences(
    pairs: list[tuple[Case, Case]],
    first: dt.date,
    last: dt.date,
    output: Path | None,
    *,
    json_: bool,
) -> None:
    from mutualist.domain.programme.ahead.differences import difference
    from mutualist.library import programme_ahead as telling

    found = [(_both(old, case), difference(old, case, first, last)) for old, case in pairs]
    if json_:
        entries = [
            telling.difference_entry(case.facts.id, one, telling.Telling(case, lang()))
            for case, one in found
        ]
        days = [first.isoformat(), last.isoformat()]
        deliver(
            as_json(telling.document(telling.DIFF, pairs[0][1].versions, entries, days=days)),
            output,
        )
        return
    blocks = [
        telling.difference_text(case.facts.name, one, telling.Telling(case, lang()))
        for case, one in found
    ]
    deliver("\n\n".join(blocks), output)
