"""How often a firm is met again under another of its spellings, among thousands of real ones, and how often wrongly.

`python bench/bench_firms.py FOLDER` reads FOLDER/entities.csv.gz: columns `names` and `domains`, each with bars between
several. Every firm is registered under its first name and first domain; then it is asked for by each of its other
spellings, with its domain and without, and by its own name among the others. The file unites firms by domain, so some
spellings are products or daughters of a firm: nobody recognises those by the name, and full recall isn't to be had.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mutualist.domain.programme.registration import (
    Customer,
    RegistrationError,
    conflicts,
    customer,
    keys_of,
)

ANYWHERE = "US"


def firms(folder: Path) -> Iterator[tuple[Customer, list[str]]]:
    """Yield each firm as registered, and its other spellings."""
    with gzip.open(folder / "entities.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, *others = (one for one in row["names"].split("|") if one.strip())
            domain = row["domains"].split("|")[0]
            try:
                yield customer(name, ANYWHERE, domain=domain), others
            except RegistrationError as error:
                print(f"without its domain: {error}")
                yield customer(name, ANYWHERE), others


def main(folder: Path) -> None:
    """Print what is met."""
    known = list(firms(folder))
    shelf: dict[tuple[str, str], set[int]] = defaultdict(set)
    for at, (firm, _others) in enumerate(known):
        for block in keys_of(firm).blocks().items():
            shelf[block].add(at)

    def met(wanted: Customer) -> dict[int, str]:
        near = {at for block in keys_of(wanted).blocks().items() for at in shelf[block]}
        hits = conflicts(wanted, ((at, known[at][0]) for at in sorted(near)))
        return {hit.key: hit.comparison.decision for hit in hits}

    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for at, (firm, others) in enumerate(known):
        for name in others:
            asked = replace(firm, name=name)
            counts["another spelling, with its domain"][met(asked).get(at, "not met")] += 1
            bare = replace(asked, domain="")
            counts["another spelling, without it"][met(bare).get(at, "not met")] += 1
        strangers = {key: what for key, what in met(firm).items() if key != at}
        worst = min(strangers.values(), key=["same", "maybe"].index, default="nobody")
        counts["other firms met by the own name"][worst] += 1
    print(f"{len(known):,} firms")
    for label, found in counts.items():
        total = sum(found.values())
        told = ", ".join(
            f"{what} {count:,} ({count / total:.1%})" for what, count in found.most_common()
        )
        print(f"{label}, {total:,} times: {told}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
