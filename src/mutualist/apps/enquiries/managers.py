"""Which enquiries somebody may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from mutualist.apps.enquiries.models import Enquiry, Offer  # noqa: F401
    from mutualist.apps.programme.public import Standing


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Enquiries of a programme."""

    def visible_to(self, standing: Standing) -> EnquiryQuerySet:
        """All of the own programme for its vendor; partners see offers, never enquiries."""
        if standing.side != "vendor":
            return self.none()
        return self.filter(programme=standing.programme)


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers to partners."""

    def visible_to(self, standing: Standing) -> OfferQuerySet:
        """All of the own programme for its vendor, for a partner those made to it."""
        found = self.filter(enquiry__programme=standing.programme)
        return found if standing.side == "vendor" else found.filter(relation=standing.relation or 0)
