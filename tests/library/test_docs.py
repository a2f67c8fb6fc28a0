"""What the documentation shows is what happens: its code and its commands are run."""

from __future__ import annotations

import doctest
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from mutualist.cli.run import run

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def beside_the_examples(monkeypatch, tmp_path):
    """The commands are called in a folder that holds the examples."""
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUTUALIST_PRIVATE", str(tmp_path / "private"))
    monkeypatch.setenv("COLUMNS", "100")


def blocks(page, kind):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [found[2] for found in BLOCK.finditer(text) if found[1] == kind]


@pytest.mark.parametrize("page", ["en/library.md", "de/library.md"])
def test_python_of_the_documentation(page, monkeypatch):
    monkeypatch.setenv("MUTUALIST_LANG", page[:2])
    source = "\n".join(blocks(page, "python"))
    test = doctest.DocTestParser().get_doctest(source, {}, page, page, 0)
    said = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test, out=said.write)
    assert runner.tries > 5
    assert runner.failures == 0, said.getvalue()


def steps(block):
    """Commands with the lines that follow them and the exit code in brackets, 0 without."""
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *lines = step.rstrip("\n").splitlines()
        code = 0
        if lines and re.fullmatch(r"\[\d+\]", lines[-1]):
            code = int(lines.pop()[1:-1])
        yield command, lines, code


def seems_like(said, lines):
    """Whether the lines come in this order; ``...`` stands for anything."""
    pattern = ".*?".join(
        "\n".join(re.escape(line) for line in part.splitlines())
        for part in "\n".join(lines).split("...")
    )
    return re.search(pattern, said, re.DOTALL) is not None


@pytest.mark.parametrize("page", ["en/cli.md", "de/cli.md"])
def test_commands_of_the_documentation(page, monkeypatch, capsys):
    monkeypatch.setenv("MUTUALIST_LANG", page[:2])
    count = 0
    for block in blocks(page, "console"):
        for command, lines, code in steps(block):
            count += 1
            name, *arguments = shlex.split(command)
            assert name == "mutualist"
            assert run(arguments) == code, command
            captured = capsys.readouterr()
            assert seems_like(captured.out + captured.err, lines), (
                f"{command}\n{captured.out}{captured.err}"
            )
    assert count > 10


@pytest.mark.parametrize("script", sorted(p.name for p in (ROOT / "examples").glob("*.py")))
def test_example_scripts(script, monkeypatch, capsys):
    import runpy

    monkeypatch.setenv("MUTUALIST_LANG", "en")
    runpy.run_path(script, run_name="__main__")
    assert capsys.readouterr().out.strip()
