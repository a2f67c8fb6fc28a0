"""A made-up programme at full size: partners and their facts as Parquet files, always the same for one seed.

Few partners have most of the facts, as in real programmes: the number of facts of a partner follows a Pareto
distribution. A folder holds ``partners.parquet`` and one file for each table of facts; numbers are stored as whole
numbers scaled by the decimals of their field, partners as their number.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20261122
TODAY = np.datetime64("2026-11-22")
COUNTRIES = ("DE", "AT", "CH", "LI", "FR", "IT")
TRACKS = ("resale", "service", "build")
REGIONS = ("north", "south", "west")
OFFERS = ("cloud", "licence", "device", "support", "training")
WORKLOADS = ("mail", "office", "meetings", "devices", "identity", "backup", "security", "portal")
KINDS = ("owner", "reseller", "adviser")
CERTIFICATES = tuple(f"C-{number}" for number in range(100, 124))
SHARES = {"sales": 0.45, "usage": 0.33, "associations": 0.15, "certificates": 0.07}
CHUNK = 500_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many partners and facts."""

    partners: int = 100_000
    facts: int = 10_000_000


class Maker:
    """Draws the columns of one set of facts."""

    def __init__(self, size: Size, seed: int = SEED) -> None:
        self.size = size
        self.draw = np.random.default_rng(seed)
        weight = self.draw.pareto(1.3, size.partners) + 0.15
        self.until = np.cumsum(weight / weight.sum())
        self.enrolled = self.days(size.partners, 3000)

    def days(self, count: int, back: int) -> np.ndarray:
        """Days evenly spread over the past, as ``datetime64[D]``."""
        return TODAY - self.draw.integers(0, back, count).astype("timedelta64[D]")

    def owners(self, count: int) -> np.ndarray:
        """The partner of each fact, few of them with very many."""
        found = np.searchsorted(self.until, self.draw.random(count))
        return np.minimum(found, self.size.partners - 1).astype(np.int32)

    def pick(self, names: tuple[str, ...], count: int) -> pa.Array:
        """Names with falling frequency, as a dictionary."""
        share = 1 / np.arange(1, len(names) + 1)
        drawn = self.draw.choice(len(names), count, p=share / share.sum())
        return pa.DictionaryArray.from_arrays(drawn.astype(np.int8), list(names))

    def tenants(self, owner: np.ndarray) -> pa.Array:
        """One of some forty customers of the partner."""
        own = (self.draw.pareto(1.0, len(owner)) * 4).astype(np.int64) % 40
        return pa.array(np.char.add("t", (owner.astype(np.int64) * 40 + own).astype(str)))

    def emptied(self, values: np.ndarray, share: float) -> pa.Array:
        """The values, some of them empty."""
        return pa.array(values, mask=self.draw.random(len(values)) < share)

    def partners(self) -> pa.Table:
        """One row for each partner."""
        count = self.size.partners
        number = np.arange(count, dtype=np.int32)
        return pa.table(
            {
                "partner": number,
                "id": pa.array(np.char.add("P", number.astype(str))),
                "name": pa.array(np.char.add("Partner ", number.astype(str))),
                "country": self.pick(COUNTRIES, count),
                "track": self.pick(TRACKS, count),
                "staff": self.emptied((self.draw.pareto(1.2, count) * 8).astype(np.int64), 0.03),
                "enrolled": pa.array(self.enrolled),
            }
        )

    def sales(self, count: int) -> pa.Table:
        """Invoices in two currencies, some of them credit notes."""
        owner = self.owners(count)
        cents = (np.exp(self.draw.normal(7.5, 1.4, count)) * 100).astype(np.int64)
        cents = np.where(self.draw.random(count) < 0.04, -cents, cents)
        euro = pa.DictionaryArray.from_arrays(
            (self.draw.random(count) < 0.35).astype(np.int8), ["USD", "EUR"]
        )
        return pa.table(
            {
                "partner": owner,
                "day": self.days(count, 1200),
                "customer": self.tenants(owner),
                "amount": cents,
                "amount_currency": euro,
                "offer": self.pick(OFFERS, count),
                "region": self.pick(REGIONS, count),
            }
        )

    def usage(self, count: int) -> pa.Table:
        """What customers use in a month, to a tenth."""
        owner = self.owners(count)
        return pa.table(
            {
                "partner": owner,
                "day": self.days(count, 800),
                "tenant": self.tenants(owner),
                "workload": self.pick(WORKLOADS, count),
                "users": (self.draw.pareto(1.1, count) * 120).astype(np.int64),
            }
        )

    def associations(self, count: int) -> pa.Table:
        """Which partner looks after which customer, for a time."""
        owner = self.owners(count)
        since = self.days(count, 1500)
        until = since + self.draw.integers(60, 1400, count).astype("timedelta64[D]")
        return pa.table(
            {
                "partner": owner,
                "since": since,
                "ended": self.emptied(until, 0.4),
                "tenant": self.tenants(owner),
                "kind": self.pick(KINDS, count),
                "workload": self.pick(WORKLOADS, count),
            }
        )

    def certificates(self, count: int) -> pa.Table:
        """Certificates of people; some have no end."""
        owner = self.owners(count)
        issued = self.days(count, 1100)
        until = issued + np.timedelta64(730, "D")
        person = self.draw.integers(0, 25, count) + owner.astype(np.int64) * 25
        return pa.table(
            {
                "partner": owner,
                "issued": issued,
                "expires": self.emptied(until, 0.25),
                "person": pa.array(np.char.add("p", person.astype(str))),
                "name": self.pick(CERTIFICATES, count),
            }
        )


def write(folder: Path, size: Size, seed: int = SEED) -> int:
    """Write all tables; returns the number of facts.

    Parameters
    ----------
    folder
        Is made if it does not exist; files of the same names are replaced.
    size
        How many partners and facts.
    seed
        The same seed gives the same files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    maker = Maker(size, seed)
    pq.write_table(maker.partners(), folder / "partners.parquet")
    written = 0
    for name, share in SHARES.items():
        left = round(size.facts * share)
        with_schema = None
        first = 0
        while left:
            count = min(left, CHUNK)
            table = getattr(maker, name)(count)
            table = table.append_column("id", pa.array(np.arange(first, first + count)))
            if with_schema is None:
                with_schema = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
            with_schema.write_table(table)
            left, first, written = left - count, first + count, written + count
        if with_schema is not None:
            with_schema.close()
    return written


if __name__ == "__main__":
    to = Path(sys.argv[1])
    many = Size(*(int(part) for part in sys.argv[2:4]))
    sys.stdout.write(f"{write(to, many)} facts of {many.partners} partners in {to}\n")
