"""The result of a room as an Excel workbook: one sheet a subject, figures as figures, days as days.

The first row of each sheet is hidden and holds stable keys (``gates.value``), the second the
headings in the reader's language. A program reads the keys, a person the headings. Nothing in the
workbook is more than what every party may see.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from mutualist.library.calendar import milestones
from mutualist.library.workbook.cells import guard
from mutualist.reports import sections
from mutualist.reports.material import Material
from mutualist.reports.words import say

if TYPE_CHECKING:
    from openpyxl import Workbook

KEY_ROW: Final = 1
HEADER_ROW: Final = 2
SCORES: Final = ("P", "S", "D", "L")
Cell = str | int | float | date | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: stable key, heading, width in letters; headings that are names are not translated."""

    key: str
    heading: str
    width: int = 14
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: stable key, title in the reader's language, columns and rows."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def result_workbook(m: Material) -> bytes:
    """Return the workbook of an opened round.

    Parameters
    ----------
    m : Material
        The opened round, in the language of the headings.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets(m):
        _write(book, sheet, m.lang)
    book.properties.title = say(
        "{room}: result of round {round}", m.lang, room=m.name, round=m.round
    )
    book.properties.creator = "Mutualist"
    book.properties.language = m.lang
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheets(m: Material) -> list[Sheet]:
    """Return all sheets that have something to say; the first six are always there."""
    found = [_result(m), _gates(m), _rules(m), _conflicts(m), _gaps(m), _interests(m)]
    found += [_ladder(m), _milestones(m), _answers(m)]
    if m.verdict.pairs:
        found.append(_pairs(m))
    return found


def _write(book: Workbook, sheet: Sheet, lang: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    head = PatternFill("solid", fgColor="FFE0EFEB")
    line = Border(bottom=Side("hair", color="FFB8C4C2"))
    page = book.create_sheet(sheet.title)
    for at, column in enumerate(sheet.columns, 1):
        page.cell(KEY_ROW, at, f"{sheet.key}.{column.key}")
        heading = column.heading if column.is_name else say(column.heading, lang)
        top = page.cell(HEADER_ROW, at, _clean(heading))
        top.font, top.fill = Font(bold=True, color="FF0B5C50"), head
        top.alignment = Alignment(wrap_text=True, vertical="bottom")
        page.column_dimensions[get_column_letter(at)].width = column.width
    for row, values in enumerate(sheet.rows, HEADER_ROW + 1):
        for at, value in enumerate(values, 1):
            cell = page.cell(row, at, _clean(value) if isinstance(value, str) else value)
            cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
            cell.border = line
            if isinstance(value, date):
                cell.number_format = "dd.mm.yyyy" if lang == "de" else "yyyy-mm-dd"
    page.row_dimensions[KEY_ROW].hidden = True
    page.freeze_panes = page.cell(HEADER_ROW + 1, 2)
    page.auto_filter.ref = (
        f"A{HEADER_ROW}:{get_column_letter(len(sheet.columns))}{max(HEADER_ROW, page.max_row)}"
    )
    page.sheet_view.showGridLines = False
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _clean(text: str) -> str:
    """Return text a workbook can hold and no spreadsheet program runs."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return guard(ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000])


def _names(m: Material, parties: Iterable[str]) -> str:
    return ", ".join(m.parties[party] for party in parties)


# ------------------------------------------------------------------------------------------ sheets


