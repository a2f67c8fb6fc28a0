"""What a draft of the rules would have paid for invoices that are booked: nobody is paid by a preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions.booking import as_invoice
from mutualist.apps.commissions.books import language
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission import CommissionError, CommissionRules, Credit, earn

#: So many of the newest invoices are computed anew.
MOST = 20


@dataclass(frozen=True, slots=True)
class Would:
    """One earning: as it was booked, and as the draft would have it, or why that cannot be."""

    number: str
    partner: str
    currency: str
    booked: int
    drafted: int
    problem: str = ""

    @property
    def change(self) -> int:
        """Return by how much the draft differs."""
        return self.drafted - self.booked


def preview(standing: Standing, draft: CommissionRules) -> list[Would]:
    """Return what the newest invoices would have earned by a draft, as if it had been in force; caps as if unused."""
    always = replace(draft, first=date.min, last=None)
    partners = partners_of(standing)
    found: list[Would] = []
    for row in queries.invoices(standing, state="booked")[:MOST]:
        earnings = list(row.earnings.all())
        credited = [
            Credit(str(one.relation_id), Fraction(one.share), one.level) for one in earnings
        ]
        try:
            made = earn(as_invoice(row), always, credited)
        except CommissionError as error:
            said = "; ".join(problem.message(language()) for problem in error.problems)
            found += [
                Would(row.number, partners[one.relation_id].name, one.currency, one.amount, 0, said)
                for one in earnings
            ]
            continue
        found += [
            Would(
                row.number, partners[one.relation_id].name, part.currency, one.amount, part.amount
            )
            for one, part in zip(earnings, made.parts, strict=True)
        ]
    return found
