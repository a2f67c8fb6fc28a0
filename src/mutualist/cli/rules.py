"""`mutualist rules ...` and `mutualist schema ...`: rule files and the formats of files."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, ERROR, _, lang, paint
from mutualist.cli.output import as_json, deliver, tell
from mutualist.cli.problems import show as show_lines
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

HELP = N_("The rule file: questions, rules, weights and words as data.")
SCHEMA_HELP = N_("JSON Schemas of the files Mutualist reads and writes.")

HELPS: Final = {
    "show": (N_("Show the rules with their points and words, or one of them in full."),),
    "lint": (N_("Check a rule file; every mistake is named with its line and key."),),
    "schema_room": (N_("Print the JSON Schema of a room file."),),
    "schema_ruleset": (N_("Print the JSON Schema of a rule file."),),
    "schema_verdict": (N_("Print the JSON Schema of `mutualist verdict --json`."),),
    "schema_receipt": (N_("Print the JSON Schema of the receipt of a seal."),),
    "schema_venture": (N_("Print the JSON Schema of a venture file."),),
    "schema_simulation": (N_("Print the JSON Schema of `mutualist simulate --json`."),),
    "schema_split": (N_("Print the JSON Schema of `mutualist split --json`."),),
    "schema_split_comparison": (
        N_("Print the JSON Schema of `mutualist split --compare --json`."),
    ),
    "schema_es": (N_("Print the JSON Schema of `mutualist risk es --json`."),),
    "schema_stopgap": (N_("Print the JSON Schema of `mutualist stopgap --json`."),),
    "schema_exits": (N_("Print the JSON Schema of `mutualist exits --json`."),),
    "schema_terms": (N_("Print the JSON Schema of `mutualist terms --json`."),),
    "schema_programme": (N_("Print the JSON Schema of the rules of a partner programme."),),
    "schema_checklist": (N_("Print the JSON Schema of the checklist of new partners."),),
    "schema_commission": (N_("Print the JSON Schema of commission rules."),),
    "schema_commission_statement": (
        N_("Print the JSON Schema of `mutualist commission statement --json`."),
    ),
    "schema_score": (N_("Print the JSON Schema of `mutualist programme score --json`."),),
    "schema_forecast": (N_("Print the JSON Schema of `mutualist programme forecast --json`."),),
    "schema_path": (N_("Print the JSON Schema of `mutualist programme path --json`."),),
    "schema_route": (N_("Print the JSON Schema of `mutualist route --json`."),),
    "schema_diff": (N_("Print the JSON Schema of `mutualist programme diff --json`."),),
    "schema_tiers": (N_("Print the JSON Schema of `mutualist evaluate tiers --json`."),),
}


def show(
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help=N_("One rule, e.g. S1, C4 or H2."))
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help=N_("The rule file as JSON."))] = False,
    yaml_: Annotated[bool, typer.Option("--yaml", help=N_("The rule file as it is."))] = False,
) -> int:
    """Show the rules with their points and words, or one of them in full."""
    from mutualist.library import rules

    ruleset = rules.builtin()
    if yaml_:
        deliver(rules.builtin_text())
    elif json_:
        source: Any = ruleset.source
        deliver(as_json(_entry(source, rule) if rule else dict(source)))
    elif rule:
        deliver(_one(_entry(ruleset.source, rule)))
    else:
        deliver(_overview(ruleset.source))
    return DONE


def _entry(source: Any, rule: str) -> dict[str, Any]:
    for part in ("rules", "conflicts", "gaps", "measures", "pledges", "gates", "kinds"):
        for entry in source[part]:
            if entry.get("id", entry.get("key")) == rule:
                return dict(entry)
    if rule in source["items"]:
        return dict(source["items"][rule])
    raise CommandError(_("There is no rule {rule}. `mutualist rules show` lists all.", rule=rule))


def _one(entry: dict[str, Any]) -> str:
    from mutualist.library.yamlfile import dump

    return dump(entry)


def _overview(source: Any) -> str:
    lines = [paint(_("Rule version {version}", version=source["version"]), "bold")]
    lines += ["", paint(_("Rules"), "bold")]
    for entry in source["rules"]:
        words = entry["words"][0] if isinstance(entry["words"], list) else entry["words"]
        said = words[lang()].replace("{", "").replace("}", "")
        lines.append(f"  {entry['id']:4} +{entry['points']:<3} {said}")
    lines += ["", paint(_("Measures"), "bold")]
    lines += [f"  {m['id']:4} {m['weight']:>3}  {m[lang()]}" for m in source["measures"]]
    lines += ["", paint(_("Goal conflicts"), "bold")]
    lines += [f"  {c['id']:4} {c['weight']:>3}  {c[lang()]}" for c in source["conflicts"]]
    lines += ["", paint(_("Gaps between word and proof"), "bold")]
    lines += [f"  {g['id']:4}      {g[lang()]}" for g in source["gaps"]]
    return "\n".join(lines)


def lint(
    file: Annotated[str, typer.Argument(metavar="FILE", help=N_("Rule file; - is stdin."))],
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Check a rule file; every mistake is named with its line and key."""
    from mutualist.library.files import name_of, read_text
    from mutualist.library.rules import lint as check

    problems = check(read_text(file))
    if json_:
        deliver(
            as_json(
                {
                    "schema": "lint/1",
                    "file": name_of(file),
                    "problems": [
                        {"line": p.line, "key": p.key, "message": p.message(lang())}
                        for p in problems
                    ],
                }
            )
        )
    elif problems:
        show_lines([_line(name_of(file), problem) for problem in problems])
    if problems:
        tell(_("Mistakes: {count}.", count=len(problems)))
        return ERROR
    tell(_("{file} is a valid rule file.", file=name_of(file)))
    return DONE


