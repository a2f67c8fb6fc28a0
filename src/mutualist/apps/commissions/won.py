"""Won projects that have no invoice yet: each becomes one with a click, and only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mutualist.apps.commissions.models import Invoice
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects.public import WonProject, won_projects

#: The product a won project is booked as, where the rules know it.
PRODUCT = "project"


def number_of(project: WonProject) -> str:
    """Return the number its invoice has: one project is booked once."""
    return f"P-{project.reference}"


@dataclass(frozen=True, slots=True)
class Won:
    """A won project beside the partner that registered it."""

    project: WonProject
    partner: str

    def initial(self) -> Mapping[str, Any]:
        """Return the invoice as it is proposed; a second registrant's part of the terms is its part of the amount."""
        project = self.project
        amount = ""
        if project.amount:
            part = Decimal(project.amount) * project.share / 100
            amount = f"{part.quantize(Decimal('0.01')):f}"
        return {
            "number": number_of(project),
            "day": project.won_on,
            "amount": amount,
            "currency": project.currency or "EUR",
            "product": PRODUCT,
            "partner": self.partner,
            "customer": project.customer[:120],
            "units": "1",
            "months": 1,
        }


def open_won(standing: Standing) -> list[Won]:
    """Return won projects without an invoice, newest first."""
    partners = partners_of(standing)
    found = [one for one in won_projects(standing) if one.relation in partners]
    numbers = [number_of(one) for one in found]
    booked = set(
        Invoice.objects.visible_to(standing)
        .filter(number__in=numbers, voided_at__isnull=True)
        .values_list("number", flat=True)
    )
    return [Won(one, partners[one.relation].name) for one in found if number_of(one) not in booked]
