"""`mutualist verdict`: formats, conditions and what bad input gets."""

from __future__ import annotations

import io
import json

import pytest

import mutualist as mu
from library.rooms import VECTORS, plain, public_rooms
from mutualist.library.files import dump_room

ROUND_ONE = VECTORS / "round1.yaml"
EXPECTED = json.loads((VECTORS / "expected.json").read_text(encoding="utf-8"))


def agrees(document, expected):
    found = {key: document[key] for key in expected}
    if "pairs" in found:
        found["pairs"] = {
            pair["pair"]: {key: value for key, value in pair.items() if key != "pair"}
            for pair in document["pairs"]
        }
    return found == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_json_of_the_worked_examples(name, call):
    done = call("verdict", VECTORS / name, "--json")
    assert (done.code, done.err) == (0, "")
    assert agrees(json.loads(done.out), EXPECTED[name])


def test_jsonl_of_all_public_rooms(call, tmp_path):
    cases = public_rooms()
    files = []
    for case in cases:
        files.append(tmp_path / f"{case['id']}.json")
        files[-1].write_text(json.dumps(case["room"]), encoding="utf-8")
    done = call("verdict", *files, "--jsonl")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert len(lines) == len(cases) == 60
    assert all(agrees(line, case["expect"]) for line, case in zip(lines, cases, strict=True))


def test_the_shipped_examples(call, request):
    examples = request.config.rootpath / "examples"
    first = json.loads(call("verdict", examples / "pumpenpuls-1.yaml", "--json").out)
    assert (first["kind"], first["scores"]) == ("supplier", {"P": 47, "S": 85, "D": 10, "L": 40})
    assert (first["load"], first["red"]) == (68, ["C1", "C3", "C9"])
    second = json.loads(call("verdict", examples / "pumpenpuls-2.yaml", "--json").out)
    assert (second["kind"], second["scores"]["P"], second["load"]) == ("true_partnership", 86, 19)


def test_json_with_reasons_and_ladder(call):
    document = json.loads(call("verdict", ROUND_ONE, "--json", "--explain", "--changes").out)
    assert document["explanation"][0]["rule"] == "S1"
    assert [step["result"] for step in document["changes"]][-1] == "true_partnership"


@pytest.mark.parametrize(
    ("lang", "headline"),
    [
        ("en", "Supplier relationship – Tauwerk Sensorik GmbH supplies Nordwerk Pumpen AG."),
        ("de", "Lieferbeziehung – Tauwerk Sensorik GmbH liefert an Nordwerk Pumpen AG."),
    ],
)
def test_table_says_why(lang, headline, call):
    done = call("verdict", ROUND_ONE, "--lang", lang, "--explain", "--changes")
    assert done.code == 0
    assert headline in done.out
    assert "\x1b[" not in done.out
    assert "5.1:B" in done.out
    assert ("→" not in done.out) or lang == "de"


def test_language_comes_from_flag_then_environment(call, monkeypatch):
    monkeypatch.setenv("MUTUALIST_LANG", "de")
    assert "Lieferbeziehung" in call("verdict", ROUND_ONE).out
    assert "Supplier" in call("--lang=en", "verdict", ROUND_ONE).out
    monkeypatch.delenv("MUTUALIST_LANG")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    assert "Lieferbeziehung" in call("verdict", ROUND_ONE).out
    done = call("--lang", "fr", "verdict", ROUND_ONE)
    assert (done.code, done.out) == (2, "")
    assert "de, en" in done.err


@pytest.mark.parametrize(("name", "start"), [("md", "# PumpenPuls"), ("html", "<!DOCTYPE html>")])
def test_documents_go_to_stdout_or_a_file(name, start, call, tmp_path):
    assert call("verdict", ROUND_ONE, "--format", name).out.startswith(start)
    target = tmp_path / f"out.{name}"
    done = call("verdict", ROUND_ONE, "-o", target)
    assert (done.code, done.out) == (0, "")
    assert target.read_text(encoding="utf-8").startswith(start)


def test_pdf_goes_to_a_file(call, tmp_path):
    target = tmp_path / "board.pdf"
    assert call("verdict", ROUND_ONE, "--format", "pdf", "-o", target).code == 0
    assert target.read_bytes().startswith(b"%PDF")


def test_files_are_replaced_only_by_force(call, tmp_path):
    target = tmp_path / "out.md"
    target.write_text("mine", encoding="utf-8")
    done = call("verdict", ROUND_ONE, "-o", target)
    assert done.code == 1
    assert "--force" in done.err
    assert target.read_text(encoding="utf-8") == "mine"
    assert call("verdict", ROUND_ONE, "-o", target, "--force").code == 0
    assert target.read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize(
    ("condition", "code"),
    [("supplier,red", 3), ("red", 3), ("supplier", 3), ("logo", 0), ("open", 0), ("logo, red", 3)],
)
def test_fail_on(condition, code, call):
    done = call("verdict", ROUND_ONE, "--fail-on", condition, "--json")
    assert done.code == code
    assert json.loads(done.out)["kind"] == "supplier"


