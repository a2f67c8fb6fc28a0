"""Children of a process that has all ready, in which one thing is changed and tests are run."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def ready() -> None:
    """Load settings, apps and addresses once; children inherit them."""
    spec = importlib.util.spec_from_file_location("conftest_of_tests", ROOT / "tests/conftest.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    import mutualist.project.urls
    from guards import world

    assert mutualist.project.urls
    assert world


def remembered() -> list[Callable[[], None]]:
    """Return how to forget what is kept between tests: else only the first to ask would pass the lines."""
    from mutualist.apps.core.prepared import Prepared
    from mutualist.domain.assess import engine, facts, move_rules

    modules = [module for name, module in sys.modules.items() if name.startswith("mutualist.")]
    values = [value for module in modules for value in vars(module).values()]
    written = [value._written.clear for value in values if type(value) is Prepared]
    made = [engine.engine, facts.facts_maker, move_rules.candidates]
    return [*written, *(one.cache_clear for one in made)]


class Watching:
    """Notes for each test how long it takes and which lines of which files it passes."""

    def __init__(self, files: list[str]) -> None:
        from coverage import Coverage

        self.files = files
        self.cover = Coverage(
            data_file=None, config_file=False, include=[str(ROOT / "src" / file) for file in files]
        )
        self.took: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        for forget in remembered():
            forget()
        self.cover.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.took[report.nodeid] = self.took.get(report.nodeid, 0) + report.duration
        if report.failed or report.skipped:
            self.failed.add(report.nodeid)

    def found(self) -> dict[str, Any]:
        lines: dict[str, dict[int, list[str]]] = {}
        data = self.cover.get_data()
        for file in self.files:
            by_line = data.contexts_by_lineno(str(ROOT / "src" / file))
            lines[file] = {number: [c for c in names if c] for number, names in by_line.items()}
        # What fails as things are would notice anything.
        took = {test: time_ for test, time_ in self.took.items() if test not in self.failed}
        return {"took": took, "lines": lines}


def in_child(work: Callable[[], int], seconds: int, *, loud: bool = False) -> int:
    """Run work in a copy of this process; return its result, 2 if it took too long."""
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            if not loud and not os.environ.get("MUTANTS_LOUD"):
                os.dup2(null, 1)
                os.dup2(null, 2)
            signal.alarm(seconds)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            code = work()
        except BaseException:  # noqa: BLE001  (whatever it is, it is told)
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            shutil.rmtree(os.environ["MUTUALIST_DATA"], ignore_errors=True)
            os._exit(code)
    _pid, status = os.waitpid(pid, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 2


def in_place(tests: tuple[str, ...]) -> None:
    """Import the tests here, so that no child has to."""
    import pytest

    with Path(os.devnull).open("w") as null, contextlib.redirect_stdout(null):
        pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", *tests])


def pytest_main(tests: list[str], slot: str, plugins: list[Any] | None = None) -> int:
    import pytest
    from django.db import connection

    # A child before this one took its folder away; without it every test of a page would fail as things are.
    Path(os.environ["MUTUALIST_DATA"], "static").mkdir(parents=True, exist_ok=True)
    connection.settings_dict["TEST"]["NAME"] = slot
    if Path(slot).exists():
        # Made by the first run; looking again whether it is up to date takes longer than many a test.
        connection.creation.create_test_db = lambda *_args, **_options: _use(connection, slot)
    arguments = ["-q", "-p", "no:cacheprovider", "--reuse-db", "--no-header", "--durations=0"]
    return int(pytest.main([*arguments, *([] if plugins else ["-x"]), *tests], plugins=plugins))


def _use(connection: Any, slot: str) -> str:
    connection.close()
    connection.settings_dict["NAME"] = slot
    return slot


def baseline(folder: Path, tests: tuple[str, ...], files: list[str]) -> dict[str, Any]:
    """Run all tests once as things are; return what each passes."""
    target = folder / "baseline.json"

    def work() -> int:
        watching = Watching(files)
        watching.cover.start()
        code = pytest_main(list(tests), str(folder / "test-0.sqlite3"), [watching])
        watching.cover.stop()
        target.write_text(json.dumps(watching.found()), encoding="utf-8")
        return code

    in_child(work, 1800)
    return dict(json.loads(target.read_text(encoding="utf-8")))


def swap(module: str, qualname: str, code: Any) -> Any:
    """Give a function of a loaded module another body, wherever it was imported to; return the old."""
    found: Any = sys.modules[module]
    for part in qualname.split("."):
        found = vars(found)[part]
    for inner in ("fget", "func", "__func__", "_build"):
        found = getattr(found, inner, found)
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    before, found.__code__ = found.__code__, code
    return before
