"""A result as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from mutualist.library.tables import Table
from mutualist.library.telling import Reason, Telling
from mutualist.library.words import N_, text


def to_markdown(told: Telling, *, explain: bool, changes: bool) -> str:
    """Return a result as Markdown, ready for a wiki or an issue."""
    parts = [
        f"# {told.name}" if told.name else "",
        f"**{told.headline}**",
        told.sentence,
        _table(
            told.lang, (N_("Score"), N_("of 100")), [(b.label, f"{b.value:.0f}") for b in told.bars]
        ),
        "\n".join(f"- {label}: {value}" for label, value in told.facts),
        _gates(told),
    ]
    if told.holding_back:
        parts.append("\n".join(f"- {line}" for line in told.holding_back))
    red = [reason for reason in told.reasons if reason.red]
    if red and not explain:
        parts += [_head(told, N_("Red points")), _list(red)]
    if explain:
        parts += _explained(told)
    if changes and told.rungs:
        parts += [_head(told, N_("What would have to change")), _ladder(told)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _explained(told: Telling) -> list[str]:
    parts = []
    for title, part in (
        (N_("Why"), ("rule",)),
        (N_("Goal conflicts"), ("conflict",)),
        (N_("Gaps between word and proof"), ("gap", "note")),
    ):
        reasons = told.of(*part)
        if reasons:
            parts += [_head(told, title), _reasons(told, reasons)]
    for title, entries in told.interests:
        if entries:
            parts += [f"## {title}", "\n".join(f"- {entry}" for entry in entries)]
    if told.pledges:
        parts += [_head(told, N_("Mutual pledges")), "\n".join(f"- {p}" for p in told.pledges)]
    if told.pairs:
        heads = (N_("Pair"), N_("Result"), N_("Scores"))
        parts += [_head(told, N_("Pairs")), _table(told.lang, heads, list(told.pairs))]
    return parts


def _reasons(told: Telling, reasons: tuple[Reason, ...]) -> str:
    heads = (N_("Rule"), N_("Finding"), N_("Points"), N_("Answers"), N_("Way out"))
    rows = [
        (
            ("● " if r.red else "") + r.rule,
            r.finding,
            r.points_text(told.lang),
            r.answers,
            r.undo,
        )
        for r in reasons
    ]
    return _table(told.lang, heads, rows)


def _gates(told: Telling) -> str:
    signs = {True: "✓", False: "✗", None: "?"}
    return "\n".join(f"- {signs[g.met]} {g.name}: {g.detail}" for g in told.gates)


def _ladder(told: Telling) -> str:
    heads = (
        N_("Step"),
        N_("What changes"),
        N_("Result"),
        "P",
        N_("Highest other"),
        N_("Load"),
        N_("Red points"),
    )
    rows = [
        (
            str(at),
            rung.move,
            rung.kind,
            str(rung.partnership),
            rung.highest,
            str(rung.load),
            rung.red,
        )
        for at, rung in enumerate(told.rungs)
    ]
    return _table(told.lang, heads, rows)


def _list(reasons: list[Reason]) -> str:
    return "\n".join(f"- {reason.rule}: {reason.finding}" for reason in reasons)


def _head(told: Telling, title: str) -> str:
    return f"## {text(title, told.lang)}"


def _table(lang: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    columns = [text(head, lang) for head in heads]
    return Table(columns, [dict(zip(columns, row, strict=True)) for row in rows]).to_markdown()
