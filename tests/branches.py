"""Is every branch of the modules that must not fail taken by the tests that speak for them?

    python tests/branches.py [PART ...]

The parts are those of tests/critical.py; without one, all. Runs those tests on SQLite and, for what PostgreSQL alone
does, there, too; prints lines and branches that no test takes and ends with 2 if there is one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from critical import PARTS, ROOT, Part
from everything import postgres, postgres_programs


def measure(parts: list[Part], chosen: str, environment: Mapping[str, str]) -> int:
    tests = once(test for part in parts for test in part.tests)
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    return coverage("run", ["--branch", "--parallel-mode", chosen, *pytest], environment)


def coverage(command: str, arguments: list[str], environment: Mapping[str, str]) -> int:
    # Not as in pyproject.toml: there all modules are named.
    return subprocess.run(
        [sys.executable, "-m", "coverage", command, f"--rcfile={os.devnull}", *arguments],
        cwd=ROOT,
        env=environment,
        check=False,
    ).returncode


def once(found: Iterable[str]) -> list[str]:
    """Return each once, without files of folders that are there as well."""
    names = list(dict.fromkeys(found))
    return [name for name in names if not any(str(p) in names for p in Path(name).parents)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    names = parser.parse_args().parts or list(PARTS)
    parts = [PARTS[name] for name in names]
    files = once(str(file) for part in parts for file in part.files())
    chosen = f"--include={','.join(files)}"
    with tempfile.TemporaryDirectory(prefix="branches-") as folder:
        environment = {**os.environ, "COVERAGE_FILE": f"{folder}/found"}
        failed = measure(parts, chosen, environment)
        if any(part.postgres for part in parts):
            failed |= on_postgresql([part for part in parts if part.postgres], chosen, environment)
        failed |= coverage("combine", ["--quiet"], environment)
        report = ["--show-missing", "--skip-covered", "--fail-under=100", chosen]
        return coverage("report", report, environment) or failed


def on_postgresql(parts: list[Part], chosen: str, environment: Mapping[str, str]) -> int:
    programs = postgres_programs()
    if programs is None:
        print("NOT MEASURED on PostgreSQL: it is not installed.")
        return 1
    with postgres(programs) as url:
        both = {"MUTUALIST_DATABASE_URL": url.serving, "MUTUALIST_DATABASE_OWNER_URL": str(url)}
        return measure(parts, chosen, {**environment, **both})


if __name__ == "__main__":
    sys.exit(main())
