"""What of the commissions a person may see: a vendor its programme, a partner its own relation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from mutualist.apps.programme.public import Standing


def _seen(standing: Standing, programme: str, relation: str) -> Q:
    if standing.side == "vendor":
        return Q(**{programme: standing.programme})
    return Q(**{programme: standing.programme, relation: standing.relation})


class OfProgramme(models.QuerySet[Any]):
    """Rows of the vendor's side alone: payment runs."""

    def visible_to(self, standing: Standing) -> Self:
        """Rows of the programme for its vendor, none for a partner."""
        if standing.side != "vendor":
            return self.none()
        return self.filter(programme=standing.programme)


class RuleQuerySet(models.QuerySet[Any]):
    """Versions of rules: they are open, partners read them as well."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme, for either side."""
        return self.filter(programme=standing.programme)


class InvoiceQuerySet(models.QuerySet[Any]):
    """Invoices."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme for its vendor; for a partner those that count for it."""
        if standing.side == "vendor":
            return self.filter(programme=standing.programme)
        mine = Q(programme=standing.programme, earnings__relation=standing.relation)
        return self.filter(mine).distinct()


class EarningQuerySet(models.QuerySet[Any]):
    """What partners earn."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme for its vendor, one's own for a partner."""
        return self.filter(_seen(standing, "invoice__programme", "relation"))


class EntryQuerySet(models.QuerySet[Any]):
    """Entries of the journal."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme for its vendor; for a partner those with a line of its own."""
        if standing.side == "vendor":
            return self.filter(programme=standing.programme)
        mine = Q(programme=standing.programme, lines__relation=standing.relation)
        return self.filter(mine).distinct()

    def adjusting(self, relation: int) -> Self:
        """Keep what was given to a partner or taken from it by hand."""
        return self.filter(kind="adjustment", lines__relation=relation).distinct()


class LineQuerySet(models.QuerySet[Any]):
    """Lines of the journal."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme for its vendor, one's own for a partner."""
        return self.filter(_seen(standing, "entry__programme", "relation"))


class PaymentQuerySet(models.QuerySet[Any]):
    """Payments."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme for its vendor, one's own for a partner."""
        return self.filter(_seen(standing, "run__programme", "relation"))


class StatementQuerySet(models.QuerySet[Any]):
    """Statements."""

    def visible_to(self, standing: Standing) -> Self:
        """All of the programme for its vendor, one's own for a partner."""
        return self.filter(_seen(standing, "programme", "relation"))
