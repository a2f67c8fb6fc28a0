"""Nothing acknowledged is lost when processes are killed, and answers wait for the disk."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from everything import postgres_programs
from operations.crash import traces
from operations.crash.servers import durable_postgres
from operations.places import ROOT, Place

POSTGRES = bool(os.environ.get("MUTUALIST_DATABASE_URL"))
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
KILLS = 4 if POSTGRES else 20
WRITES = 6


def test_no_acknowledged_write_is_lost_in_kills():
    command = [sys.executable, ROOT / "tests/operations/kill_app.py", "--kills", str(KILLS)]
    done = subprocess.run(
        [*map(str, command), *(["--postgres"] if POSTGRES else [])],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        env={name: text for name, text in os.environ.items() if not name.startswith("MUTUALIST_")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost or damaged: 0" in done.stdout
    assert f"{KILLS // 2 if POSTGRES else KILLS}" in done.stdout.splitlines()[0]


def test_every_answer_to_a_write_waits_for_the_disk(tmp_path, monkeypatch):
    # The server of this test has one role, which owns and serves.
    monkeypatch.delenv("MUTUALIST_DATABASE_OWNER_URL", raising=False)
    if not shutil.which("strace"):
        message = "NOT TESTED: strace is missing (apt-get install strace)"
        assert not CI, message
        pytest.skip(message)
    with ExitStack() as stack:
        server = None
        if POSTGRES:
            programs = postgres_programs()
            assert programs is not None
            server = stack.enter_context(durable_postgres(programs, traced=True))
        place = Place(tmp_path / "data", server.server if server else None)
        pair = place.script("seed_crash", 1, 1)[0]
        log = tmp_path / "calls"
        if server is None:
            # Another connection keeps the log there: making it anew is synced in any case, and
            # would hide that a write is not.
            stack.enter_context(closing(sqlite3.connect(place.database))).execute(
                "SELECT count(*) FROM rooms_room"
            ).fetchone()
        write_some(place, pair, log)
        found = [one for one in traces.answers(log) if one.status in {200, 201}]
        writes = [one for one in found if one.method != "GET"]
        reads = [one for one in found if one.method == "GET"]
        assert len(writes) >= WRITES + 2
        assert len(reads) >= 2
        if server is None:
            synced = {id(one) for one in found if any("-wal" in path for path in one.synced)}
        else:
            moments = [call.at for call in traces.syncs_of_backends(server.trace)]
            synced = {
                id(one) for one in found if any(one.begun <= at <= one.ended for at in moments)
            }
    assert [one.path for one in writes if id(one) not in synced] == []
    # What is seen are the syncs of the writes, and not just any.
    assert [one.path for one in reads if id(one) in synced] == []


def write_some(place: Place, pair: dict, log: Path) -> None:
    """Serve with one process and one thread under strace, and write through it."""
    # Bound here and handed on: a port that is only looked up may be somebody else's by then.
    listening = socket.create_server(("127.0.0.1", 0))
    port, number = listening.getsockname()[1], listening.fileno()
    arguments = ["mutualist.project.wsgi:application", "--bind", f"fd://{number}"]
    server = subprocess.Popen(
        [*traces.command(log), sys.executable, "-m", "gunicorn", *arguments, "--workers", "1"],
        env=place.environment,
        cwd=place.data.parent,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=[number],
    )
    listening.close()
    try:
        at = f"/api/v1/rooms/{pair['rooms'][0]}"
        wait_for(port)
        for number in range(WRITES):
            item, values = [("1.4", ("gt3", "1to3")), ("6.2", ("both", "us"))][number % 2]
            body = {"value": values[number // 2 % 2], "version": number // 2}
            assert ask(port, pair["A"], "PUT", f"{at}/sheet/{item}", body) == 200
        assert ask(port, pair["A"], "GET", at) == 200
        assert ask(port, pair["A"], "POST", f"{at}/seal", {"confirm_open_items": True}) == 200
        parties = [{"name": "Here"}, {"name": "There"}]
        room = {"mode": "two_sided", "frame": {"name": "Synced"}, "parties": parties}
        assert ask(port, pair["A"], "POST", "/api/v1/rooms", room) == 201
        assert ask(port, pair["A"], "GET", "/api/v1/rooms") == 200
    finally:
        # To all of them: strace itself waits for what it watches.
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def ask(port: int, token: str, method: str, path: str, body: object = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if method != "GET":
        headers["Idempotency-Key"] = str(uuid.uuid4())
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def wait_for(port: int) -> None:
    begun = time.monotonic()
    while True:
        try:
            ask(port, "nobody", "GET", "/api/v1/rooms")
        except OSError:
            assert time.monotonic() - begun < 60, "no answer"
            time.sleep(0.05)
        else:
            return
