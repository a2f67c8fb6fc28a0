"""Replay real membership programmes: the level of every firm in every month, by the language, both ways of scoring.

`python bench/bench_memberships.py FOLDER` reads FOLDER/spells.csv.gz: which firm held which tier of which programme from
which month to which. Each spell is one fact; a level is held while a spell of its tier lasts, the highest counts. What
history and DuckDB say is compared, month by month, with what the file says; and the rises, falls and ends are counted.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from mutualist.domain.programme.ahead.timeline import Case, attained
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.library.programme_runs import score_in_duckdb
from mutualist.library.programme_tables import tables_of

#: From the lowest to the highest; tiers that are kinds rather than levels come in some order as well.
ORDER = (
    *("Liaison", "Academic", "Nonprofit", "Associate", "End User", "End User Supporter"),
    *("End User Supporter and Contributor", "CertCNF", "CertK8s-Installer", "CertK8s-Hosted"),
    *("CertK8s-Distribution", "KTP", "KCSP", "Hyperledger Training Partner"),
    *("Hyperledger Training Partners", "Silver", "General", "Gold", "Premium", "Premier"),
    *("Strategic", "Platinum", "Founding"),
)
DUCKDB_EVERY = 6
Spell = tuple[str, dt.date, dt.date | None]


def month(text: str) -> dt.date:
    """Return the first day of a month."""
    return dt.date.fromisoformat(f"{text}-01")


def after(day: dt.date) -> dt.date:
    """Return the first day of the next month."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def read(folder: Path) -> dict[str, dict[str, list[Spell]]]:
    """Return the spells by programme and firm; one that still lasts has no last day."""
    found: dict[str, dict[str, list[Spell]]] = defaultdict(lambda: defaultdict(list))
    with gzip.open(folder / "spells.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            last = after(month(row["last_month"])) - dt.timedelta(days=1)
            spell = (
                row["tier"],
                month(row["first_month"]),
                None if row["still_active"] == "1" else last,
            )
            found[row["programme"]][row["entity_id"]].append(spell)
    return found


def rules_of(programme: str, firms: dict[str, list[Spell]]) -> Any:
    """Return a rule set with a level for each tier."""
    tiers = sorted({tier for spells in firms.values() for tier, *_ in spells}, key=ORDER.index)
    names = {tier: tier.lower().replace(" ", "_").replace("-", "_") for tier in tiers}
    both = {tier: {"de": tier, "en": tier} for tier in tiers}
    return read_rules(
        {
            "schema": "programme/1",
            "id": programme,
            "version": "replayed",
            "words": {"de": programme, "en": programme},
            "effective": {"from": dt.date(2010, 1, 1), "until": None},
            "source": {"title": "memberships as listed", "read_on": dt.date(2026, 8, 31)},
            "currency": "USD",
            "facts": {
                "memberships": {
                    "words": {"de": "Mitgliedschaften", "en": "Memberships"},
                    "date": "since",
                    "until": "until",
                    "fields": {"tier": "text"},
                }
            },
            "measures": {
                f"{name}_spells": {
                    "words": both[tier],
                    "from": "memberships",
                    "where": f"tier = '{tier}'",
                    "take": "count",
                }
                for tier, name in names.items()
            },
            "metrics": {
                name: {
                    "words": both[tier],
                    "value": f"{name}_spells",
                    "points": "linear(value, 1, 1)",
                    "max": 1,
                }
                for tier, name in names.items()
            },
            "total": "sum of metrics",
            "cumulative": False,
            "levels": [
                {"id": name, "words": both[tier], "requires": [{"if": f"{name} >= 1"}]}
                for tier, name in names.items()
            ],
        }
    ), names


def listed(spells: list[Spell], day: dt.date, names: dict[str, str]) -> str | None:
    """Return the highest tier that the file says on a day."""
    held = [tier for tier, first, last in spells if first <= day and (last is None or day <= last)]
    return names[max(held, key=ORDER.index)] if held else None


def days(firms: dict[str, list[Spell]]) -> Iterator[dt.date]:
    """Yield the middle of every month from the first spell on."""
    day = min(first for spells in firms.values() for _tier, first, _last in spells)
    end = max(last or first for spells in firms.values() for _tier, first, last in spells)
    while day <= end:
        yield day.replace(day=15)
        day = after(day)


def replay(programme: str, firms: dict[str, list[Spell]]) -> Counter[str]:
    """Compare every month of a programme, and count what happened."""
    rules, names = rules_of(programme, firms)
    order = list(names.values())
    months = list(days(firms))
    population = [
        Facts(
            {"id": firm},
            {
                "memberships": tuple(
                    Row(f"{firm}-{at}", {"tier": tier, "since": first, "until": last})
                    for at, (tier, first, last) in enumerate(spells)
                )
            },
        )
        for firm, spells in firms.items()
    ]
    counts: Counter[str] = Counter(firms=len(firms))
    told: dict[str, list[str | None]] = {}
    for facts in population:
        course = attained(Case(facts, (rules,)), months[0], months[-1])
        levels = [[one.level for one in course if one.since <= day][-1] for day in months]
        told[facts.id] = levels
        counts["firm-months"] += len(levels)
        counts["differ"] += sum(
            level != listed(firms[facts.id], day, names)
            for level, day in zip(levels, months, strict=True)
        )
        for before, now in pairwise(levels):
            if before is None or before == now:
                continue
            moved = "ends" if now is None else "rises"
            if now is not None and order.index(now) < order.index(before):
                moved = "falls"
            counts[moved] += 1
        counts["held"] += sum(level is not None for level in levels[:-1])
    tables = tables_of(rules, population)
    for at in range(0, len(months), DUCKDB_EVERY):
        levels = score_in_duckdb(rules, tables, months[at]).levels
        counts["cells of DuckDB"] += len(levels)
        counts["DuckDB differs"] += sum(told[firm][at] != level for firm, level in levels.items())
    return counts


def main(folder: Path) -> None:
    """Print what was replayed."""
    everything: Counter[str] = Counter()
    for programme, firms in sorted(read(folder).items()):
        counts = replay(programme, firms)
        everything += counts
        years = counts["held"] / 12
        moves = ", ".join(
            f"{name} {counts[name] / years:.1%}" for name in ("rises", "falls", "ends")
        )
        print(f"{programme}: {counts['firms']:,} firms, {years:,.0f} years held; a year {moves}")
    print(
        f"{everything['firm-months']:,} firm-months, {everything['differ']} differ from the file; "
        f"{everything['cells of DuckDB']:,} by DuckDB, {everything['DuckDB differs']} differ"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
