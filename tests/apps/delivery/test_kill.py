"""The short form of the experiment with kills; the long one is the command in kill_outbox.py."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from everything import postgres, postgres_programs

KILLS = os.environ.get("MUTUALIST_TEST_KILLS", "10")
COMMAND = Path(__file__).with_name("kill_outbox.py")


def test_nothing_is_lost_when_app_and_worker_are_killed() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MUTUALIST_DATABASE")}
    with ExitStack() as stack:
        if "MUTUALIST_DATABASE_URL" in os.environ:
            # A server of its own: the one of the tests lets no role of theirs make databases.
            programs = postgres_programs()
            assert programs is not None, "PostgreSQL is not installed on this machine"
            environment["MUTUALIST_DATABASE_URL"] = str(stack.enter_context(postgres(programs)))
        done = subprocess.run(
            [sys.executable, str(COMMAND), "--kills", KILLS],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=500,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was lost." in done.stdout
