"""Files that mean harm or are merely broken: a clear sentence, in bounded time and memory, whatever they hold."""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutualist.domain.shared.errors import MutualistError
from mutualist.library.datasets import load_pumpenpuls
from mutualist.library.errors import FileError, WorkbookError
from mutualist.library.files import dump_room, read_room
from mutualist.library.workbook import annotated_copy, answers_workbook, room_workbook
from mutualist.library.workbook.reading import read_answers_workbook

# A thousand and more before a release: FUZZ_EXAMPLES=1000 ./test tests/library/test_hostile_files.py
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
MEMORY, SECONDS = 500_000_000, 10
CHILD = """
import contextlib, io, json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from mutualist.cli import main
for file in sorted(Path({folder!r}).iterdir()):
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + {seconds}, resource.RLIM_INFINITY))
    sys.argv = ["mutualist", "import", "room", str(file), "--to", str(file) + ".out.yaml"]
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            code = main()
        except SystemExit as end:
            code = end.code
    print(json.dumps([file.name, code, said.getvalue()[:3000]]), flush=True)
"""
SHEET = "xl/worksheets/sheet2.xml"
EMPTY = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>%s</worksheet>'
ROOM = {"ruleset": "2026.2", "frame": {}, "parties": {"A": "x", "B": "y"}, "answers": {}}