def _line(file: str, problem: Any) -> str:
    where = f"{file}:{problem.line}" if problem.line else file
    return f"{where}: {problem.key}: {problem.message(lang())}"


def schema_room() -> int:
    """Print the JSON Schema of a room file."""
    from mutualist.library.schemas import room_schema

    deliver(as_json(room_schema()))
    return DONE


def schema_ruleset() -> int:
    """Print the JSON Schema of a rule file."""
    from mutualist.library.schemas import ruleset_schema

    deliver(as_json(ruleset_schema()))
    return DONE


def schema_verdict() -> int:
    """Print the JSON Schema of `mutualist verdict --json`."""
    from mutualist.library.schemas import verdict_schema

    deliver(as_json(verdict_schema()))
    return DONE


def schema_receipt() -> int:
    """Print the JSON Schema of the receipt of a seal."""
    from mutualist.library.schemas import receipt_schema

    deliver(as_json(receipt_schema()))
    return DONE


def schema_venture() -> int:
    """Print the JSON Schema of a venture file."""
    from mutualist.library.schemas import venture_schema

    deliver(as_json(venture_schema()))
    return DONE


def schema_simulation() -> int:
    """Print the JSON Schema of `mutualist simulate --json`."""
    from mutualist.library.schemas import simulation_schema

    deliver(as_json(simulation_schema()))
    return DONE


def schema_split() -> int:
    """Print the JSON Schema of `mutualist split --json`."""
    from mutualist.library.schemas import split_schema

    deliver(as_json(split_schema()))
    return DONE


def schema_split_comparison() -> int:
    """Print the JSON Schema of `mutualist split --compare --json`."""
    from mutualist.library.schemas import split_comparison_schema

    deliver(as_json(split_comparison_schema()))
    return DONE


def schema_es() -> int:
    """Print the JSON Schema of `mutualist risk es --json`."""
    from mutualist.library.schemas import es_schema

    deliver(as_json(es_schema()))
    return DONE


def schema_stopgap() -> int:
    """Print the JSON Schema of `mutualist stopgap --json`."""
    from mutualist.library.schemas import stopgap_schema

    deliver(as_json(stopgap_schema()))
    return DONE


def schema_exits() -> int:
    """Print the JSON Schema of `mutualist exits --json`."""
    from mutualist.library.schemas import exits_schema

    deliver(as_json(exits_schema()))
    return DONE


def schema_terms() -> int:
    """Print the JSON Schema of `mutualist terms --json`."""
    from mutualist.library.schemas import terms_schema

    deliver(as_json(terms_schema()))
    return DONE


def schema_tiers() -> int:
    """Print the JSON Schema of `mutualist evaluate tiers --json`."""
    from mutualist.library.schemas import tiers_schema

    deliver(as_json(tiers_schema()))
    return DONE


def schema_programme() -> int:
    """Print the JSON Schema of the rules of a partner programme."""
    from mutualist.library.schemas import programme_schema

    deliver(as_json(programme_schema()))
    return DONE


def schema_forecast() -> int:
    """Print the JSON Schema of `mutualist programme forecast --json`."""
    from mutualist.library.schemas import forecast_schema

    deliver(as_json(forecast_schema()))
    return DONE


def schema_path() -> int:
    """Print the JSON Schema of `mutualist programme path --json`."""
    from mutualist.library.schemas import path_schema

    deliver(as_json(path_schema()))
    return DONE


def schema_diff() -> int:
    """Print the JSON Schema of `mutualist programme diff --json`."""
    from mutualist.library.schemas import diff_schema

    deliver(as_json(diff_schema()))
    return DONE


def schema_route() -> int:
    """Print the JSON Schema of `mutualist route --json`."""
    from mutualist.library.schemas import route_schema

    deliver(as_json(route_schema()))
    return DONE


def schema_score() -> int:
    """Print the JSON Schema of `mutualist programme score --json`."""
    from mutualist.library.schemas import score_schema

    deliver(as_json(score_schema()))
    return DONE


def schema_checklist() -> int:
    """Print the JSON Schema of the checklist of new partners."""
    from mutualist.library.schemas import checklist_schema

    deliver(as_json(checklist_schema()))
    return DONE


def schema_commission() -> int:
    """Print the JSON Schema of commission rules."""
    from mutualist.library.schemas import commission_schema

    deliver(as_json(commission_schema()))
    return DONE


def schema_commission_statement() -> int:
    """Print the JSON Schema of `mutualist commission statement --json`."""
    from mutualist.library.schemas import commission_statement_schema

    deliver(as_json(commission_statement_schema()))
    return DONE