def test_unknown_conditions_and_formats_are_usage_errors(call):
    done = call("verdict", ROUND_ONE, "--fail-on", "suplier")
    assert done.code == 2
    assert "true_partnership" in done.err
    assert call("verdict", ROUND_ONE, "--format", "docx").code == 2
    assert call("verdict", ROUND_ONE, ROUND_ONE, "--json").code == 2


def test_stdin_in_every_format(call):
    room = mu.datasets.load_pumpenpuls(1)
    from mutualist.library.workbook import room_workbook

    for raw in (dump_room(room).encode(), dump_room(room, "json").encode(), room_workbook(room)):
        assert json.loads(call("verdict", "-", "--json", stdin=raw).out)["scores"]["S"] == 85
    done = call("verdict", "-", "--json", "--input-format", "json", stdin=dump_room(room))
    assert done.code == 1
    assert "not valid JSON" in done.err


def test_wrong_answers_are_one_line_each(call, tmp_path):
    document = mu.datasets.load_pumpenpuls(1).to_dict()
    document["answers"]["A"]["1.2"]["new_offer"] = 41
    document["answers"]["B"]["2.2"] = "five"
    path = tmp_path / "room.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = call("verdict", path, "--lang", "de")
    assert (done.code, done.out) == (1, "")
    lines = done.err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"Fehler: {path}: ") for line in lines)
    assert any("A, 1.2" in line and "101" in line for line in lines)
    assert any("B, 2.2" in line and "five" in line for line in lines)
    assert "Traceback" not in done.err


def test_files_for_another_rule_version_are_refused(call, tmp_path):
    path = tmp_path / "old.yaml"
    path.write_text(
        dump_room(mu.datasets.load_pumpenpuls(1)).replace("2026.2", "2025.1", 1), encoding="utf-8"
    )
    done = call("verdict", path)
    assert done.code == 1
    assert "2025.1" in done.err
    assert "2026.2" in done.err


@pytest.mark.parametrize(
    "content", ["", "null", "[]", "a: {b", "{}", "parties: {A: x, B: y}", "\x00\x01"]
)
def test_what_is_no_room_never_gives_a_traceback(content, call, tmp_path):
    path = tmp_path / "room.yaml"
    path.write_text(content, encoding="utf-8")
    done = call("verdict", path)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: ")
    assert "error of mutualist itself" not in done.err
    assert "Traceback" not in done.err


def test_quiet_and_colour(call, monkeypatch):
    assert "Next" in call("verdict", ROUND_ONE).err
    assert call("verdict", ROUND_ONE, "--quiet").err == ""
    monkeypatch.setattr("mutualist.cli.context.coloured", lambda _stream: True)
    monkeypatch.setattr("mutualist.cli.verdict.coloured", lambda _stream: True)
    assert "\x1b[" in call("verdict", ROUND_ONE).out


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("name", "value", "colour"),
    [("NO_COLOR", "1", False), ("TERM", "dumb", False), ("TERM", "xterm", True)],
)
def test_who_gets_colour(name, value, colour, monkeypatch):
    from mutualist.cli.context import Settings, coloured, use

    use(Settings())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert coloured(Terminal()) is colour
    assert coloured(io.StringIO()) is False
    use(Settings(no_color=True))
    assert coloured(Terminal()) is False
    use(Settings())


def test_three_parties_show_their_pairs(call, tmp_path):
    case = next(c for c in public_rooms() if len(c["room"]["parties"]) == 3)
    path = tmp_path / "three.json"
    path.write_text(json.dumps(case["room"]), encoding="utf-8")
    out = call("verdict", path, "--explain").out
    assert out.count(" – ") >= 3
    assert "Pairs" in out


def test_conversions_keep_the_room(call, tmp_path):
    for suffix in ("yaml", "json", "xlsx"):
        target = tmp_path / f"room.{suffix}"
        assert call("import", "room", ROUND_ONE, "--to", target).code == 0
        assert plain(mu.read_room(target).to_dict()) == plain(mu.read_room(ROUND_ONE).to_dict())
        assert call("import", "room", ROUND_ONE, "--to", target).code == 1
    back = tmp_path / "back.yaml"
    assert call("import", "excel", tmp_path / "room.xlsx", "--to", back).code == 0
    done = call("import", "room", ROUND_ONE, "--dry-run")
    assert (done.code, "Nordwerk" in done.out) == (0, True)
    assert call("import", "room", ROUND_ONE).code == 2


def test_a_broken_workbook_comes_back_with_comments(call, tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "room.xlsx"
    mu.write_room(mu.datasets.load_pumpenpuls(1), path, "de")
    book = load_workbook(path)
    sheet = book["Frage 2"]
    row = next(r for r in sheet.iter_rows(min_row=3) if r[0].value == "2.2/years")
    row[5].value = "fünf"
    book.save(path)
    done = call("import", "excel", path, "--to", tmp_path / "room.yaml", "--lang", "de")
    assert done.code == 1
    assert f"Frage 2!{row[5].coordinate}: 'fünf' ist keine Zahl." in done.err
    marked = load_workbook(tmp_path / "room-marked.xlsx")
    assert "fünf" in marked["Frage 2"][row[5].coordinate].comment.text
    assert not (tmp_path / "room.yaml").exists()