def _result(m: Material) -> Sheet:
    v, lang = m.verdict, m.lang
    role_names = {
        "supplier": say("Supplier", lang),
        "buyer": say("Buyer", lang),
        "seller": say("Seller", lang),
        "maker": say("Maker", lang),
    }
    rows: list[Sequence[Cell]] = [
        ("room", say("Room", lang), m.name),
        ("parties", say("Parties", lang), _names(m, m.parties)),
        ("round", say("Round", lang), m.round),
        ("opened_on", say("Opened on", lang), m.opened_on),
        ("ruleset", say("Rules", lang), m.rules.version),
        ("kind", say("Result", lang), v.kind),
        ("headline", say("In words", lang), v.sentence(lang)),
        *(
            ("role." + role, role_names[role], m.parties.get(p or "", ""))
            for role, p in v.roles.items()
        ),
        *((f"score.{s}", m.rules.scores[s][lang], v.scores[s]) for s in SCORES),
        ("load", say("Conflict load (0 = none)", lang), v.load),
        ("evidence", say("Proven (E2 or better), per cent", lang), v.evidence),
        ("distance", say("Distance to another kind", lang), v.distance),
        (
            "runner_up",
            say("Next comes", lang),
            m.rules.scores[v.runner_up][lang] if v.runner_up else "",
        ),
        *((one.id, one.words[lang], v.measures[one.id]) for one in m.rules.measures),
        ("red", say("Red points", lang), ", ".join(v.red)),
        ("mutual", say("Mutual pledges", lang), ", ".join(v.mutual)),
        ("open_items", say("Open items", lang), ", ".join(v.open_items)),
        ("notice", say("Notice", lang), sections.notices(m)),
    ]
    columns = [Column("key", "Key", 14), Column("name", "Figure", 32), Column("value", "Value", 70)]
    return Sheet("result", say("Result", lang), columns, rows)


def _gates(m: Material) -> Sheet:
    words = {row["state"]: row["word"] for row in sections.gates(m)["rows"]}
    rows = [
        (
            gate.id,
            gate.words[m.lang],
            m.verdict.measures[gate.measure],
            gate.needed,
            sections.GATE_STATES[gate.met],
            words[sections.GATE_STATES[gate.met]],
            gate.text[m.lang],
        )
        for gate in m.verdict.gate_details
    ]
    columns = [
        Column("id", "Key"),
        Column("name", "Condition", 24),
        Column("value", "Value", 10),
        Column("needed", "Needed", 10),
        Column("state", "State (key)", 12),
        Column("state_words", "State", 14),
        Column("text", "Reason", 60),
    ]
    return Sheet("gates", say("Conditions", m.lang), columns, rows)


def _rules(m: Material) -> Sheet:
    rows = [
        (
            f.id,
            f.rule,
            f.title[m.lang],
            f.points,
            _names(m, f.parties),
            f.text[m.lang],
            f.undo[m.lang] if f.undo else "",
            ", ".join(f.items),
        )
        for f in m.verdict.findings
        if f.group == "rule"
    ]
    columns = [
        Column("id", "Key", 12),
        Column("rule", "Rule", 8),
        Column("kind", "Kind", 22),
        Column("points", "Points", 8),
        Column("parties", "Parties", 30),
        Column("text", "Finding", 52),
        Column("undo", "To turn it around", 44),
        Column("items", "From the answers", 22),
    ]
    return Sheet("rules", say("Rules", m.lang), columns, rows)


def _conflicts(m: Material) -> Sheet:
    rows = [
        (
            f.id,
            f.rule,
            f.title[m.lang],
            f.severity,
            f.weight,
            say("yes" if f.red else "no", m.lang),
            f.text[m.lang],
            f.way_out[m.lang] if f.way_out else "",
            ", ".join(f.pledges),
            ", ".join(f.items),
        )
        for f in m.verdict.findings
        if f.group == "conflict"
    ]
    columns = [
        Column("id", "Key", 12),
        Column("conflict", "No.", 8),
        Column("name", "Conflict", 32),
        Column("severity", "Severity", 10),
        Column("weight", "Weight", 9),
        Column("red", "Red", 8),
        Column("text", "Finding", 56),
        Column("way_out", "Way out", 48),
        Column("pledges", "Pledges", 12),
        Column("items", "From the answers", 22),
    ]
    return Sheet("conflicts", say("Conflicts", m.lang), columns, rows)


