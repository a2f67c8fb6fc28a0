"""`mutualist venture new` and `convert`."""

from __future__ import annotations

import io

import openpyxl
import pytest

import mutualist as mu


@pytest.mark.parametrize("ending", ["yaml", "json", "xlsx"])
def test_a_template_is_begun_converted_and_simulated(call, tmp_path, ending):
    done = call("venture", "new", f"v.{ending}", "--template", "licence", "--parties", "Süd, Ost")
    assert (done.code, done.out) == (0, "")
    assert "mutualist simulate" in done.err
    assert call("venture", "convert", f"v.{ending}", "--to", "w.yaml", "--lang", "de").code == 0
    first, second = (mu.Venture.from_file(tmp_path / name) for name in (f"v.{ending}", "w.yaml"))
    assert first.parties == second.parties == {"A": "Süd", "B": "Ost"}
    assert first.description == second.description
    assert "loses money" in call("simulate", f"v.{ending}", "-n", 100).out


def test_files_are_not_written_over_and_endings_are_known(call, tmp_path):
    (tmp_path / "v.yaml").write_text("mine")
    assert "--force" in call("venture", "new", "v.yaml").err
    assert (tmp_path / "v.yaml").read_text() == "mine"
    done = call("venture", "new", "v.txt")
    assert (done.code, ".xlsx" in done.err) == (2, True)
    assert "revenue_share" in call("venture", "new", "w.yaml", "--template", "lisence").err


def test_a_broken_workbook_comes_back_with_comments(call, tmp_path):
    call("venture", "new", "v.xlsx")
    book = openpyxl.load_workbook(tmp_path / "v.xlsx")
    sheet = next(one for one in book.worksheets if one.cell(1, 1).value == "drivers.id")
    sheet["C3"].value = "viele"
    book.save(tmp_path / "v.xlsx")
    done = call("venture", "convert", "v.xlsx", "--to", "v.yaml", "--lang", "de")
    assert done.code == 1
    assert f"{sheet.title}!C3: 'viele' ist keine Zahl" in done.err
    assert not (tmp_path / "v.yaml").exists()
    raw = io.BytesIO((tmp_path / "v-marked.xlsx").read_bytes())
    assert "viele" in openpyxl.load_workbook(raw)[sheet.title]["C3"].comment.text
    told = call("simulate", "v.xlsx")
    assert (told.code, "C3" in told.err) == (1, True)
