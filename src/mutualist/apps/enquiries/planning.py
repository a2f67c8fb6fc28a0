"""Who would get which of the open enquiries, if all were handed out at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from mutualist.apps.core.clock import today
from mutualist.apps.enquiries import queries
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.programme.public import Standing, levels_of
from mutualist.domain.programme.routing import Candidate, assign, route
from mutualist.library.routing import Routing

#: So many are handed out in one go, the oldest first.
MOST = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """Open enquiries with who would get them, the oldest first.

    Attributes
    ----------
    mark
        Changes with whatever changes the plan, so that only what was looked at is done.
    left
        How many more are open than one go takes.
    """

    rows: tuple[Enquiry, ...]
    routing: Routing
    mark: str
    left: int

    @property
    def pairs(self) -> list[tuple[Enquiry, Candidate | None]]:
        """Each enquiry with its partner; None where nobody able is free."""
        return list(zip(self.rows, self.routing.assignment.chosen, strict=True))

    def failed(self, at: int) -> dict[str, int]:
        """Return how many partners fail which condition of an enquiry first."""
        return dict(route(self.routing.field, self.routing.enquiries[at], 1).failed)

    def why(self, at: int) -> dict[str, Any]:
        """Return why a partner would get an enquiry, as an offer keeps it."""
        asked, chosen = self.routing.enquiries[at], self.routing.assignment.chosen[at]
        told: dict[str, Any] = {
            "weights": self.routing.field.weights.version,
            "by_hand": False,
            "able": self.routing.assignment.able[at],
            "failed": self.failed(at),
            "beside": [
                [one.name, one.code, dict(one.values)] for one in self.routing.others(asked, chosen)
            ],
        }
        if chosen is not None:
            told |= {"score": chosen.score, "km": chosen.km, "parts": dict(chosen.parts)}
        return told


def plan_for(standing: Standing) -> Plan:
    """Return who would get which enquiry that nobody is asked for at present."""
    waiting = queries.board(standing).filter(status="received").order_by("created_at", "pk")
    rows = tuple(waiting.prefetch_related("offers")[:MOST])
    levels = levels_of(standing.programme, today())
    asked = tuple(queries.asked(row, levels) for row in rows)
    field = queries.field_of(standing.programme)
    routing = Routing(field, asked, assign(field, asked))
    told = [
        f"{row.pk}:{row.version}:{one.partner if one else '-'}"
        for row, one in zip(rows, routing.assignment.chosen, strict=True)
    ]
    mark = hashlib.sha256("|".join(told).encode()).hexdigest()[:16]
    return Plan(rows, routing, mark, max(0, waiting.count() - len(rows)))