def _gaps(m: Material) -> Sheet:
    rows = [
        (f.id, f.rule, f.title[m.lang], _names(m, f.parties), f.text[m.lang], ", ".join(f.items))
        for f in m.verdict.findings
        if f.group in {"gap", "note"}
    ]
    columns = [
        Column("id", "Key", 18),
        Column("gap", "No.", 8),
        Column("name", "Gap", 26),
        Column("parties", "Parties", 30),
        Column("text", "Finding", 64),
        Column("items", "From the answers", 22),
    ]
    return Sheet("gaps", say("Word and proof", m.lang), columns, rows)


def _interests(m: Material) -> Sheet:
    rows = [
        (
            name,
            m.rules.interests.words[name][m.lang],
            one.text[m.lang],
            _names(m, one.parties),
            one.about,
            ", ".join(one.keys),
            one.severity,
        )
        for name in ("common", "complementary", "opposed")
        for one in getattr(m.verdict.interests, name)
    ]
    columns = [
        Column("column", "Key", 15),
        Column("name", "Column", 16),
        Column("text", "Interest", 56),
        Column("parties", "Parties", 36),
        Column("about", "About", 12),
        Column("keys", "Keys", 26),
        Column("severity", "Severity", 10),
    ]
    return Sheet("interests", say("Interests", m.lang), columns, rows)


def _ladder(m: Material) -> Sheet:
    rows: list[Sequence[Cell]] = [
        (
            step.number,
            step.move.id,
            step.move.words[m.lang],
            *(step.scores[score] for score in SCORES),
            step.load,
            m.rules.kinds[step.kind].words[m.lang],
            ", ".join(step.red),
            "; ".join(note[m.lang] for note in step.notes),
        )
        for step in m.steps
    ]
    columns = [
        Column("number", "Step", 7),
        Column("move", "Key", 12),
        Column("text", "What changes", 52),
        *(Column(score, score, 7, is_name=True) for score in SCORES),
        Column("load", "Load", 8),
        Column("kind", "Result", 32),
        Column("red", "Red", 14),
        Column("notes", "Achieved", 52),
    ]
    return Sheet("ladder", say("What would have to change?", m.lang).rstrip("?"), columns, rows)


def _milestones(m: Material) -> Sheet:
    since = dict.fromkeys(m.parties, m.opened_on)
    rows = [
        (step.key, step.day, step.what, step.who, step.party)
        for step in milestones(m.answers, m.parties, since)
    ]
    columns = [
        Column("key", "Key", 10),
        Column("day", "By", 13),
        Column("what", "What", 44),
        Column("who", "Who in person", 32),
        Column("party", "Party", 32),
    ]
    return Sheet("milestones", say("Milestones", m.lang), columns, rows)


def _answers(m: Material) -> Sheet:
    rows = []
    for item in m.rules.items.values():
        given = [m.answers[party].get(item.number) for party in m.parties]
        if all(value is None for value in given):
            continue
        rows.append((item.number, item.words[m.lang], *(_value(m, item.number, v) for v in given)))
    columns = [
        Column("item", "No.", 7),
        Column("question", "Question", 60),
        *(Column(party, name, 40, is_name=True) for party, name in m.parties.items()),
    ]
    return Sheet("answers", say("Answers", m.lang), columns, rows)


def _value(m: Material, item: str, value: Any) -> Cell:
    """Return a figure as a figure and everything else in words."""
    if isinstance(value, (int, float)) and m.rules.items[item].type == "number":
        return value
    return m.words.write(item, value)


def _pairs(m: Material) -> Sheet:
    rows: list[Sequence[Cell]] = [
        (
            pair.pair,
            _names(m, pair.parties),
            pair.kind,
            m.rules.kinds[pair.kind].words[m.lang],
            *(pair.scores[score] for score in SCORES),
            pair.load,
            ", ".join(pair.red),
        )
        for pair in m.verdict.pairs
    ]
    columns = [
        Column("pair", "Key", 10),
        Column("parties", "Pair", 48),
        Column("kind", "Result (key)", 18),
        Column("kind_words", "Result", 34),
        *(Column(score, score, 7, is_name=True) for score in SCORES),
        Column("load", "Load", 8),
        Column("red", "Red", 14),
    ]
    return Sheet("pairs", say("Pair by pair", m.lang), columns, rows)
