"""Results that cannot be written: told in the reader's language, and no half of them is left."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full(*_given: object) -> None:
    raise FULL


@pytest.mark.parametrize(
    ("language", "said"), [("en", "No space left on device"), ("de", "der Datenträger ist voll")]
)
def test_a_full_disk_leaves_the_file_before_as_it_was(call, tmp_path, monkeypatch, language, said):
    target = tmp_path / "schema.json"
    target.write_text("before", encoding="utf-8")

    def half(path: Path, raw: bytes) -> None:
        with path.open("wb") as file:
            file.write(raw[:10])
        raise FULL

    monkeypatch.setattr(Path, "write_bytes", half)
    given = ("programme", "score", "--rules", "preset:odoo", "--facts", _facts(tmp_path))
    done = call(*given, "--json", "-o", target, "--force", "--lang", language)
    assert (done.code, said in done.err) == (1, True)
    assert target.read_text("utf-8") == "before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["facts.json", "schema.json"]


def _facts(folder: Path) -> Path:
    facts = folder / "facts.json"
    facts.write_text('{"partners": [{"id": "T"}]}', encoding="utf-8")
    return facts


def test_a_file_is_replaced_as_a_whole_and_keeps_its_rights(call, tmp_path):
    kept, link = tmp_path / "kept.json", tmp_path / "link.json"
    kept.write_text("before", encoding="utf-8")
    kept.chmod(0o600)
    link.symlink_to(kept)
    given = ("programme", "score", "--rules", "preset:odoo", "--facts", _facts(tmp_path), "--json")
    assert call(*given, "-o", link, "--force").code == 0
    assert '"score/1"' in kept.read_text("utf-8")
    assert (kept.stat().st_mode & 0o777, link.is_symlink()) == (0o600, True)
    assert call(*given, "-o", os.devnull, "--force").code == 0
    assert call(*given, "-o", tmp_path, "--force").code == 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_output_that_is_full_is_told_as_the_output(call, monkeypatch, language):
    monkeypatch.setattr("mutualist.cli.output._write_text", full)
    done = call("schema", "score", "--lang", language)
    assert done.code == 1
    said = {"en": "The output can't be written: No space", "de": "Die Ausgabe lässt sich nicht"}
    assert said[language] in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe{\0}\0", "not UTF-8. Save the file as UTF-8"), (b"", "not valid JSON")],
)
def test_facts_that_are_no_text_are_told_with_the_remedy(call, tmp_path, content, said):
    facts = tmp_path / "facts.json"
    facts.write_bytes(content)
    done = call("programme", "score", "--rules", "preset:odoo", "--facts", facts, "--lang", "en")
    assert (done.code, said in done.err) == (1, True)


def test_a_file_of_somebody_else_and_one_below_a_file_are_told(call, tmp_path, monkeypatch):
    facts = _facts(tmp_path)
    assert "no such file" in call("verdict", facts / "room.yaml").err
    assert "no such file" in call("evaluate", "tiers", facts).err

    def refused(*_given: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert "not allowed to read" in call("verdict", facts).err


@pytest.mark.parametrize("content", [b"a,b\n" + b"y" * 200_000, b"\xff\xfe\0"])
def test_tables_to_evaluate_that_cannot_be_read_are_told(call, tmp_path, content):
    (tmp_path / "rules.csv").write_bytes(content)
    done = call("evaluate", "tiers", tmp_path)
    assert done.code == 1
    assert "rules.csv" in done.err
    assert "error of mutualist" not in done.err
