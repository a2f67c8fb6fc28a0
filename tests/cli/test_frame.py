"""What holds for every command: help, mistakes, exit codes, streams."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from library.rooms import VECTORS
from mutualist.cli.app import build
from mutualist.library.words import text

COMMAND = [sys.executable, "-c", "from mutualist.cli import main; main()"]
ROUND_ONE = str(VECTORS / "round1.yaml")


def every_command(command=None, path=()):
    command = command or build()
    yield path
    for name, sub in getattr(command, "commands", {}).items():
        yield from every_command(sub, (*path, name))


@pytest.mark.parametrize("path", [*every_command()], ids=" ".join)
@pytest.mark.parametrize("lang", ["de", "en"])
def test_help_in_both_languages(path, lang, call):
    done = call(*path, "--help", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Aufruf: mutualist" if lang == "de" else "Usage: mutualist")
    assert ("Bei jedem Befehl" in done.out) is (lang == "de")
    assert all(len(line) <= 100 for line in done.out.splitlines())


def words_of(command):
    yield from (command.help or "").split("\n\n")
    for parameter in command.params:
        if parameter.name != "help" and getattr(parameter, "help", None):
            yield parameter.help
    for sub in getattr(command, "commands", {}).values():
        yield from words_of(sub)


def test_every_help_text_has_its_german():
    lacking = [words for words in words_of(build()) if words and text(words, "de") == words]
    assert not lacking


def test_panels_by_task(call):
    out = call("--help", "--lang", "de").out
    positions = [out.index(f"\n{panel}\n") for panel in ("Beurteilen", "Raum", "Regeln", "Betrieb")]
    assert positions == sorted(positions)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_without_arguments_five_examples(lang, call):
    done = call("--lang", lang)
    assert done.code == 0
    assert done.out.count("\n  mutualist ") == 5
    assert "mutualist --help" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verdikt", "x"], "There is no command 'verdikt'. Did you mean 'verdict'?"),
        (["verdict", "x", "--jsn"], "There is no option --jsn. Did you mean --json?"),
        (["verdict"], "FILE ... is missing."),
        (["room", "opne", "x"], "Did you mean 'open'?"),
        (["room", "new", "x"], "--parties is missing."),
        (["serve", "--port", "many"], "--port"),
        (["serve", "--port", "99999"], "--port"),
        (["--lang"], "--lang"),
    ],
)
def test_usage_errors_end_with_two_and_a_hint(arguments, said, call):
    done = call(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_group_alone_shows_its_help_and_ends_with_two(call):
    done = call("room")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: mutualist room")


def test_usage_errors_in_german(call):
    done = call("verdikt", "--lang", "de")
    assert "Den Befehl 'verdikt' gibt es nicht. Meinten Sie 'verdict'?" in done.err


def test_errors_of_the_program_keep_their_trace_for_those_who_want_it(call, monkeypatch):
    def broken(*_args):
        raise RuntimeError("boom")

    monkeypatch.setattr("mutualist.library.verdict.assess", broken)
    done = call("verdict", ROUND_ONE)
    assert done.code == 1
    assert "RuntimeError: boom" in done.err
    assert "MUTUALIST_TRACE" in done.err
    monkeypatch.setenv("MUTUALIST_TRACE", "1")
    with pytest.raises(RuntimeError, match="boom"):
        call("verdict", ROUND_ONE)


def test_interruption_ends_with_130(call, monkeypatch):
    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("mutualist.library.verdict.assess", interrupted)
    done = call("verdict", ROUND_ONE)
    assert (done.code, done.out) == (130, "")
    assert "Interrupted." in done.err


def test_rules_and_schemas(call, tmp_path):
    assert "S1   +30" in call("rules", "show").out
    assert json.loads(call("rules", "show", "--json", "C1").out)["weight"] == 14
    assert call("rules", "show", "S99").code == 1
    good = call("rules", "show", "--yaml").out
    file = tmp_path / "rules.yaml"
    file.write_text(good, encoding="utf-8")
    assert call("rules", "lint", file).code == 0
    file.write_text(good.replace("Y.control = us", "Y.kontrol = us", 1), encoding="utf-8")
    done = call("rules", "lint", file)
    assert done.code == 1
    line = 1 + good[: good.index("Y.control = us")].count("\n")
    assert done.out.startswith(f"{file}:{line}: rules.S3.when: ")
    assert json.loads(call("rules", "lint", file, "--json").out)["problems"][0]["line"] == line
    for name in ("room", "ruleset", "verdict"):
        assert json.loads(call("schema", name).out)["$schema"].startswith(
            "https://json-schema.org/"
        )


def test_room_schema_accepts_the_examples_and_refuses_others():
    import jsonschema

    import mutualist as mu

    document = mu.datasets.load_pumpenpuls(1).to_dict()
    jsonschema.validate(document, mu.room_schema())
    document["answers"]["A"]["2.2"]["years"] = 11
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, mu.room_schema())


def labelled(tmp_path, **labels):
    import mutualist as mu

    folder = tmp_path / "cases"
    folder.mkdir()
    for name, (kind, label) in labels.items():
        document = mu.datasets.load_archetype(kind).to_dict()
        document |= {"label": label, "label_contested": name == "c"}
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_evaluation_of_labelled_rooms(call, tmp_path):
    folder = labelled(
        tmp_path,
        a=("logo", "logo_only"),
        b=("possible", "true_partnership"),
        c=("supplier", "distributor"),
        d=("still_open", "complementors"),
        e=("true_partnership", "true_partnership"),
    )
    document = json.loads(call("evaluate", "alliances", folder, "--json").out)
    assert [row["agreement"] for row in document["alliances"]] == [
        "yes",
        "near",
        "no",
        "n/a",
        "yes",
    ]
    assert document["agreement"] == {"yes": 2, "near": 1, "no": 1, "n/a": 1}
    assert document["alliances"][0] | {"distance": 0} == {
        "id": "a", "file": "a.json", "label": "logo_only", "label_contested": False,
        "kind": "logo", "distance": 0, "agreement": "yes",
    }  # fmt: skip
    table = call("evaluate", "alliances", folder, "--lang", "de").out
    assert "Vertriebsbeziehung*" in table
    assert "2 von 4 stimmen überein, 1 beinahe; 1 sind nicht vergleichbar." in table


def test_evaluation_of_strange_folders(call, tmp_path):
    assert call("evaluate", "alliances", tmp_path / "nothing").code == 1
    assert call("evaluate", "alliances", tmp_path).code == 1
    folder = labelled(tmp_path, a=("logo", "friendship"))
    done = call("evaluate", "alliances", folder)
    assert done.code == 1
    assert "'friendship'" in done.err


def test_the_shipped_alliances(call, request):
    folder = request.config.rootpath / "examples" / "alliances"
    document = json.loads(call("evaluate", "alliances", folder, "--json").out)
    assert len(document["alliances"]) >= 8
    assert sum(row["label_contested"] for row in document["alliances"]) >= 2


def test_demo_in_the_terminal(call):
    done = call("demo", "--lang", "de")
    assert done.code == 0
    assert done.out.index("Lieferbeziehung") < done.out.index("Wahre Partnerschaft")
    assert "mutualist demo --serve" in done.err


# --- real processes -------------------------------------------------------------------------------


def process(*arguments, **options):
    environment = {**os.environ, **options.pop("env", {})}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, check=False, env=environment, **options
    )


def test_a_real_process_keeps_its_streams_apart():
    done = process("verdict", ROUND_ONE, "--json", "--fail-on", "red")
    assert done.returncode == 3
    assert json.loads(done.stdout)["kind"] == "supplier"
    assert done.stderr == b""
    assert b"\x1b" not in process("verdict", ROUND_ONE).stdout


def test_ascii_terminals_get_ascii_bars():
    done = process("verdict", ROUND_ONE, env={"PYTHONIOENCODING": "ascii", "MUTUALIST_LANG": "en"})
    assert done.returncode == 0
    assert b"####" in done.stdout
    assert all(byte < 128 for byte in done.stdout)
    assert b"Supplier relationship - Tauwerk" in done.stdout
    german = process("verdict", ROUND_ONE, "--lang", "de", env={"PYTHONIOENCODING": "ascii"})
    assert b"Ueberbrueckung" in german.stdout
    assert (
        process("room", "--help", "--lang", "de", env={"PYTHONIOENCODING": "ascii"}).returncode == 0
    )


def test_a_reader_that_has_seen_enough_is_no_error():
    command = " ".join(f"'{part}'" for part in [*COMMAND, "rules", "show", "--json"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} | head -n 1"], capture_output=True, check=False
    )
    assert done.stdout.startswith(b"{")
    assert done.stderr == b""


@pytest.mark.skipif(os.name != "posix", reason="signals of Unix")
def test_ctrl_c_ends_a_real_process_with_130(call, tmp_path):
    call("room", "new", "pump", "--parties", "Nordwerk,Tauwerk")
    with subprocess.Popen(
        [*COMMAND, "room", "ask", "pump", "--as", "A"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell that starts tests in the background lets them inherit a deaf ear for Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as running:
        seen = b""
        while not seen.rstrip().endswith((b">", "›".encode())):
            seen += running.stderr.read1()
        running.send_signal(signal.SIGINT)
        _out, error = running.communicate(timeout=10)
    assert running.returncode == 130
    assert b"Interrupted." in error
    assert b"Traceback" not in error


def test_completion_of_a_shell_is_offered():
    done = process(
        "verdict",
        env={
            "_MUTUALIST_COMPLETE": "complete_bash",
            "COMP_WORDS": "mutualist ver",
            "COMP_CWORD": "1",
        },
    )
    assert b"verdict" in done.stdout


@pytest.mark.parametrize(("lang", "said"), [("en", "can't be used"), ("de", "nicht zu verwenden")])
def test_a_disk_that_is_full_is_no_error_of_the_program(call, monkeypatch, lang, said):
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device", "/srv/data/keys")

    monkeypatch.setattr("mutualist.cli.rules.deliver", full)
    done = call("schema", "room", "--lang", lang)
    assert done.code == 1
    assert "/srv/data/keys" in done.err
    assert said in done.err
    assert "No space left" in done.err
