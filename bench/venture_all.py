"""Measure everything about ventures and splits beside other programs, and print it as one table.

Usage: python bench/peers.py && python bench/venture_all.py [--docs]

Run it on an idle machine: wall times and the speed-up of two workers mean nothing beside other work. --docs writes the
table into docs/{en,de}/performance.md. Exit code 1 if a mark is missed.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from datetime import UTC, datetime
from itertools import chain

import bench_risk
import bench_sobol
import bench_split
import bench_venture
import numpy as np
from marks import ROOT, markdown, tell

#: English phrases of the table and their German, longest first where one holds another.
GERMAN = (
    ("all measures, 1 worker: CPU to that of the bare kernel", "alle Maße, 1 Arbeiter: CPU zu der des bloßen Kerns"),
    ("all measures, 2 workers: wall to that of the bare kernel", "alle Maße, 2 Arbeiter: Uhrzeit zu der des bloßen Kerns"),
    ("bare kernel", "bloßer Kern"),
    ("flows only", "nur Zahlungen"),
    ("1 worker", "1 Arbeiter"),
    ("two workers, speed-up", "zwei Arbeiter, Beschleunigung"),
    ("2 workers", "2 Arbeiter"),
    ("memory of a process of its own", "Speicher eines eigenen Prozesses"),
    ("same bits for 1, 2 and 4 workers (1 is yes)", "gleiche Bits mit 1, 2 und 4 Arbeitern (1 heißt ja)"),
    ("demo venture, 10,000 scenarios, all measures", "Beispielvorhaben, 10.000 Szenarien, alle Maße"),
    ("the same with tornado, diversification and JSON", "dasselbe mit Tornado, Streuung und JSON"),
    ("Euler contributions", "Euler-Beiträge"),
    ("ES of 1,000,000", "ES von 1.000.000"),
    ("to ours", "zu unserer"),
    ("our CPU", "unserer CPU"),
    ("CPU of", "CPU von"),
    (" parties", " Parteien"),
    ("the floor of", "der Boden von"),
    (" s wall", " s Uhrzeit"),
    (", reading ", ", Lesen von "),
    (" bytes", " Byte"),
    ("its time, without building the game", "seine Zeit, ohne das Spiel zu bauen"),
    ("its time", "seine Zeit"),
    ("10 alone and a bloc of 10", "10 einzeln und ein Block von 10"),
    ("one bloc of 19", "ein Block von 19"),
    ("a pair and 18 alone", "ein Paar und 18 einzeln"),
    ("2 blocs of 10, mixed", "2 Blöcke von 10, gemischt"),
    ("blocs of", "Blöcke von"),
    ("nucleolus, random", "Nukleolus, zufällig"),
    ("nucleolus, convex", "Nukleolus, konvex"),
    ("(size^", "(Größe^"),
    ("(weights^", "(Gewichte^"),
    ("Kohlberg's criterion", "Kriterium von Kohlberg"),
    ("apart", "Abstand"),
    ("worth of all groups", "Wert aller Gruppen"),
    ("30 lines", "30 Zeilen"),
    ("variance by chance to Sobol", "Varianz bei Zufall zu Sobol"),
    (", mean |", ", Mittelwert |"),
    ("CPU von a run", "CPU eines Laufs"),
    ("by chance", "bei Zufall"),
    ("by Sobol", "bei Sobol"),
    ("at least", "mindestens"),
    ("**missed**", "**verfehlt**"),
)  # fmt: skip
GERMAN_HEADS = ("Was", "Marke", "Gemessen", "Uhrzeit", "CPU", "Daneben")


def german(table: str) -> str:
    """Return a table with its words and marks in German."""
    for phrase, said in GERMAN:
        table = table.replace(phrase, said)
    swapped = str.maketrans(",.", ".,")
    return (
        re.sub(r"\d[\d.,]*\d", lambda found: found[0].translate(swapped), table)
        .replace("10,000 Szenarien", "10.000 Szenarien")
        .replace("1,000,000,", "1.000.000,")
    )


def write_pages(about: str, found: list) -> None:
    """Put the table between its marks in both languages."""
    tables = {"en": markdown(found), "de": german(markdown(found, GERMAN_HEADS))}
    for lang, table in tables.items():
        page = ROOT / "docs" / lang / "performance.md"
        text = page.read_text(encoding="utf-8")
        begin, end = "<!-- begin ventures -->", "<!-- end ventures -->"
        head, _mark, rest = text.partition(begin)
        tail = rest.partition(end)[2]
        page.write_text(f"{head}{begin}\n\n{about}\n\n{table}\n\n{end}{tail}", encoding="utf-8")


def main() -> int:
    """Measure, print, write the pages if wanted; return the exit code."""
    load = os.getloadavg()[0]
    about = (
        f"{datetime.now(UTC):%Y-%m-%d} · {os.cpu_count()} CPU · Python {platform.python_version()} · "
        f"NumPy {np.__version__} · load {load:.1f}"
    )
    print(about)
    found = tell(
        chain(bench_venture.rows(), bench_risk.rows(), bench_split.rows(), bench_sobol.rows())
    )
    if "--docs" in sys.argv:
        write_pages(about, found)
    missed = [row for row in found if row.missed]
    print(f"{len(found)} figures, {len(missed)} missed" + "".join(f"\n  {r.what}" for r in missed))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
