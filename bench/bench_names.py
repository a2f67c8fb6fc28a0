"""How often one firm is recognised by names alone: `python bench/bench_names.py FOLDER` reads FOLDER/pairs.csv.

Columns: name_a, name_b, is_match (0 or 1), and optionally source; marks are printed for each source and for all.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from mutualist.domain.programme.registration import marks


def main(folder: Path) -> None:
    """Print precision, recall and F1."""
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sources = sorted({row.get("source", "").split(":")[0] for row in rows} - {""})
    for source in ["", *sources]:
        found = marks(
            (row["name_a"], row["name_b"], row["is_match"] == "1")
            for row in rows
            if row.get("source", "").startswith(source)
        )
        print(
            f"{source or 'all'}: {found.pairs} pairs, precision {found.precision:.3f}, "
            f"recall {found.recall:.3f}, F1 {found.f1:.3f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
