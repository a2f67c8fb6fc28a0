"""Judge a folder of rooms and put their figures below each other, without a data frame library."""

from __future__ import annotations

from pathlib import Path

import mutualist as mu

HERE = Path(__file__).resolve().parent

rows = [mu.assess(mu.read_room(path)).to_frame()[0] for path in sorted(HERE.glob("*.yaml"))]
for row in rows:
    print(
        f"{row['name']:12} {row['kind']:18} P {row['P']:3} S {row['S']:3} load {row['load']:3} {row['red']}"
    )
