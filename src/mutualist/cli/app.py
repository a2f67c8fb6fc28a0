"""Put the commands together, each in the panel of its task."""

from __future__ import annotations

from typing import Any

import typer

from mutualist.cli.context import mark
from mutualist.cli.help import Page, Pages
from mutualist.cli.translate import translate_completion

JUDGE, ROOM, RULES, RUN = mark("Judge"), mark("Room"), mark("Rules"), mark("Run")


def group(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(
        cls=Pages, help=help_text, no_args_is_help=True, rich_markup_mode=None, add_completion=False
    )


def build() -> Any:
    """Return the whole command line, ready to be run."""
    from mutualist.cli import evaluate, exchange, room, rules, verdict, web

    app = typer.Typer(
        cls=Pages,
        help=mark("Six questions tell two or more firms what their relationship really is."),
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    add(app, "verdict", verdict.verdict, JUDGE, verdict.EXAMPLES)
    add_group(app, "evaluate", evaluate.HELP, JUDGE, {"alliances": evaluate.alliances})
    add(app, "demo", web.demo, JUDGE, web.DEMO_EXAMPLES)
    add_group(
        app,
        "room",
        room.HELP,
        ROOM,
        {
            "new": room.new,
            "ask": room.ask,
            "seal": room.seal,
            "open": room.open_,
            "status": room.status,
            "workbook": room.workbook,
        },
    )
    add_group(app, "rules", rules.HELP, RULES, {"show": rules.show, "lint": rules.lint})
    add_group(
        app,
        "schema",
        rules.SCHEMA_HELP,
        RULES,
        {
            "room": rules.schema_room,
            "ruleset": rules.schema_ruleset,
            "verdict": rules.schema_verdict,
        },
    )
    add(app, "serve", web.serve, RUN)
    add(app, "migrate", web.migrate, RUN)
    add(app, "tick", web.tick, RUN)
    add_group(
        app, "import", exchange.IMPORT_HELP, RUN,
        {"room": exchange.import_room, "excel": exchange.import_excel},
    )
    add_group(app, "export", exchange.EXPORT_HELP, RUN, {"room": exchange.export_room})
    command = typer.main.get_command(app)
    translate_completion(command)
    return command


def add(app: typer.Typer, name: str, function: Any, panel: str | None, examples: str = "") -> None:
    """Add one command."""
    app.command(name, cls=Page, rich_help_panel=panel, epilog=examples or _examples(function))(function)


def add_group(
    app: typer.Typer, name: str, help_text: str, panel: str, commands: dict[str, Any]
) -> None:
    """Add a group of commands."""
    sub = group(help_text)
    for command, function in commands.items():
        add(sub, command, function, None)
    app.add_typer(sub, name=name, rich_help_panel=panel)


def _examples(function: Any) -> str:
    return str(getattr(function, "examples", ""))
