"""`mutualist split`: share what a venture or a bare game earns, by one rule or several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver, refuse_overwriting, suggest
from mutualist.cli.run import CommandError
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from mutualist.domain.venture.split import Splitting
    from mutualist.library.split import Comparison

EXAMPLES = """mutualist split examples/ventures/pumpenpuls.yaml --rule shapley,nash --compare
mutualist split --game game.json --rule nucleolus --json
mutualist split --game game.json --rule shapley,nucleolus,tau --compare"""

HELPS: Final = {
    "split": (
        N_("Share what is earned or spent together, by rules that say what is fair."),
        N_(
            "A game file holds the values of all coalitions: singles, pairs, triples and so on, "
            "each in order."
        ),
    ),
}


def split(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help=N_("Venture file (.yaml, .json, .xlsx), or -.")),
    ] = None,
    game: Annotated[
        str | None,
        typer.Option("--game", metavar="GAME", help=N_("A bare game as JSON; - is stdin.")),
    ] = None,
    rule: Annotated[
        str, typer.Option("--rule", metavar="RULE,...", help=N_("Which rules; or all."))
    ] = "",
    compare: Annotated[
        bool, typer.Option("--compare", help=N_("Several rules side by side, and one to take."))
    ] = False,
    count: Annotated[int, typer.Option("-n", metavar="N", help=N_("Scenarios."))] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help=N_("Start of the random numbers."))] = 0,
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help=N_("Where to write it; else stdout.")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Share what is earned or spent together, by rules that say what is fair."""
    from mutualist.library.split import Split, compare_splits

    refuse_overwriting(output, force=force)
    if (game is None) == (file is None):
        raise CommandError(_("Give a venture file, or a game with --game."), 2)
    rules = _rules(rule)
    subject = _subject(file, game, count, seed)
    if len(rules) == 1 and not compare:
        fitted = Split(rules[0]).fit(subject)
        told = as_json(fitted.to_dict(lang())) if json_ else _one(fitted.result_)
        deliver(told, output)
        if not json_:
            source = file or f"--game {game}"
            suggest(f"mutualist split {source} --compare", _("all rules side by side"))
        return DONE
    several = compare_splits(subject, rules)
    deliver(as_json(several.to_dict(lang())) if json_ else _several(several), output)
    return DONE


def _subject(file: str | None, game: str | None, count: int, seed: int) -> Any:
    """Read a game, or simulate a venture."""
    if game is not None:
        from mutualist.library.split import read_game

        return read_game(game)
    from mutualist.library.ventures import Venture

    return Venture.from_file(str(file)).simulate(count, seed)


def _rules(wanted: str) -> tuple[str, ...]:
    """Return the rules asked for; none stands for all that the game allows."""
    from mutualist.domain.venture.split.rules import require_rule

    rules = tuple(word.strip() for word in wanted.split(",") if word.strip())
    if rules == ("all",):
        return ()
    for one in rules:
        require_rule(one)
    return rules


def _one(found: Splitting) -> str:
    from mutualist.domain.venture.split.texts import texts

    lines = [
        texts().name(found.rule, lang()),
        texts().reason(found.rule, lang()),
        "",
        *_rows([(_("Party"), _("Share")), *_amounts(found)]),
    ]
    lines += ["", *_standing(found)]
    return "\n".join(lines)


def _amounts(found: Splitting) -> list[tuple[str, ...]]:
    if found.rounded is None:
        return [(name, "-") for name in found.game.named]
    return [
        (name, number(float(share), lang(), 2))
        for name, share in zip(found.game.named, found.rounded, strict=True)
    ]


def _standing(found: Splitting) -> list[str]:
    lines = [f"! {warned.message(lang())}" for warned in found.warnings]
    if found.core is not None and found.core.inside:
        lines.insert(0, _("In the core: no group would do better alone."))
    return lines


def _several(found: Comparison) -> str:
    from mutualist.domain.venture.split.texts import texts

    parties = found.splits[0].game.named
    rows: list[tuple[str, ...]] = [(_("Rule"), *parties, _("Core"))]
    for one in found.splits:
        mark = "* " if one.rule == found.recommended.rule else "  "
        shares = tuple(amount for _name, amount in _amounts(one))
        inside = "-" if one.core is None else _("yes") if one.core.inside else _("no")
        rows.append((mark + texts().name(one.rule, lang()), *shares, inside))
    said = dict.fromkeys(
        warned.message(lang())
        for one in found.splits
        for warned in one.warnings
        if warned.code != "outside_core"
    )
    name = texts().name(found.recommended.rule, lang())
    lines = [
        _("Recommended: {rule}. {because}", rule=name, because=found.recommended.because(lang())),
        "",
        *_rows(rows),
        *("", *(f"! {line}" for line in said)),
    ]
    return "\n".join(lines).rstrip()


def _rows(rows: list[tuple[str, ...]]) -> list[str]:
    """Set rows in columns: the first to the left, figures to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            _cell(cell, width, i) for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return [line.rstrip() for line in lines]


def _cell(cell: Any, width: int, column: int) -> str:
    return str(cell).ljust(width) if column == 0 else str(cell).rjust(width)
