"""How fast a programme is scored: all partners at once, and one partner with every reason.

Usage: python bench/bench_programme.py [partners facts] [folder]

100,000 partners with 10,000,000 facts in four tables, as Parquet, are made once in a folder (about 15 s, 190 MB) and scored
by DuckDB in a process of its own: seconds by the clock and of processor time, from the first import to the last level,
and the highest memory of that process. Then 2,000 partners of them are scored one by one and compared cell by cell; and
one partner of a programme of usual size is scored with all reasons, many times. Medians.
"""

# ruff: noqa: S608 - the names in these queries are ours

from __future__ import annotations

import datetime as dt
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import programme_facts
import yaml
from marks import Row, tell

from mutualist.domain.programme.batch.compiling import PARTNERS
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.facts import Row as Fact
from mutualist.domain.programme.scoring.population import last_of_best
from mutualist.domain.programme.scoring.score import score

HERE = Path(__file__).resolve().parent
DAY = dt.date(2026, 11, 22)
ROUNDS = 5
SAMPLE = 2000
ONE = 300


def rules():
    return read_rules(yaml.safe_load((HERE / "programme-full.yaml").read_text("utf-8")))


def files(folder, read):
    return {name: folder / f"{name}.parquet" for name in [PARTNERS, *read.tables]}


def run(folder):
    """Score everything in this process, and print what it took."""
    begun, used = time.perf_counter(), time.process_time()
    from mutualist.library.programme_runs import score_in_duckdb

    read = rules()
    scores = score_in_duckdb(read, files(folder, read), DAY)
    levels = scores.levels
    told = {
        "wall": time.perf_counter() - begun,
        "cpu": time.process_time() - used,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "partners": len(levels),
        "gold": sum(1 for level in levels.values() if level == "gold"),
    }
    print(json.dumps(told))


def value(cell, field):
    if cell is None or field.value_kind != "number":
        return cell
    return Fraction(int(cell), 10**field.decimals)


def sample(folder, read, numbers):
    """Return the facts of some partners as values."""
    import duckdb

    with duckdb.connect() as engine:
        wanted = ", ".join(map(str, numbers))
        found = {}
        for name, file in files(folder, read).items():
            rows = engine.sql(
                f"SELECT * FROM '{file}' WHERE partner IN ({wanted})"
            ).to_arrow_table()
            for row in rows.to_pylist():
                found.setdefault(row["partner"], {}).setdefault(name, []).append(row)
    for number in numbers:
        own = found[number]
        (partner,) = own[PARTNERS]
        facts = {
            name: tuple(
                Fact(
                    str(row["id"]),
                    {key: value(row[key], field) for key, field in table.fields.items()}
                    | {key: cell for key, cell in row.items() if key.endswith("_currency")},
                )
                for row in own.get(name, ())
            )
            for name, table in read.tables.items()
        }
        yield Facts({key: value(partner[key], field) for key, field in read.partner.items()}, facts)


def differing(folder, read):
    """Return how many cells of the sample differ from what the query gives, and how many there are."""
    from mutualist.library.programme_runs import score_in_duckdb

    batch = list(score_in_duckdb(read, files(folder, read), DAY))
    cutoffs = cutoffs_of_batch(folder, read, batch)
    step = max(1, len(batch) // SAMPLE)
    numbers = list(range(0, len(batch), step))[:SAMPLE]
    differ = cells = 0
    for number, facts in zip(numbers, sample(folder, read, numbers), strict=True):
        single, many = score(facts, read, DAY, cutoffs=cutoffs, explain=False), batch[number]
        assert single.partner == many.partner
        pairs = [
            (getattr(single, one), getattr(many, one))
            for one in ("level", "qualified", "total", "track")
        ]
        for name, metric in single.metrics.items():
            other = many.metrics[name]
            pairs += [
                (getattr(metric, one), getattr(other, one))
                for one in ("value", "points", "applies")
            ]
        cells += len(pairs)
        differ += sum(1 for one, two in pairs if one != two)
    return differ, cells


def cutoffs_of_batch(folder, read, batch):
    import duckdb

    with duckdb.connect() as engine:
        rows = engine.sql(f"SELECT id, country FROM '{folder / 'partners.parquet'}'").fetchall()
    country, found = dict(rows), {}
    for name, rule in read.relative.items():
        values = {}
        for one in batch:
            if one.metrics[rule.of].value is not None:
                values.setdefault(country[one.partner], []).append(one.metrics[rule.of].value)
        found[name] = {within: last_of_best(own, rule) for within, own in values.items()}
    return found


def usual(folder, read):
    """Return the facts of the partner in the middle, and of one at the upper end."""
    import duckdb

    with duckdb.connect() as engine:
        tables = [f"SELECT partner FROM '{folder / name}.parquet'" for name in read.tables]
        counted = engine.sql(
            f"SELECT partner FROM ({' UNION ALL '.join(tables)}) GROUP BY 1 ORDER BY count(*)"
        ).fetchall()
    wanted = sorted({counted[len(counted) // 2][0], counted[len(counted) * 99 // 100][0]})
    return list(sample(folder, read, wanted))


def one_by_one(facts, read):
    """Return milliseconds of one score with all reasons, by the clock and of processor time."""
    walls, cpus = [], []
    for _ in range(ONE):
        begun, used = time.perf_counter(), time.process_time()
        score(facts, read, DAY)
        walls.append((time.perf_counter() - begun) * 1000)
        cpus.append((time.process_time() - used) * 1000)
    return statistics.median(walls), statistics.median(cpus)


def measured(folder, size):
    read = rules()
    runs = [
        json.loads(subprocess.run([sys.executable, __file__, "--run", str(folder)], capture_output=True, text=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]  # fmt: skip
    middle = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
    what = f"{size.partners:,} partners, {size.facts:,} facts"
    wall, cpu = middle["wall"] * 1000, middle["cpu"] * 1000
    yield Row(f"{what}: all levels, a fresh process", middle["wall"], "s", 5, wall=wall, cpu=cpu)
    yield Row(f"{what}: memory of that process", middle["memory"], "MB", 1000)
    differ, cells = differing(folder, read)
    yield Row(f"cells that differ from one by one, of {cells:,}", differ, "", 0)
    for facts in sorted(usual(folder, read), key=lambda one: sum(map(len, one.rows.values()))):
        count = sum(map(len, facts.rows.values()))
        wall, cpu = one_by_one(facts, read)
        yield Row(
            f"one partner with {count:,} facts, all reasons", cpu, "ms", 5, wall=wall, cpu=cpu
        )


def main(args):
    if args[:1] == ["--run"]:
        run(Path(args[1]))
        return
    numbers = [int(one) for one in args if one.isdigit()]
    size = programme_facts.Size(*numbers)
    named = [one for one in args if not one.isdigit()]
    with tempfile.TemporaryDirectory(prefix="mutualist-bench-") as own:
        folder = Path(named[0] if named else own)
        if not (folder / "certificates.parquet").exists():
            programme_facts.write(folder, size)
        tell(measured(folder, size))


if __name__ == "__main__":
    main(sys.argv[1:])
