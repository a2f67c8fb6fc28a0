"""Help pages and the screen without arguments, in both languages.

Typer's own help is made by rich, which alone takes 200 ms to load; these pages are plain text
with a little colour and come in a third of that.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import Any, Final

from typer.core import TyperCommand, TyperGroup

from mutualist.cli.context import _, paint
from mutualist.library.words import N_

PANELS: Final = (
    N_("Judge"),
    N_("Compute"),
    N_("Room"),
    N_("Rules"),
    N_("Run"),
    N_("Check and keep safe"),
    N_("Data and people's rights"),
)
COMMANDS: Final = N_("Commands")
EVERYWHERE: Final = (
    ("--lang de|en", N_("Language; else MUTUALIST_LANG, then the locale.")),
    ("--quiet, -q", N_("No hints, only data and errors.")),
    ("--no-color", N_("No colour; NO_COLOR and TERM=dumb do the same.")),
    ("--help", N_("Show this text.")),
)
EXAMPLES: Final = (
    ("mutualist demo", N_("see the worked example: two rounds of PumpenPuls")),
    ("mutualist verdict room.yaml --explain", N_("judge a room and say why")),
    (
        'mutualist room new pump --parties "Nordwerk,Tauwerk"',
        N_("start a room in a folder of your own"),
    ),
    ("mutualist evaluate alliances examples/alliances", N_("run known alliances through it")),
    ("mutualist demo --serve", N_("the web application with demo data on this machine")),
)


def width() -> int:
    """Return how wide help may be."""
    return min(shutil.get_terminal_size((88, 24)).columns, 100)


def table(rows: list[tuple[str, str]], indent: int = 2) -> str:
    """Set rows of a term and its explanation in two columns."""
    if not rows:
        return ""
    column = min(max(len(term) for term, _text in rows), 34)
    lines = []
    for term, said in rows:
        room = max(width() - indent - column - 2, 24)
        wrapped = textwrap.wrap(said, room) or [""]
        pad = " " * (column - len(term))
        first = wrapped.pop(0) if len(term) <= column else ""
        lines.append(f"{' ' * indent}{paint(term, 'accent')}{pad}  {first}".rstrip())
        lines += [f"{' ' * (indent + column + 2)}{line}" for line in wrapped]
    return "\n".join(lines)


def section(title: str, body: str) -> str:
    """Return a headed part of a help page, or nothing for an empty body."""
    return f"\n{paint(title, 'bold')}\n{body}\n" if body else ""


def paragraphs(help_text: str) -> str:
    """Translate and wrap a help text paragraph by paragraph; code lines stay as they are."""
    blocks = []
    for block in (help_text or "").strip().split("\n\n"):
        joined = " ".join(line.strip() for line in block.splitlines())
        said = _(joined)
        blocks.append(textwrap.fill(said, width() - 2, initial_indent="  ", subsequent_indent="  "))
    return "\n\n".join(blocks)


def short(command: Any) -> str:
    """Return the first sentence of a command's help."""
    first = (command.help or "").strip().split("\n\n", maxsplit=1)[0]
    joined = " ".join(line.strip() for line in first.splitlines())
    return _(joined)


def parameter_rows(command: Any, ctx: Any, kind: str) -> list[tuple[str, str]]:
    """Return term and explanation of a command's arguments or options."""
    rows = []
    for parameter in command.get_params(ctx):
        if parameter.param_type_name != kind or getattr(parameter, "hidden", False):
            continue
        if kind == "option" and parameter.name == "help":
            continue
        said = _(parameter.help) if getattr(parameter, "help", None) else ""
        if kind == "argument":
            rows.append((term(parameter), said))
            continue
        names = ", ".join(sorted((*parameter.opts, *parameter.secondary_opts), key=_long_first))
        value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
        default = parameter.default
        if isinstance(default, int | str) and default != "" and not isinstance(default, bool):
            said = f"{said} [{default}]"
        rows.append((names + value, said))
    return rows


def term(parameter: Any) -> str:
    """Return how an argument or option is called in messages and help."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    written = str(parameter.metavar or parameter.name.upper())
    return f"{written} ..." if parameter.nargs == -1 else written


def _long_first(name: str) -> bool:
    return not name.startswith("--")


def usage(command: Any, ctx: Any) -> str:
    """Return the line that says how a command is called."""
    pieces = [ctx.command_path]
    if isinstance(command, TyperGroup):
        pieces.append(_("COMMAND"))
    pieces += [term(p) for p in command.get_params(ctx) if p.param_type_name == "argument"]
    if any(p.param_type_name == "option" for p in command.get_params(ctx)):
        pieces.append(_("[OPTIONS]"))
    return " ".join(pieces)


def command_panels(group: Any, ctx: Any) -> str:
    """Return the commands of a group under the headings of their tasks."""
    panels: dict[str, list[tuple[str, str]]] = {}
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is None or command.hidden:
            continue
        panel = getattr(command, "rich_help_panel", None)
        panels.setdefault(panel if isinstance(panel, str) else COMMANDS, []).append(
            (name, short(command))
        )
    order = [*PANELS, *(panel for panel in panels if panel not in PANELS)]
    return "".join(section(_(panel), table(panels[panel])) for panel in order if panel in panels)


def page(command: Any, ctx: Any) -> str:
    """Return the whole help page of a command or group."""
    parts = [paint(_("Usage"), "bold") + f": {usage(command, ctx)}\n"]
    if command.help:
        parts.append(f"\n{paragraphs(command.help)}\n")
    if command.epilog:
        examples = "\n".join(f"  {line}" for line in command.epilog.strip().splitlines())
        parts.append(section(_("Examples"), examples))
    if isinstance(command, TyperGroup):
        if ctx.parent is None:
            parts.append(section(_("Examples"), table([(a, _(b)) for a, b in EXAMPLES])))
        parts.append(command_panels(command, ctx))
    parts.append(section(_("Arguments"), table(parameter_rows(command, ctx, "argument"))))
    parts.append(section(_("Options"), table(parameter_rows(command, ctx, "option"))))
    parts.append(section(_("With every command"), table([(a, _(b)) for a, b in EVERYWHERE])))
    return "".join(parts)


def first_screen() -> str:
    """Return what `mutualist` alone prints: five examples and where to go."""
    lines = [
        paint("mutualist", "title") + " - " + _("tells a true partnership from a logo"),
        "",
        table([(command, _(said)) for command, said in EXAMPLES]),
        "",
        _("All commands: {command}", command=paint("mutualist --help", "accent")),
    ]
    return "\n".join(lines)


class Page(TyperCommand):
    """A command whose help is one of these pages."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page to where help goes."""
        formatter.write(page(self, ctx))


class Pages(TyperGroup):
    """A group whose help is one of these pages."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page to where help goes."""
        formatter.write(page(self, ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order they were made."""
        del ctx
        return list(self.commands)


def print_first_screen() -> None:
    """Print the screen without arguments."""
    sys.stdout.write(first_screen() + "\n")
