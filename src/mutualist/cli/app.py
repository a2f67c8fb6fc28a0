"""Put the commands together, each in the panel of its task."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import typer

from mutualist.cli.examples import EXAMPLES
from mutualist.cli.help import Page, Pages
from mutualist.cli.translate import translate_completion
from mutualist.library.words import N_

JUDGE, ROOM, RULES, RUN = N_("Judge"), N_("Room"), N_("Rules"), N_("Run")
COMPUTE = N_("Compute")
SAFE, DATA = N_("Check and keep safe"), N_("Data and people's rights")


def group(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(
        cls=Pages, help=help_text, no_args_is_help=True, rich_markup_mode=None, add_completion=False
    )


def build() -> Any:
    """Return the whole command line, ready to be run."""
    from mutualist.cli import backup, doctor, evaluate, exchange, room, rules, verdict, web

    app = typer.Typer(
        cls=Pages,
        help=N_("Six questions tell two or more firms what their relationship really is."),
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    add(app, "verdict", verdict, "verdict", JUDGE, verdict.EXAMPLES)
    add_group(
        app,
        "evaluate",
        evaluate,
        evaluate.HELP,
        JUDGE,
        {"alliances": "alliances", "splits": "splits", "tiers": "tiers"},
    )
    add(app, "demo", web, "demo", JUDGE, web.DEMO_EXAMPLES)
    in_folder = ("new", "ask", "seal", "open", "status", "workbook")
    functions = {name: "open_" if name == "open" else name for name in in_folder}
    add_group(app, "room", room, room.HELP, ROOM, functions)
    add_group(app, "rules", rules, rules.HELP, RULES, {"show": "show", "lint": "lint"})
    inputs = (
        "room",
        "ruleset",
        "verdict",
        "receipt",
        "venture",
        "programme",
        "checklist",
        "commission",
    )
    results = (
        "simulation",
        "split",
        "split-comparison",
        "es",
        "stopgap",
        "exits",
        "terms",
        "tiers",
        "score",
        "forecast",
        "path",
        "diff",
        "commission-statement",
        "route",
    )
    schemas = {name: f"schema_{name.replace('-', '_')}" for name in (*inputs, *results)}
    add_group(app, "schema", rules, rules.SCHEMA_HELP, RULES, schemas)
    for name in ("serve", "migrate", "tick", "work", "operator"):
        add(app, name, web, name, RUN)
    add(app, "doctor", doctor, "doctor", SAFE, doctor.EXAMPLES)
    add(app, "backup", backup, "backup", SAFE, backup.BACKUP_EXAMPLES)
    add(app, "restore", backup, "restore", SAFE, backup.RESTORE_EXAMPLES)
    imports = {"room": "import_room", "excel": "import_excel"}
    add_group(app, "import", exchange, exchange.IMPORT_HELP, DATA, imports)
    add_group(app, "export", exchange, exchange.EXPORT_HELP, DATA, {"room": "export_room"})
    _add_rights(app)
    _add_proofs(app)
    _add_splits(app)
    _add_venture(app)
    _add_programme(app)
    command = typer.main.get_command(app)
    translate_completion(command)
    return command


def _add_venture(app: typer.Typer) -> None:
    """Add what computes a planned venture."""
    from mutualist.cli import exits, risk, simulate, terms, venture

    add_group(app, "venture", venture, venture.HELP, COMPUTE, {"new": "new", "convert": "convert"})
    add(app, "simulate", simulate, "simulate", COMPUTE, simulate.EXAMPLES)
    add(app, "terms", terms, "terms", COMPUTE, terms.EXAMPLES)
    add(app, "exits", exits, "exits", COMPUTE, exits.EXAMPLES)
    add_group(app, "risk", risk, risk.HELP, COMPUTE, {"es": "es"})


def _add_programme(app: typer.Typer) -> None:
    """Add what partner programmes need: rules checked, partners scored, enquiries routed, commissions computed."""
    from mutualist.cli import commission, programme, programme_ahead, route

    sub = group(programme.HELP)
    add(sub, "programme lint", programme, "lint", examples=programme.LINT_EXAMPLES)
    add(sub, "programme score", programme, "score", examples=programme.SCORE_EXAMPLES)
    for name in ("forecast", "path", "diff", "what_if"):
        examples = getattr(programme_ahead, f"{name.upper()}_EXAMPLES")
        command = f"programme {name.replace('_', '-')}"
        add(sub, command, programme_ahead, name, examples=examples)
    app.add_typer(sub, name="programme", rich_help_panel=COMPUTE)
    add(app, "route", route, "route", COMPUTE, route.EXAMPLES)
    paid = group(commission.HELP)
    for name in ("lint", "statement"):
        examples = getattr(commission, f"{name.upper()}_EXAMPLES")
        add(paid, f"commission {name}", commission, name, examples=examples)
    app.add_typer(paid, name="commission", rich_help_panel=COMPUTE)


def _add_rights(app: typer.Typer) -> None:
    """Add what people may ask of the operator."""
    from mutualist.cli import person, privacy

    asked = {
        "export": "export",
        "erase": "erase",
        "access-log": "log",
        "reapply-erasures": "reapply",
    }
    add_group(app, "person", person, person.HELP, DATA, asked)
    add(app, "retention", privacy, "retention", DATA)
    add_group(app, "privacy", privacy, privacy.HELP, DATA, {"record": "record"})


def _add_splits(app: typer.Typer) -> None:
    """Add what shares out what a venture or a game earns."""
    from mutualist.cli import split, stopgap

    add(app, "split", split, "split", COMPUTE, split.EXAMPLES)
    add(app, "stopgap", stopgap, "stopgap", COMPUTE, stopgap.EXAMPLES)


def _add_proofs(app: typer.Typer) -> None:
    """Add what lets people check what was sealed and done, and the keys it rests on."""
    from mutualist.cli import audit, keys, seal

    add_group(app, "seal", seal, seal.HELP, ROOM, {"verify": "verify"})
    add_group(app, "audit", audit, audit.HELP, SAFE, {"verify": "verify", "heads": "heads"})
    add_group(
        app, "keys", keys, keys.HELP, SAFE, {"status": "status", "rotate": "rotate", "new": "new"}
    )


def add(
    app: typer.Typer,
    name: str,
    module: ModuleType,
    function: str,
    panel: str | None = None,
    examples: str | None = None,
) -> None:
    """Add one command of a module, with the help text the module has for it; `name` is its whole path."""
    app.command(
        name.rpartition(" ")[2],
        cls=Page,
        help="\n\n".join(module.HELPS[function]),
        rich_help_panel=panel,
        epilog=examples or EXAMPLES.get(name),
    )(getattr(module, function))


def add_group(
    app: typer.Typer,
    name: str,
    module: ModuleType,
    help_text: str,
    panel: str,
    commands: dict[str, str],
) -> None:
    """Add a group of commands, given as name and function."""
    sub = group(help_text)
    for command, function in commands.items():
        add(sub, f"{name} {command}", module, function)
    app.add_typer(sub, name=name, rich_help_panel=panel)
