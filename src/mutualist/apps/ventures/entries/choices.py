"""Words for the kinds of things in a venture file, as people choose them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

UNITS = ("money", "money/piece", "pieces", "hours", "money/hour", "share")
PERIOD_UNITS = (("month", _("Months")), ("quarter", _("Quarters")), ("year", _("Years")))
LINE_KINDS = (
    ("revenue", _("Revenue")),
    ("saving", _("Costs saved")),
    ("cost", _("Running cost")),
    ("investment", _("Investment")),
    ("resale", _("Revenue from reselling")),
    ("purchase", _("Goods bought to resell")),
    ("selling", _("Cost of reselling")),
)
TERM_TYPES = (
    ("share", _("Share of a line")),
    ("per_unit", _("Price per unit")),
    ("fixed", _("Fixed sum in each period")),
    ("hourly", _("Hours at a rate")),
    ("reimbursement", _("Costs paid back")),
    ("milestone", _("Milestone, paid once")),
    ("equity", _("Stakes")),
)
OPTION_TYPES = (("stop", _("Stop")), ("buy_out", _("Buy out")), ("step_in", _("Step in")))
WAYS = (
    ("quantiles", _("Low, middle, high")),
    ("range", _("Least, most likely, most")),
    ("moments", _("Average and swing")),
    ("value", _("One certain value")),
)
FAMILIES = (
    ("", _("Chosen for you")),
    ("pert", _("Soft peak (PERT)")),
    ("triangular", _("Triangle")),
    ("normal", _("Bell curve (normal)")),
    ("lognormal", _("Long end (lognormal)")),
    ("uniform", _("All alike (uniform)")),
    ("constant", _("No spread (constant)")),
)
POINTS: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "quantiles": (
        ("low", _("Low: 1 of 10 below")),
        ("likely", _("Middle")),
        ("high", _("High: 1 of 10 above")),
    ),
    "range": (("min", _("Least")), ("mode", _("Most likely")), ("max", _("Most"))),
    "moments": (("mean", _("Average")), ("sd", _("Swing (standard deviation)"))),
    "value": (("value", _("Value")),),
}
PROFILE_KINDS = (
    ("ramp", _("Start-up: rises or falls in a straight line")),
    ("growth", _("Growth in per cent a year")),
    ("seasons", _("Seasons that repeat")),
    ("values", _("A factor for each period")),
)
OVER = (("", _("each period")), ("year", _("each year")), ("total", _("the whole time")))
EACH = (("", _("once")), ("period", _("anew in each period")))
