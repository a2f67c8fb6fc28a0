"""`mutualist simulate` and `mutualist risk es` as people and programs use them."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "ventures"
FILE = EXAMPLES / "pumpenpuls.yaml"


def test_json_is_one_document_and_the_same_for_the_same_seed(call):
    done = call("simulate", FILE, "-n", 3000, "--seed", 7, "--json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert document["schema"] == "simulation/1"
    assert (document["scenarios"], document["seed"]) == (3000, 7)
    assert document["nature"]["kind"] == "partnership"
    assert {one["id"] for one in document["parties"]} == {"A", "B"}
    assert call("simulate", FILE, "-n", 3000, "--seed", 7, "--workers", 2, "--json").out == done.out
    assert call("simulate", FILE, "-n", 3000, "--seed", 8, "--json").out != done.out


def test_sentences_come_first(call):
    done = call("simulate", FILE)
    lines = done.out.splitlines()
    assert "of 50 futures Nordwerk Pumpen AG loses money" in lines[2]
    german = call("simulate", FILE, "--lang", "de").out
    assert "von 50 Zukünften" in german
    assert "Partnerschaft" in german


def test_scenarios_are_written_and_never_over_a_file(call, tmp_path):
    done = call("simulate", FILE, "-n", 500, "--out", "runs.parquet", "--quiet")
    assert done.code == 0
    assert pq.read_metadata(tmp_path / "runs.parquet").num_rows == 500
    again = call("simulate", FILE, "-n", 500, "--out", "runs.parquet")
    assert again.code == 1
    assert "--force" in again.err
    assert call("simulate", FILE, "-n", 600, "--out", "runs.parquet", "--force").code == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["runs.parquet"]


def test_a_folder_that_is_not_there_is_told_before_the_work(call, monkeypatch):
    from mutualist.library.ventures import Venture

    monkeypatch.delattr(Venture, "simulate")
    done = call("simulate", FILE, "--out", "nowhere/runs.parquet")
    assert (done.code, done.out) == (1, "")
    assert "nowhere is no folder" in done.err


def test_a_full_disk_is_told_with_the_name_of_the_file(call, tmp_path, monkeypatch):
    from pyarrow import parquet

    def full(_table, part):
        Path(part).write_bytes(b"half")
        raise OSError(28, "Failed to write to the part. Detail: ...")

    monkeypatch.setattr(parquet, "write_table", full)
    done = call("simulate", FILE, "-n", 100, "--out", "runs.parquet")
    assert done.code == 1
    assert "runs.parquet: The file can't be written: No space left on device." in done.err
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_an_interrupt_while_the_file_is_written_leaves_no_half(call, tmp_path, monkeypatch):
    from pyarrow import parquet

    def interrupted(_table, part):
        Path(part).write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(parquet, "write_table", interrupted)
    done = call("simulate", FILE, "-n", 100, "--out", "runs.parquet")
    assert done.code == 130
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_ctrl_c_in_the_middle_of_a_real_process(tmp_path):
    """The signal comes when the bar has been seen; then the run has begun."""
    terminal, its_end = pty.openpty()
    command = (sys.executable, "-m", "mutualist.cli", "simulate", str(FILE), "-n", "20000000")
    with subprocess.Popen(
        [*command, "--workers", "2", "--out", "runs.parquet"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=its_end,
        # Whoever runs the tests in the background has the signal ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as running:  # fmt: skip
        os.close(its_end)
        seen = b""
        while b"%" not in seen:
            seen += os.read(terminal, 4096)
        running.send_signal(signal.SIGINT)
        assert running.stdout.read() == b""
        assert running.wait() == 130
    os.close(terminal)
    assert not [*tmp_path.iterdir()]


def test_progress_stays_off_stdout_and_off_what_is_no_terminal(tmp_path):
    command = (sys.executable, "-m", "mutualist.cli", "simulate", str(FILE), "-n", "9000", "--json")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert done.stderr == b""
    assert json.loads(done.stdout)["scenarios"] == 9000


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    command = (sys.executable, "-m", "mutualist.cli", "simulate", str(FILE), "--json")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupted_run_leaves_no_file(call, tmp_path, monkeypatch):
    from mutualist.library.ventures import Venture

    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Venture, "simulate", interrupted)
    done = call("simulate", FILE, "--out", "runs.parquet")
    assert done.code == 130
    assert not (tmp_path / "runs.parquet").exists()


@pytest.mark.parametrize(("lang", "said"), [("de", "nicht lesbar"), ("en", "can't be read")])
def test_mistakes_name_their_place(call, tmp_path, lang, said):
    (tmp_path / "v.yaml").write_text(
        "periods: {unit: year, count: 0}\nparties: {A: {discount: 0}}\nlines: {a: 1 +}\n"
    )
    done = call("simulate", "v.yaml", "--lang", lang)
    assert (done.code, done.out) == (1, "")
    assert "periods.count" in done.err
    assert "lines.a.amount" in done.err
    assert said in done.err


def test_standard_input_and_sobol(call):
    done = call("simulate", "-", "--json", "-n", 1024, "--method", "sobol", stdin=FILE.read_text())
    assert json.loads(done.out)["method"] == "sobol"
    assert call("simulate", FILE, "--method", "sobol", "-n", 1000).code == 1


def test_es_of_a_table_of_states(call):
    table = {"probability": [0.04, 0.96], "losses": [[100, 0], [-40, 0]], "level": 0.95}
    done = call("risk", "es", "-", "--json", stdin=json.dumps(table))
    assert done.code == 0
    document = json.loads(done.out)
    assert list(document) == ["schema", "var", "es", "contributions", "stand_alone", "gain"]
    assert document["schema"] == "es/1"
    assert (document["var"], document["es"]) == (0, 48)
    assert document["contributions"] == [80, -32]
    assert document["stand_alone"] == [80, 0]
    assert document["gain"] == pytest.approx(0.4)
    told = call("risk", "es", "-", stdin=json.dumps(table))
    assert "48" in told.out
    assert "spart" in call("risk", "es", "-", "--lang", "de", stdin=json.dumps(table)).out


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({"probability": [0.5, 0.4], "losses": [[1, 2]]}, "probability"),
        ({"probability": [1.5, -0.5], "losses": [[1, 2]]}, "probability[1]"),
        ({"probability": [0.5, 0.5], "losses": [[1]]}, "losses[1]"),
        ({"probability": [0.5, 0.5], "losses": []}, "losses"),
        ({"probability": [], "losses": [[]]}, "probability"),
        ({"probability": 1, "losses": [[1]]}, "probability"),
        ({"probability": [1], "losses": 5}, "losses"),
        ({"probability": [1], "losses": [["a"]]}, "losses[1][1]"),
        ({"probability": [1], "losses": [[1e300]]}, "losses[1][1]"),
        ({"probability": [1], "losses": [[1]], "level": 1}, "level"),
        ({"probability": [1], "losses": [[1]], "levl": 0.5}, "levl"),
        ({"losses": [[1]]}, "probability"),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_its_place(call, table, place):
    done = call("risk", "es", "-", "--json", stdin=json.dumps(table))
    assert (done.code, done.out) == (1, "")
    assert f" {place}:" in done.err


def test_the_schema_of_a_venture(call):
    assert json.loads(call("schema", "venture").out)["title"] == "Mutualist venture, venture/1"
