"""A result for the terminal, made with rich; plain ASCII where nothing else can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from mutualist.library.telling import Reason, Telling
from mutualist.library.words import N_, text

if TYPE_CHECKING:
    from rich.console import RenderableType

_BAR = 40


def to_rich(
    told: Telling, *, explain: bool, changes: bool, ascii_only: bool = False
) -> RenderableType:
    """Return what rich prints of a result."""
    parts: list[Any] = [
        _title(told),
        _bars(told, ascii_only=ascii_only),
        _gates(told, ascii_only=ascii_only),
    ]
    dot = " | " if ascii_only else " · "
    parts.append(Text(dot.join(f"{label} {value}" for label, value in told.facts), style="dim"))
    if told.holding_back:
        parts.append(_bullets(told.holding_back))
    red = [reason for reason in told.reasons if reason.red]
    sign = "!" if ascii_only else "●"
    if red and not explain:
        lines = tuple(f"{reason.rule} {reason.finding}" for reason in red)
        parts += [_head(told, N_("Red points")), _bullets(lines, sign, "red")]
    if explain:
        parts += _explained(told, sign, ascii_only=ascii_only)
    if changes and told.rungs:
        parts += [
            _head(told, N_("What would have to change")),
            _ladder(told, ascii_only=ascii_only),
        ]
    return Group(*parts)


def to_text(told: Telling, *, explain: bool, changes: bool, width: int = 100) -> str:
    """Return the same as plain text without colour, for files."""
    from io import StringIO

    from rich.console import Console

    stream = StringIO()
    console = Console(file=stream, width=width, color_system=None, emoji=False, markup=False)
    console.print(to_rich(told, explain=explain, changes=changes))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _title(told: Telling) -> Text:
    title = Text()
    if told.name:
        title.append(f"{told.name}  ", style="dim")
    title.append(told.headline, style="bold")
    title.append(f"\n{told.sentence}")
    return title


def _bars(told: Telling, *, ascii_only: bool) -> RenderableType:
    full, empty = ("#", ".") if ascii_only else ("█", "·")
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right")
    for bar in told.bars:
        filled = round(_BAR * min(bar.value, 100) / 100)
        style = "bold cyan" if bar.chosen else ""
        drawn = Text(full * filled, style="cyan" if bar.chosen else "dim")
        drawn.append(empty * (_BAR - filled), style="dim")
        grid.add_row(Text(bar.label, style=style), drawn, Text(f"{bar.value:.0f}", style=style))
    return Padding(grid, (1, 0, 1, 2))


def _gates(told: Telling, *, ascii_only: bool) -> RenderableType:
    signs = {True: "+", False: "-", None: "?"} if ascii_only else {True: "✓", False: "✗", None: "?"}
    styles = {True: "green", False: "red", None: "yellow"}
    grid = Grid.grid(padding=(0, 2))
    for gate in told.gates:
        grid.add_row(
            Text(signs[gate.met], style=styles[gate.met]),
            Text(gate.name),
            Text(gate.detail, style="dim"),
        )
    return Padding(grid, (0, 0, 1, 2))


def _explained(told: Telling, sign: str, *, ascii_only: bool) -> list[Any]:
    parts: list[Any] = []
    for title, part in (
        (N_("Why"), ("rule",)),
        (N_("Goal conflicts"), ("conflict",)),
        (N_("Gaps between word and proof"), ("gap", "note")),
    ):
        reasons = told.of(*part)
        if reasons:
            parts += [_head(told, title), _reasons(told, reasons, sign)]
    for heading, entries in told.interests:
        if entries:
            parts += [Text(f"\n{heading}", style="bold"), _bullets(entries)]
    if told.pledges:
        parts += [_head(told, N_("Mutual pledges")), _bullets(told.pledges)]
    if told.pairs:
        grid = _grid(told, (N_("Pair"), N_("Result"), N_("Scores")), ascii_only=ascii_only)
        for row in told.pairs:
            grid.add_row(*row)
        parts += [_head(told, N_("Pairs")), grid]
    return parts


def _reasons(told: Telling, reasons: tuple[Reason, ...], sign: str) -> RenderableType:
    """Set reasons as number, points, finding; below it the answers and what would undo it."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column()
    way_out = text(N_("Way out"), told.lang)
    for reason in reasons:
        points = f"+{reason.points_text(told.lang)}" if reason.points else ""
        rule = (
            Text(f"{sign} {reason.rule}", style="red") if reason.red else Text(f"  {reason.rule}")
        )
        said = Text(reason.finding)
        said.append(f"\n{reason.answers}", style="dim")
        if reason.undo:
            said.append(f"\n{way_out}: {reason.undo}", style="cyan")
        grid.add_row(rule, Text(points), said)
    return grid


def _bullets(lines: tuple[str, ...], sign: str = "-", style: str = "") -> RenderableType:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    for line in lines:
        grid.add_row(Text(f"  {sign}", style=style), Text(line, style=style))
    return grid


def _ladder(told: Telling, *, ascii_only: bool) -> RenderableType:
    heads = (
        "",
        N_("What changes"),
        N_("Result"),
        "P",
        N_("Highest other"),
        N_("Load"),
        N_("Red points"),
    )
    grid = _grid(told, heads, ascii_only=ascii_only)
    for at, r in enumerate(told.rungs):
        grid.add_row(
            str(at or ""), r.move, r.kind, str(r.partnership), r.highest, str(r.load), r.red
        )
    return grid


def _grid(told: Telling, heads: tuple[str, ...], *, ascii_only: bool) -> Grid:
    grid = Grid(box=box.ASCII2 if ascii_only else box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        grid.add_column(text(head, told.lang) if head else "")
    return grid


def _head(told: Telling, title: str) -> Text:
    return Text(f"\n{text(title, told.lang)}", style="bold")
