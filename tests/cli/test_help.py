"""What a person reads: how each command is called, and of very many mistakes the first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import typer

import mutualist as mu
from mutualist.cli.app import build
from mutualist.library.workbook import room_workbook


def commands(group, path=()):
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def test_every_command_shows_how_it_is_called(call):
    for path, command in commands(build()):
        shown = call(*path.split(), "--help").out
        assert "Examples" in shown, path
        examples = [line for line in command.epilog.splitlines() if f"mutualist {path}" in line]
        assert examples, path
        known = {name for one in command.params for name in one.opts}
        for line in examples:
            used = re.findall(r"(?<!\S)--?[a-z][a-z-]*", line)
            assert set(used) <= known, line


def test_of_very_many_mistakes_the_first_are_read_and_all_are_in_json(call):
    rows = "\n".join(f"  - id: wrong {number}" for number in range(3000))
    Path("rules.yaml").write_text(f"version: 1\nrules:\n{rows}\n")
    done = call("rules", "lint", "rules.yaml")
    assert done.code == 1
    lines = done.out.splitlines()
    assert len(lines) == 51
    total = len(json.loads(call("rules", "lint", "rules.yaml", "--json").out)["problems"])
    assert total > 3000
    assert lines[-1] == f"... and {total - 50:,} more; --json lists all."


def test_wrong_answers_are_listed_as_well(call, monkeypatch):
    monkeypatch.setattr("mutualist.cli.problems.SHOWN", 2)
    document = mu.datasets.load_pumpenpuls(1).to_dict()
    for sheet in document["answers"].values():
        sheet.update({"1.4": "never", "2.2": "many", "6.2": "nobody"})
    Path("room.json").write_text(json.dumps(document))
    for command in (["verdict", "room.json"], ["import", "room", "room.json", "--dry-run"]):
        done = call(*command)
        assert done.code == 1
        assert done.err.count("Error: ") == 2
        assert "more; --json lists all" in done.err
        done = call(*command, "--json")
        listed = json.loads(done.out)
        assert (done.code, listed["schema"], listed["ok"]) == (1, "mutualist-problems/1", False)
        assert len(listed["problems"]) >= 6


def test_broken_cells_are_listed_as_well(call, monkeypatch):
    import io

    import openpyxl

    monkeypatch.setattr("mutualist.cli.problems.SHOWN", 1)
    book = openpyxl.load_workbook(io.BytesIO(room_workbook(mu.datasets.load_pumpenpuls(1), "en")))
    row = next(r for r in book["Question 2"].iter_rows(min_row=3) if r[0].value == "2.2/years")
    row[5].value = row[6].value = "five"
    book.save("room.xlsx")
    done = call("import", "excel", "room.xlsx", "--dry-run")
    assert (done.code, done.err.count("Error: ")) == (1, 1)
    assert "and 1 more" in done.err
    listed = json.loads(call("import", "excel", "room.xlsx", "--dry-run", "--json").out)
    assert len(listed["problems"]) == 2
    assert all("Question 2!" in one["place"] for one in listed["problems"])
