"""A result as HTML: a card for notebooks, or a page of its own. No script, no addresses."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from mutualist.library.drawing import bars, waterfall
from mutualist.library.telling import Reason, Telling
from mutualist.library.words import N_, text

# Colours follow the reader's scheme; Jupyter says its own in data-jp-theme-light.
_LIGHT: Final = (
    "--mu-ink:#14211e;--mu-soft:#4b5b57;--mu-surface:#fff;--mu-line:#d9e1de;--mu-track:#edf1ef;"
    "--mu-accent:#0b5c50;--mu-other:#97c5ba;--mu-bad:#a3281f"
)
_DARK: Final = (
    "--mu-ink:#e9efed;--mu-soft:#aab9b4;--mu-surface:#161e1c;--mu-line:#2c3835;--mu-track:#1d2725;"
    "--mu-accent:#6fd0bd;--mu-other:#34695e;--mu-bad:#ff9e94"
)
_STYLE: Final = (
    f".mu-card{{{_LIGHT}}}"
    f"@media (prefers-color-scheme:dark){{.mu-card{{{_DARK}}}}}"
    f"[data-jp-theme-light=true] .mu-card{{{_LIGHT}}}[data-jp-theme-light=false] .mu-card{{{_DARK}}}"
    ".mu-card{font-family:'Instrument Sans',system-ui,sans-serif;font-size:15px;line-height:1.5;"
    "color:var(--mu-ink);background:var(--mu-surface);border:1px solid var(--mu-line);"
    "border-radius:12px;padding:24px 28px;max-width:760px}"
    ".mu-card h1,.mu-card h2{font-weight:600;line-height:1.25;margin:0;color:var(--mu-ink)}"
    ".mu-card h1{font-size:24px}.mu-card h2{font-size:16px;margin:24px 0 8px}"
    ".mu-card p{margin:6px 0 14px}.mu-card .mu-name{color:var(--mu-soft);margin:0 0 2px}"
    ".mu-card ul{margin:6px 0;padding-left:20px}.mu-card .mu-gates{list-style:none;padding:0}"
    ".mu-card svg{width:100%;height:auto;display:block;font-size:13px}"
    ".mu-card table{border-collapse:collapse;width:100%;font-size:14px;background:none}"
    ".mu-card th,.mu-card td{text-align:left;vertical-align:top;padding:6px 10px 6px 0;"
    "border-bottom:1px solid var(--mu-line);background:none;color:var(--mu-ink)}"
    ".mu-card th{color:var(--mu-soft);font-weight:500}.mu-card td.mu-figure{text-align:right}"
    ".mu-card .mu-red{color:var(--mu-bad);font-weight:600}"
    ".mu-label,.mu-value{fill:var(--mu-ink)}.mu-strong{font-weight:600}"
    ".mu-track{fill:var(--mu-track)}.mu-chosen,.mu-sum{fill:var(--mu-accent)}"
    ".mu-other{fill:var(--mu-other)}.mu-line{stroke:var(--mu-soft);stroke-dasharray:3 3}"
)


def card(told: Telling) -> str:
    """Return a result as a piece of HTML that stands for itself: bars, waterfall, red points."""
    return f"<style>{_STYLE}</style>{_card(told, explain=False, changes=False)}"


def to_html(told: Telling, *, explain: bool, changes: bool) -> str:
    """Return a result as a whole page."""
    title = escape(told.name or told.headline)
    return (
        f'<!DOCTYPE html>\n<html lang="{told.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>body{{margin:0;padding:24px}}.mu-card{{margin:auto}}"
        f"{_STYLE}</style></head><body>{_card(told, explain=explain, changes=changes)}</body></html>\n"
    )


def _card(told: Telling, *, explain: bool, changes: bool) -> str:
    name = " · ".join(part for part in (told.name, ", ".join(told.parties)) if part)
    parts = [
        f'<div class="mu-card" lang="{told.lang}">',
        f'<p class="mu-name">{escape(name)}</p>' if name else "",
        f"<h1>{escape(told.headline)}</h1><p>{escape(told.sentence)}</p>",
        bars(told.bars, title=text(N_("Scores of the four kinds, of 100"), told.lang)),
        _gates(told),
        _facts(told),
    ]
    if told.holding_back:
        parts.append(_bullets(told.holding_back))
    if told.steps:
        parts.append(f"<h2>{escape(told.steps_title)}</h2>")
        parts.append(
            waterfall(told.steps, title=told.steps_title, total=text(N_("Sum"), told.lang))
        )
    red = tuple(reason for reason in told.reasons if reason.red)
    if red and not explain:
        parts += [
            _title(told, N_("Red points")),
            _red(red),
        ]
    if explain:
        parts += _explained(told)
    if changes and told.rungs:
        parts += [_title(told, N_("What would have to change")), _ladder(told)]
    parts.append("</div>")
    return "".join(parts)


def _explained(told: Telling) -> list[str]:
    parts = []
    for title, part in (
        (N_("Why"), ("rule",)),
        (N_("Goal conflicts"), ("conflict",)),
        (N_("Gaps between word and proof"), ("gap", "note")),
    ):
        reasons = told.of(*part)
        if reasons:
            parts += [_title(told, title), _reasons(told, reasons)]
    for heading, entries in told.interests:
        if entries:
            parts += [f"<h2>{escape(heading)}</h2>", _bullets(entries)]
    if told.pledges:
        parts += [_title(told, N_("Mutual pledges")), _bullets(told.pledges)]
    if told.pairs:
        heads = (N_("Pair"), N_("Result"), N_("Scores"))
        parts += [_title(told, N_("Pairs")), _table(told, heads, told.pairs)]
    return parts


def _gates(told: Telling) -> str:
    signs = {True: "✓", False: "✗", None: "?"}
    lines = [f"<li>{signs[g.met]}  {escape(f'{g.name}: {g.detail}')}</li>" for g in told.gates]
    return f'<ul class="mu-gates">{"".join(lines)}</ul>'


def _facts(told: Telling) -> str:
    said = " · ".join(f"{label} {value}" for label, value in told.facts)
    return f"<p>{escape(said)}</p>"


def _reasons(told: Telling, reasons: tuple[Reason, ...]) -> str:
    heads = (N_("Rule"), N_("Finding"), N_("Points"), N_("Answers"), N_("Way out"))
    rows = [
        (
            ("● " if reason.red else "") + reason.rule,
            reason.finding,
            reason.points_text(told.lang),
            reason.answers,
            reason.undo,
        )
        for reason in reasons
    ]
    return _table(told, heads, rows)


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
        (str(at), r.move, r.kind, str(r.partnership), r.highest, str(r.load), r.red)
        for at, r in enumerate(told.rungs)
    ]
    return _table(told, heads, rows)


def _table(told: Telling, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(text(one, told.lang))}</th>' for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _bullets(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _red(reasons: Sequence[Reason]) -> str:
    lines = [
        f'<li><span class="mu-red">{escape(reason.rule)}</span> {escape(reason.finding)}</li>'
        for reason in reasons
    ]
    return f"<ul>{''.join(lines)}</ul>"


def _title(told: Telling, title: str) -> str:
    return f"<h2>{escape(text(title, told.lang))}</h2>"
