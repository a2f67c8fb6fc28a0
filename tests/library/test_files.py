"""Room files in all formats, and what is refused."""

from __future__ import annotations

import io
import json

import pytest

import mutualist as mu
from library.rooms import VECTORS, public_rooms
from mutualist.library.files import dump_room


def test_yaml_json_and_open_files_give_the_same_room(tmp_path):
    room = mu.read_room(VECTORS / "round1.yaml")
    assert room == mu.datasets.load_pumpenpuls(1)
    for name in ("room.yaml", "room.yml", "room.json"):
        mu.write_room(room, tmp_path / name)
        assert mu.read_room(tmp_path / name) == room
        assert mu.read_room(str(tmp_path / name)) == room
        with (tmp_path / name).open("rb") as file:
            assert mu.read_room(file) == room
        with (tmp_path / name).open(encoding="utf-8") as file:
            assert mu.read_room(file) == room


def test_standard_input_is_recognised_by_its_content(monkeypatch):
    room = mu.datasets.load_pumpenpuls(1)
    for format_ in ("yaml", "json"):
        raw = dump_room(room, format_).encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        assert mu.read_room("-") == room


@pytest.mark.parametrize("case", public_rooms(), ids=lambda case: case["id"])
def test_public_rooms_survive_yaml(case):
    room = mu.Room.from_dict(case["room"])
    assert mu.read_room(io.StringIO(dump_room(room, "yaml"))) == room


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("room.yaml", "[1, 2]", "mapping with ruleset"),
        ("room.yaml", "a: 1\na: 2", "twice"),
        ("room.json", '{"a": 1, "a": 2}', "twice"),
        ("room.json", '{"a": NaN}', "NaN is not a number"),
        ("room.json", '{"a": ', "Line 1, column 7"),
        ("room.json", "[" * 100_000, "nested too deeply"),
        ("room.txt", "{}", "ending '.txt' is unknown"),
        ("room.yaml", "ä".encode("latin-1"), "not UTF-8"),
        ("room.yaml", "x" * 2_000_001, "larger than such a file"),
    ],
)
def test_what_cannot_be_read_is_explained(name, content, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(mu.FileError, match=said) as caught:
        mu.read_room(path)
    assert caught.value.message("de").startswith(f"{path}: ")
    assert caught.value.message("de") != caught.value.message("en")


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(mu.FileError, match="no such file"):
        mu.read_room(tmp_path / "nothing.yaml")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(mu.FileError, match="folder"):
        mu.read_room(tmp_path / "folder.yaml")


def test_wrong_answers_name_party_item_and_remedy(tmp_path):
    document = mu.datasets.load_pumpenpuls(1).to_dict()
    document["answers"]["A"]["1.2"]["new_offer"] = 41
    document["answers"]["B"]["9.9"] = 1
    path = tmp_path / "room.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(mu.AnswerError) as caught:
        mu.read_room(path)
    messages = [problem.message("en") for problem in caught.value.problems]
    assert any(m.startswith("A, 1.2") and "101" in m and "100" in m for m in messages)
    assert any("9.9" in m for m in messages)


def test_notes_of_a_case_change_nothing(tmp_path):
    document = mu.datasets.load_archetype("logo").to_dict()
    document |= {"label": "logo_only", "id": "some-case", "provenance": {"A": {}}, "note": "x"}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    case = mu.read_case(path)
    assert case.room == mu.read_room(path) == mu.datasets.load_archetype("logo")
    assert (case.name, case.label, case.contested) == ("some-case", "logo_only", False)
