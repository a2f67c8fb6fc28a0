"""Levels of a whole programme: every partner looked at, the same day again, and the next day; and the page of reviews.

`python bench/bench_levels.py [partners facts]` makes a database in a folder of its own; `--postgres` starts a server of
its own. The facts are those of `programme_facts.py`, the rules those of `programme-full.yaml` without comparing partners
with each other. The first look takes each partner alone, as every look did before; partners joined 30 days before it.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import programme_facts
from bench_projects import in_folder, setup, tidy

HERE = Path(__file__).parent
DAY = dt.date(2026, 11, 22)
JOINED = DAY - dt.timedelta(days=30)
CHUNK = 20_000
SCALED = {"amount": 2}


def documents(folder: Path, table: str) -> Iterator[tuple[int, str, str, str]]:
    """Return partner, id, day and document of each fact, as the application stores them."""
    import pyarrow.parquet as pq

    day = {"associations": "since", "certificates": "issued"}.get(table, "day")
    for batch in pq.ParquetFile(folder / f"{table}.parquet").iter_batches(50_000):
        for row in batch.to_pylist():
            partner, number = row.pop("partner"), str(row.pop("id"))
            for name, value in row.items():
                if isinstance(value, dt.date):
                    row[name] = value.isoformat()
                elif isinstance(value, int):
                    row[name] = str(value / 10 ** SCALED[name] if name in SCALED else value)
            yield partner, number, row[day], json.dumps(row)


def fill(programme: Any, size: programme_facts.Size) -> None:
    """Store rules, partners and facts."""
    from django.db import connection, transaction

    from mutualist.apps.core.clock import now
    from mutualist.apps.programme.models import Relation, RuleSetVersion

    text = (HERE / "programme-full.yaml").read_text("utf-8")
    text = text.replace(" or top", "").split("relative:")[0]
    RuleSetVersion.objects.create(
        programme=programme, number=1, content=text, since=dt.date(2024, 1, 1)
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        programme_facts.write(folder, size)
        import pyarrow.parquet as pq

        rows = pq.read_table(folder / "partners.parquet").to_pylist()
        Relation.objects.bulk_create(
            [
                Relation(
                    programme=programme,
                    name=row["name"],
                    external_id=row["id"],
                    country=row["country"],
                    profile={
                        "track": row["track"],
                        "staff": row["staff"],
                        "enrolled": row["enrolled"].isoformat(),
                    },
                    joined=JOINED,
                )
                for row in rows
            ],
            batch_size=2000,
        )
        known = Relation.objects.filter(programme=programme).exclude(external_id="")
        pks = dict(known.values_list("external_id", "pk"))
        moment = connection.ops.adapt_datetimefield_value(now())
        statement = (
            'INSERT INTO programme_factrow (relation_id, "table", external_id, day, "values", imported_at)'
            " VALUES (%s, %s, %s, %s, %s, %s)"
        )
        for table in programme_facts.SHARES:
            waiting = (
                (pks[f"P{partner}"], table, number, day, document, moment)
                for partner, number, day, document in documents(folder, table)
            )
            while some := list(islice(waiting, CHUNK)):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.executemany(statement, some)
    tidy()


def told(what: str, call: Callable[[], Any]) -> None:
    """Print how long something takes, by the clock and of this process."""
    began, cpu = time.perf_counter(), time.process_time()
    found = call()
    took, worked = time.perf_counter() - began, time.process_time() - cpu
    print(f"{what}: {took:.1f} s, CPU {worked:.1f} s -> {found}", flush=True)


def pages(programme: Any, rounds: int = 9) -> None:
    """Print how long the page of reviews takes while every partner waits for a decision."""
    from django.test import Client

    from mutualist.apps.programme.models import LevelProposal, Relation

    LevelProposal.objects.all().delete()
    LevelProposal.objects.bulk_create(
        [
            LevelProposal(relation=one, day=DAY, before="gold", after="listed", why="fallen")
            for one in Relation.objects.filter(programme=programme)
        ],
        batch_size=2000,
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(programme.organisation.memberships.get().user)
    address = f"/programmes/{programme.uid}/reviews/"
    for asked in ("", "?page=200", "?q=Partner+77", "?level=gold"):
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            answer = client.get(f"{address}{asked}")
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.status_code
        print(f"reviews {asked or '(all)'}: median {statistics.median(times):.0f} ms")


def main(partners: int, facts: int) -> None:
    """Fill, then look."""
    _clara, standing, _partners = setup(partners=1)
    from django.db import connection

    from mutualist.apps.core.actor import Actor
    from mutualist.apps.programme.actions.levels import settle
    from mutualist.apps.programme.models import Programme, Relation

    programme = Programme.objects.get(pk=standing.programme)
    Relation.objects.update(state="ended")
    began = time.perf_counter()
    fill(programme, programme_facts.Size(partners, facts))
    print(
        f"{connection.vendor}: {partners:,} partners with {facts:,} facts stored in {time.perf_counter() - began:.0f} s",
        flush=True,
    )

    def look(later: int) -> Callable[[], int]:
        day = DAY + dt.timedelta(days=later)
        return lambda: settle(programme=programme, actor=Actor.system(), day=day)

    told("each alone", look(0))
    told("again, those whose level changed alone", look(0))
    told("again on the same day", look(0))
    told("on the next day", look(1))
    told("two days later", look(3))
    pages(programme)


if __name__ == "__main__":
    in_folder(lambda words: main(*([int(word) for word in words] or [10_000, 1_000_000])), __file__)
