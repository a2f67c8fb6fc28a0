"""How near simple splits come to real shares: a folder made by hand, and folders that can't be used."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

PROJECTS = [("1", "2015-01-01"), ("2", "2015-06-01"), ("3", "2016-01-01"), ("4", "2016-06-01")]
PARTS = [
    ("1", "a", "coordinator", "60"), ("1", "b", "participant", "30"),
    ("2", "a", "coordinator", "20"), ("2", "b", "participant", "10"), ("2", "c", "partner", ""),
    ("3", "a", "coordinator", "50"), ("3", "b", "participant", "50"),
    ("4", "b", "coordinator", "70"), ("4", "c", "participant", "30"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    with gzip.open(tmp_path / "projects.csv.gz", "wt", newline="") as file:
        csv.writer(file).writerows([("rcn", "start_date"), *PROJECTS, ("5", "2016-07-01")])
    with (tmp_path / "participations.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("rcn", "pic", "role", "ec_contribution"), *PARTS])
    (tmp_path / "README.md").write_text("# made by hand\n| file |\n", encoding="utf-8")
    return tmp_path


def test_errors_by_hand(folder, call):
    done = call("evaluate", "splits", folder, "--json")
    found = json.loads(done.out)
    # Before 2016 the coordinator got twice as much as the other; later 50 : 50 and 70 : 30.
    assert found["coordinator_weight"] == 2.0
    assert (found["projects_from"], found["left_out"]) == ("2016-01-01", 1)
    errors = found["rows"][-1]["mean_absolute_error"]
    assert errors["equal"] == pytest.approx((0.0 + 0.2) / 2)
    assert errors["coordinator"] == pytest.approx((1 / 6 + (0.7 - 2 / 3)) / 2)
    # Elsewhere in the data: a 80, b 110 in project 3; b 90, c nothing (so the median, 130) in project 4.
    by_size = (abs(0.5 - 80 / 190) + abs(0.7 - 90 / 220)) / 2
    assert errors["by_size"] == pytest.approx(by_size)


def test_the_table_names_origin_and_what_was_left_out(folder, call):
    done = call("evaluate", "splits", folder)
    assert "Data: made by hand" in done.out
    assert "1 projects are left out" in done.out
    assert done.code == 0
    assert "10,0" in call("evaluate", "splits", folder, "--lang", "de").out


def test_folders_that_cannot_be_used(folder, tmp_path_factory, call):
    empty = tmp_path_factory.mktemp("empty")
    done = call("evaluate", "splits", empty)
    assert (done.code, done.out) == (1, "")
    assert "There is no such file." in done.err
    (folder / "participations.csv").write_text("rcn,pic\n1,a\n", encoding="utf-8")
    assert "The field role is missing." in call("evaluate", "splits", folder).err
    (folder / "participations.csv").write_text("rcn,pic,role,ec_contribution\n", encoding="utf-8")
    assert "No projects with shares" in call("evaluate", "splits", folder).err
    (folder / "projects.csv.gz").write_bytes(b"\x1f\x8b broken")
    assert "can't be read" in call("evaluate", "splits", folder).err
