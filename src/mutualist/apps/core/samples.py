"""Sample content of the style guide and of the start page: two fictional firms, as in the demo.

The scores, rules and conflicts are those of the first round of PumpenPuls in ``examples/``; the rest shows
how a component looks.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

PARTIES = ["Tauwerk", "Nordwerk"]


def _two_places(value: float) -> str:
    return number_format(value, 2)


_decimal = lazy(_two_places, str)


class SampleForm(forms.Form):
    """A form with one wrong answer, to show what a page says then."""

    name = forms.CharField(label=_("Name of the room"), help_text=_("As you speak of it."))
    seats = forms.IntegerField(label=_("Parties"), min_value=2, max_value=12)
    mode = forms.ChoiceField(
        label=_("Who answers?"),
        choices=[("alone", _("Alone")), ("two_sided", _("Two sides, or more"))],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=_("I may decide this"), required=False)


SAMPLES: MappingProxyType[str, Any] = MappingProxyType(
    {
        "parties": PARTIES,
        "room": {
            "name": "PumpenPuls",
            "url": "#",
            "mode": "two_sided",
            "state": "answering",
            "round": 1,
            "seats": ["Nordwerk", "Tauwerk"],
            "segments": {"A": (1, 1, 1, 1, 1, 1), "B": (1, 0.5, 0, 0, 0, 0)},
            "sealed": 1,
            "total": 2,
        },
        "kinds": [
            {"label": _("Supplier relationship"), "value": 85, "threshold": 50, "strong": True},
            {"label": _("Partnership"), "value": 47, "threshold": 60},
            {"label": _("Logo only"), "value": 40, "threshold": 50},
            {"label": _("Distribution relationship"), "value": 10, "threshold": 50},
        ],
        "rules": [
            {"code": "S1", "label": _("Tauwerk is paid by Nordwerk like a supplier"), "points": 30},
            {"code": "S2", "label": _("Money flows one way"), "points": 15},
            {"code": "S3", "label": _("Nordwerk alone decides on product and price"), "points": 10},
            {"code": "S5", "label": _("Nordwerk seeks price, a stopgap or supply"), "points": 15},
            {"code": "S6", "label": _("Tauwerk has no part in success"), "points": 15},
        ],
        "steps": [
            {"label": "0", "value": 47, "detail": _("as answered")},
            {"label": "①", "value": 57, "detail": _("Align the joint goal")},
            {"label": "②", "value": 63, "detail": _("Tauwerk shares in the revenue")},
            {"label": "③", "value": 64, "detail": _("Nordwerk bears its share of a loss")},
            {"label": "④", "value": 74, "detail": _("Name milestones and people")},
        ],
        "ladder": [
            {"value": "1", "label": _("Align the joint goal"), "gain": "47 → 57", "checked": True},
            {
                "value": "2",
                "label": _("Tauwerk shares in the revenue"),
                "gain": "57 → 63",
                "reason": _("At present it is paid by the piece, whatever the joint offer earns."),
            },
            {"value": "3", "label": _("Nordwerk bears its share of a loss"), "gain": "63 → 64"},
        ],
        "gates": [
            {
                "label": _("Joint goal"),
                "state": "not_met",
                "value": _decimal(0.49),
                "detail": _("the joint goals differ"),
            },
            {"label": _("Joint investment"), "state": "met", "value": _decimal(0.5)},
            {
                "label": _("Joint risk"),
                "state": "not_met",
                "value": _decimal(0.3),
                "detail": _("P3 missing"),
            },
        ],
        "dumbbells": [
            {
                "label": _("Years in the plan"),
                "values": [5, 2],
                "low": 0,
                "high": 10,
                "note": _("gap 3"),
                "apart": True,
            },
            {
                "label": _("Wanted share of the gain"),
                "values": [50, 80],
                "high": 100,
                "texts": ["50 %", "80 %"],
                "note": _("together 130 %"),
                "apart": True,
            },
            {
                "label": _("Months until a contract stands"),
                "values": [1, 7],
                "high": 12,
                "texts": ["1", "7"],
            },
        ],
        "points": [
            {"label": _("New joint offer"), "left": 60, "right": 40},
            {"label": _("Visibility, reference, funding"), "left": 15, "right": 30},
            {"label": _("Bridge a gap until we can do it ourselves"), "left": 0, "right": 30},
            {"label": _("Access to new customers"), "left": 25, "right": 0},
        ],
        "common": [_("New joint offer"), _("Visibility, reference, funding")],
        "complementary": [
            _("Nordwerk brings production and sales"),
            _("Tauwerk brings data and software"),
            _("Tauwerk needs access to customers, Nordwerk has it"),
        ],
        "opposed": [
            {"text": _("Stopgap versus long-term revenue"), "severity": 3, "detail": "C1"},
            {"text": _("Rights to results: both want all of them"), "severity": 3, "detail": "C3"},
            {"text": _("Exclusivity"), "severity": 2, "detail": "C2"},
            {"text": _("Horizon"), "severity": 1, "detail": "C7"},
        ],
        "questions": [
            {"number": 1, "label": _("Goal"), "state": "done", "url": "#questions"},
            {"number": 2, "label": _("Own goals"), "state": "done", "url": "#questions"},
            {"number": 3, "label": _("Contribution"), "state": "done", "url": "#questions"},
            {
                "number": 4,
                "label": _("Benefit"),
                "state": "part",
                "url": "#questions",
                "current": True,
            },
            {"number": 5, "label": _("Risk"), "state": "open", "url": "#questions"},
            {"number": 6, "label": _("Roadmap"), "state": "open", "url": "#questions"},
        ],
        "progress_a": ["done", "done", "done", "part", "open", "open"],
        "progress_b": ["done"] * 6,
        "timeline": [
            {"sentence": _("Nordwerk invited Tauwerk."), "when": "11.11."},
            {
                "sentence": _("Nordwerk sealed its answers."),
                "when": "14.11.",
                "detail": "7f3a 91c2",
            },
            {"sentence": _("Tauwerk is answering."), "when": _("now"), "state": "current"},
            {"sentence": _("Open together"), "when": "28.11.", "state": "open"},
        ],
        "choices": [
            ("build", _("build it ourselves")),
            ("other", _("another partner")),
            ("buy", _("buy it")),
            ("leave", _("leave it")),
            ("dont_know", _("I don't know")),
        ],
        "pledge": [("yes", _("yes")), ("if", _("yes, if they do")), ("no", _("no"))],
        "share": [
            {"name": "sg-p1", "label": _("New joint offer"), "value": 60},
            {"name": "sg-p2", "label": _("Access to new customers"), "value": 25},
            {"name": "sg-p3", "label": _("Visibility, reference, funding"), "value": 5},
        ],
        "capabilities": [
            {
                "label": label,
                "have_name": f"sg-h{i}",
                "have": have,
                "bring_name": f"sg-b{i}",
                "bring": bring,
                "need_name": f"sg-n{i}",
                "need": need,
            }
            for i, (label, have, bring, need) in enumerate(
                [
                    (_("Software"), 4, True, 0),
                    (_("Sales and customer access"), 1, False, 4),
                    (_("On-site service"), None, False, 3),
                ]
            )
        ],
        "levels": [
            _("none"),
            _("basic knowledge"),
            _("with help"),
            _("reliable"),
            _("better than the market"),
        ],
        "clauses": [
            _("We give at least six months' notice."),
            _("Both may name the cooperation and the joint customer."),
            _("Promised dates and payment terms (30 days) have consequences if we miss them."),
        ],
        "form": SampleForm({"name": "", "seats": "2", "mode": "two_sided"}, auto_id="sg-%s"),
        "page": Paginator(range(30), 10).page(2),
        "tabs": [
            {"label": _("Result"), "url": "#tabs", "current": True},
            {"label": _("Findings"), "url": "#tabs", "count": 9},
            {"label": _("Talk guide"), "url": "#tabs"},
        ],
    }
)
