"""Charts of a room's result as Vega-Lite specifications, each with a table that says the same.

The builders are pure: figures and names in, plain dictionaries out. In the colours of `PAPER`
they serve documents; in those of `PAGE` they follow the colour scheme of a web page.
"""

from __future__ import annotations

from mutualist.library.charts.butterfly import butterfly
from mutualist.library.charts.dumbbell import Line, dumbbells
from mutualist.library.charts.heat import Abilities, heat_strip
from mutualist.library.charts.kinds import SCORE_OF_KIND, THRESHOLDS, bars_of_kinds
from mutualist.library.charts.ladder import Step, ladder
from mutualist.library.charts.model import PAGE, PAPER, Chart, Language, Palette, Table, number
from mutualist.library.charts.waterfall import Portion, waterfall

__all__ = [
    "PAGE",
    "PAPER",
    "SCORE_OF_KIND",
    "THRESHOLDS",
    "Abilities",
    "Chart",
    "Language",
    "Line",
    "Palette",
    "Portion",
    "Step",
    "Table",
    "bars_of_kinds",
    "butterfly",
    "dumbbells",
    "heat_strip",
    "ladder",
    "number",
    "waterfall",
]
