"""What ratings show on a partner's page, and what they give the rules to count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import today
from mutualist.apps.programme.doors import partner_url
from mutualist.apps.programme.public import (
    News,
    Section,
    Standing,
    Tab,
    active_partners,
    counters,
    more_facts,
    news,
    partner_cards,
    sections,
    tabs,
)
from mutualist.apps.ratings.models import Rating
from mutualist.apps.ratings.presenters import promises_told, told
from mutualist.apps.ratings.promising import promise_rows
from mutualist.apps.ratings.queries import rating_rows, rounds_of
from mutualist.domain.programme.rating import half_year_of

#: A half-year is to be rated in its last weeks.
SOON = timedelta(days=30)


def shown(standing: Standing, relation: int) -> Section | None:
    """Return how both sides see their work, and whether it is one's turn."""
    if standing.side == "vendor":
        (card,) = partner_cards(standing, ids=[relation])
        named = {"programme": standing.programme_uid, "relation": card.uid}
        address = reverse("ratings:rate", kwargs=named)
    else:
        address = partner_url(standing, "ratings:own")
    content = {**told(standing, relation), "rate_url": address, "writes": standing.writes}
    return Section("ratings", "ratings/_section.html", content)


def promised(standing: Standing, relation: int) -> Section | None:
    """Return promises beside what happened; both sides see the same."""
    told_promises = promises_told(standing, relation)
    if not told_promises:
        return None
    return Section("promises", "ratings/_promises.html", {"promises": told_promises})


def news_of(standing: Standing, first: date, last: date) -> list[News]:
    """Return that the vendor can be rated, in the last weeks of a half-year."""
    period = half_year_of(first)
    if period.closes > last or period.closes - first > SOON or standing.relation is None:
        return []
    if "partner" in rounds_of(standing, standing.relation)[0].given:
        return []
    day = date_format(period.closes, "SHORT_DATE_FORMAT")
    said = gettext("Your rating of the vendor counts for both sides until {day}").format(day=day)
    return [News(said, gettext("Rate now"), "rating/")]


def to_rate(standing: Standing) -> list[tuple[Any, int, str]]:
    """Return how many partners the vendor has not rated in the last weeks of a half-year."""
    period = half_year_of(today())
    if period.closes - today() > SOON:
        return []
    rated = Rating.objects.filter(
        round__relation__programme=standing.programme, round__period=period.id, side="vendor"
    ).count()
    count = active_partners(standing).count() - rated
    if count <= 0:
        return []
    text = ngettext("%(count)s partner to rate", "%(count)s partners to rate", count)
    return [
        (text % {"count": count}, count, reverse("ratings:promises", args=[standing.programme_uid]))
    ]


def register() -> None:
    """Name them where programmes look for such things."""
    sections.append(shown)
    sections.append(promised)
    more_facts.append(rating_rows)
    more_facts.append(promise_rows)
    tabs.append(Tab("promises", _("Promises"), "ratings:promises"))
    news.append(news_of)
    counters.append(to_rate)
