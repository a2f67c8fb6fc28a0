"""Server CPU and queries of the list page and the result page, on the demo's data.

    python bench/bench_pages.py

Prints the median and the range over many requests through the whole stack (middleware, session, template), without a network.
"""

from __future__ import annotations

import importlib
import os
import statistics
import sys
import tempfile
import time

FOLDER = tempfile.TemporaryDirectory(prefix="mutualist-bench-")
os.environ.update(
    MUTUALIST_DATA=FOLDER.name,
    MUTUALIST_DEMO="1",
    MUTUALIST_SECRET_KEY="for measurements only, never where others come in",
)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutualist.project.settings")


def measure(client, address: str, rounds: int) -> tuple[list[float], int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
        count = len(queries)
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        client.get(address)
        times.append(1000 * (time.process_time() - begin))
    return times, count


def main(rounds: int = 100) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from mutualist.apps.identity.models import User
    from mutualist.apps.rooms.demo import load_demo
    from mutualist.apps.rooms.models import Room

    call_command("migrate", verbosity=0)
    load_demo()
    # As the server does: what is loaded is left alone by the collector.
    importlib.import_module("mutualist.project.wsgi")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email__startswith="anna"))
    opened = Room.objects.get(frame__name="PumpenPuls")
    pages = {
        "list page": ("/rooms/", 25),
        "home page": ("/", 25),
        "room page": (f"/rooms/{opened.uid}/", 40),
        "result page, round 2": (f"/rooms/{opened.uid}/result/", 40),
        "result page, round 1": (f"/rooms/{opened.uid}/result/?round=1", 40),
        "answer page": (f"/rooms/{_answering(Room)}/answer/3/", 40),
    }
    print(
        f"{'page':24} {'median':>8} {'min':>8} {'max':>8}  target  queries   (CPU ms, n={rounds})"
    )
    for name, (address, target) in pages.items():
        times, queries = measure(client, address, rounds)
        print(
            f"{name:24} {statistics.median(times):8.1f} {min(times):8.1f} {max(times):8.1f}"
            f"  {target:6} {queries:8}"
        )


def _answering(rooms) -> str:
    return str(rooms.objects.filter(state="answering", mode="two_sided").first().uid)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