@cache
def whole() -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(room_workbook(load_pumpenpuls(1), "en"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def book(**parts: bytes) -> bytes:
    """Return the workbook of a room with some parts replaced, or more of them."""
    stream = io.BytesIO()
    names = {"sheet": SHEET}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**whole(), **{names.get(k, k): v for k, v in parts.items()}}.items():
            archive.writestr(name, content)
    return stream.getvalue()


def rows(count: int, each: int) -> bytes:
    return b"".join(b'<row r="%d">%s</row>' % (at, b"<c/>" * each) for at in range(1, count))


def answer(value: Any) -> str:
    return json.dumps({**ROOM, "answers": {"A": {"1.1": value}, "B": {}}})


HARM: Mapping[str, tuple[Callable[[], str | bytes], str]] = {
    # Without a limit the reader of YAML ends the whole program on these.
    "lists.yaml": (lambda: "a: " + "[" * 200_000, "nested too deeply"),
    "maps.yaml": (lambda: "{a: " * 100_000, "nested too deeply"),
    "keys.yaml": (lambda: "? " * 300_000, "nested too deeply"),
    "dashes.yaml": (lambda: "- " * 400_000, "nested too deeply"),
    "blocks.yaml": (lambda: "\n".join(" " * at + "a:" for at in range(1800)), "too deeply"),
    "laughs.yaml": (lambda: "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "aliases"),
    "many.yaml": (lambda: "a: [" + "1," * 900_000 + "]", "more than 100000 values"),
    "twice.yaml": (lambda: "ruleset: a\nruleset: b", "stands twice"),
    "tabs.yaml": (lambda: "\t" * 1_000_000, "not valid YAML"),
    "digits.yaml": (lambda: "a: " + "9" * 100_000, "not valid YAML"),
    "null.yaml": (lambda: "a: \0", "not valid YAML"),
    "utf16.yaml": (lambda: "a: b".encode("utf-16"), "not UTF-8"),
    "latin1.yaml": (lambda: "a: ü".encode("latin-1"), "Byte 3 is not UTF-8"),
    "empty.yaml": (lambda: "", "mapping with ruleset"),
    "large.yaml": (lambda: b"x" * 30_000_000, "larger than such a file can be (2 MB)"),
    "infinite.yaml": (lambda: json.dumps(ROOM).replace('"frame": {}', '"frame": {"horizon": .inf}'), "number belongs here"),
    "deep.json": (lambda: '{"a":' * 200_000, "nested too deeply"),
    "deeper-than-needed.json": (lambda: answer(json.loads("[" * 60 + "]" * 60)), "too deeply"),
    "twice.json": (lambda: '{"a": 1, "a": 2}', "stands twice"),
    "nan.json": (lambda: answer(float("nan")), "NaN is not a number"),
    "exponent.json": (lambda: json.dumps({**ROOM, "frame": {"horizon": 0}}).replace("0}", "1e999}"), "number belongs"),
    "digits.json": (lambda: '{"a": ' + "9" * 1_000_000 + "}", "too many digits"),
    "null.json": (lambda: answer("a\0b"), "U+0000"),
    "half.json": (lambda: answer("\ud800"), "U+D800"),
    "turned.json": (lambda: answer("100\u202e001"), "U+202E"),
    "name.json": (lambda: json.dumps({**ROOM, "parties": {"A": "x\u202ey", "B": "y"}}), "U+202E"),
    "parties.json": (lambda: json.dumps({**ROOM, "parties": {f"P{n}": "x" for n in range(9999)}}), "party id"),
    "bom.json": (lambda: b"\xef\xbb\xbf{}", "rule version is missing"),
    "long.json": (lambda: answer("x" * 1_900_000), "are allowed"),
    "empty.xlsx": (lambda: b"", "no Excel workbook"),
    "large.xlsx": (lambda: b"PK\x03\x04" + b"x" * 11_000_000, "larger than 10 MB"),
    "bomb.xlsx": (lambda: book(**{"xl/zeros.xml": b"0" * 300_000_000}), "larger than 60 MB"),
    "parts.xlsx": (lambda: book(**{f"x/{n}": b"" for n in range(2000)}), "larger than 60 MB"),
    "cells.xlsx": (lambda: book(sheet=EMPTY % (rows(3000, 1000), b"")), "far more cells"),
    "joined.xlsx": (lambda: book(sheet=EMPTY % (b"", b'<mergeCells><mergeCell ref="A1:XFD100000"/></mergeCells>')), "joins more cells"),
    "hidden.xlsx": (lambda: book(sheet=EMPTY % (b"", b'<mergeCells><mergeCell ref="&#65;1:XFD100000"/></mergeCells>')), "joins more cells"),
    "linked.xlsx": (lambda: book(sheet=EMPTY % (b"", b"<hyperlinks><hyperlink ref = 'A1:XFD99999'/></hyperlinks>")), "joins more cells"),
    "entity.xlsx": (lambda: book(sheet=b'<!DOCTYPE a [<!ENTITY a "b">]><worksheet>&a;</worksheet>'), "not allowed here"),
    "entity16.xlsx": (lambda: book(sheet='<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY a "b">]><worksheet/>'.encode("utf-16")), "not allowed here"),
    "entity-ebcdic.xlsx": (lambda: book(sheet=b'<?xml version="1.0" encoding="cp037"?><worksheet/>'), "not allowed here"),
}  # fmt: skip


def test_limits_are_those_of_the_documentation() -> None:
    from mutualist.domain.shared.nesting import MAX_DEPTH
    from mutualist.library import files, yamlfile
    from mutualist.library.workbook import archive, cells

    limits = {
        f"{files.MAX_TEXT // 1_000_000} MB",
        f"{files.MAX_WORKBOOK // 1_000_000} MB",
        f"{archive.MAX_UNPACKED // 1_000_000} MB",
        f"{archive.MAX_ELEMENTS:,}",
        f"{yamlfile.MAX_VALUES:,}",
        f"{cells.MAX_CELL:,}",
        str(MAX_DEPTH),
    }
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs/en/formats.md").read_text(encoding="utf-8").partition("## Limits")[2]
    assert page
    assert {limit for limit in limits if limit not in page} == set()
    german = (root / "docs/de/formats.md").read_text(encoding="utf-8").partition("## Grenzen")[2]
    assert {one for one in limits if one.replace(",", ".") not in german} == set()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Read all of them in a process that gets little memory and time and would be seen to end."""
    folder = tmp_path_factory.mktemp("harm")
    for name, (content, _) in HARM.items():
        raw = content()
        raw = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
        (folder / name).write_bytes(raw)
    (folder / "folder.yaml").mkdir()
    child = CHILD.format(memory=MEMORY, seconds=SECONDS, folder=str(folder))
    done = subprocess.run(
        [sys.executable, "-c", child],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "MUTUALIST_LANG": "en"},
    )
    assert done.returncode == 0, (done.returncode, done.stdout[-300:], done.stderr[-500:])
    assert not list(folder.glob("*.out.yaml"))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: (code, text) for name, code, text in found}


@pytest.mark.parametrize("name", HARM)
def test_a_hostile_file_is_refused_with_a_sentence(
    name: str, said: dict[str, tuple[int, str]]
) -> None:
    code, text = said[name]
    assert code == 1
    assert HARM[name][1] in text
    assert "Traceback" not in text
    assert "error of mutualist itself" not in text


def test_a_folder_is_no_file(said: dict[str, tuple[int, str]]) -> None:
    assert said["folder.yaml"][0] == 1
    assert "folder, not a file" in said["folder.yaml"][1]


def test_the_limits_of_the_child_hold() -> None:
    """Were memory not bounded there, the test above would prove nothing."""
    run = [
        sys.executable,
        "-c",
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY})); b'x' * {MEMORY}",
    ]
    assert subprocess.run(run, capture_output=True, check=False).returncode != 0
    assert resource.RLIMIT_CPU is not None


# What is merely broken

TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["=1+1", "+1", "-1", "@x", "\tx", "\0", "\u202e", "'=x", "x" * 3000, "\ud800"]),
)
LEAF = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), TEXT)
VALUE = st.recursive(
    LEAF,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
SLOW = settings(
    max_examples=max(EXAMPLES // 4, 5), deadline=None, suppress_health_check=list(HealthCheck)
)
QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def explained(read: Callable[[], Any]) -> None:
    """Read; whatever is wrong is said in both languages."""
    wrong: Any = None
    try:
        read()
    except (MutualistError, FileError) as error:
        wrong = error
    if isinstance(wrong, WorkbookError):
        assert all(problem.line(lang) for problem in wrong.problems for lang in ("de", "en"))
    elif isinstance(wrong, FileError):
        assert wrong.message("de")
        assert wrong.message("en")
    elif wrong is not None:
        assert str(wrong)


@QUICK
@given(st.binary(max_size=300), st.sampled_from(["yaml", "json", "xlsx"]))
def test_any_bytes(raw: bytes, kind: str) -> None:
    explained(lambda: read_room(io.BytesIO(raw), kind))


@QUICK
@given(st.data(), st.sampled_from(["yaml", "json"]))
def test_a_room_file_with_one_place_damaged(data: st.DataObject, kind: str) -> None:
    text = dump_room(load_pumpenpuls(1), kind)
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 12))
    put = data.draw(TEXT)
    spoilt = (text[:at] + put + text[at + length :]).encode("utf-8", "surrogatepass")
    explained(lambda: read_room(io.BytesIO(spoilt), kind))


@QUICK
@given(st.dictionaries(st.sampled_from(["ruleset", "frame", "parties", "answers", "x"]), VALUE))
def test_any_value_in_any_place(document: dict[str, Any]) -> None:
    try:
        raw = json.dumps({**ROOM, **document}).encode()
    except ValueError:
        return
    explained(lambda: read_room(io.BytesIO(raw), "json"))


@SLOW
@given(st.data())
def test_a_workbook_with_some_cells_damaged(data: st.DataObject) -> None:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    room = load_pumpenpuls(1)
    names = dict(room.parties)
    raw = answers_workbook(names, "A", ruleset="2026.2", lang="en")
    spoilt = load_workbook(io.BytesIO(raw))
    for _ in range(data.draw(st.integers(1, 4))):
        sheet = data.draw(st.sampled_from(spoilt.worksheets))
        row, column = data.draw(st.integers(1, sheet.max_row + 2)), data.draw(st.integers(1, 8))
        try:
            sheet.cell(row, column).value = data.draw(LEAF)
        except (IllegalCharacterError, AttributeError):
            continue
    stream = io.BytesIO()
    try:
        spoilt.save(stream)
    except (UnicodeEncodeError, ValueError):
        return
    raw = stream.getvalue()
    problems: Any = ()
    try:
        read_answers_workbook(raw, "A", ruleset="2026.2")
    except FileError as error:
        problems = getattr(error, "problems", ())
    if problems:
        assert annotated_copy(raw, problems, "de").startswith(b"PK")


@SLOW
@given(st.integers(0, 20_000), st.integers(0, 255))
def test_a_workbook_with_a_byte_flipped(at: int, byte: int) -> None:
    raw = bytearray(_ready())
    raw[at % len(raw)] = byte
    explained(lambda: read_room(io.BytesIO(bytes(raw)), "xlsx"))


@cache
def _ready() -> bytes:
    return room_workbook(load_pumpenpuls(1), "en")
