"""What stands in the calendar of somebody's side: their own days, and of partners the own one's only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.mail import absolute
from mutualist.apps.core.tokens import digest
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.letters.models import Feed
from mutualist.apps.letters.queries import losses
from mutualist.apps.programme.public import (
    Day,
    Standing,
    all_rules,
    contact_standing,
    days,
    endings_of,
    next_reviews,
    partner_standing,
    vendor_standing,
)
from mutualist.library.days_calendar import Entry, days_calendar

#: How far back and ahead a calendar tells; and how many days at most.
BACK, AHEAD = timedelta(days=30), timedelta(days=400)
MOST = 2000


def calendar_of(token: str) -> bytes:
    """Return the calendar behind a secret address, in the language it was made in.

    Raises
    ------
    NotAllowed
        If there is no such address, it was revoked, or whoever made it has no right any more.
    """
    feed = Feed.objects.filter(digest=digest(token), revoked_at=None).first()
    if feed is None:
        raise NotAllowed
    standing = _standing(feed)
    if feed.read_on != today():
        Feed.objects.filter(pk=feed.pk).update(read_on=today())
    with translation.override(feed.language):
        first, last = today() - BACK, today() + AHEAD
        entries = [
            Entry(one.key, one.day, one.text, absolute(one.path) if one.path else "")
            for one in days_of(standing, first, last, feed.language)[:MOST]
        ]
        return days_calendar(standing.programme_name, entries, now())


def _standing(feed: Feed) -> Standing:
    if feed.contact_id is not None:
        return contact_standing(feed.contact_id, feed.language)
    user = User.objects.filter(pk=feed.user_id or 0, is_active=True).first()
    if user is None:
        raise NotAllowed
    actor = actor_of(user, language=feed.language)
    if feed.relation is not None:
        return partner_standing(actor, feed.relation.uid)
    return vendor_standing(actor, feed.programme.uid)


def days_of(standing: Standing, first: date, last: date, language: str) -> list[Day]:
    """Return what a side has between two days, earliest first, in the language that is active."""
    vendor = standing.side == "vendor"
    found: list[Day] = []
    if vendor:
        path = reverse("programme:reviews", args=[standing.programme_uid])
        found += [
            Day(f"review-{standing.programme_uid}-{day}", day, _("Review of levels"), path)
            for day in next_reviews(standing.programme, first, last)
        ]
    found += _falls(standing, first, last, language)
    for one in endings_of(standing, first, last, language):
        text = _("{fact} runs out").format(fact=one.text)
        found.append(Day(f"fact-{one.id}", one.day, text, _page(standing)))
    for tell in days:
        found += tell(standing, first, last)
    return sorted(found, key=lambda one: (one.day, one.key))


def _falls(standing: Standing, first: date, last: date, language: str) -> list[Day]:
    words = _words(standing.programme, language)
    found = []
    for row in losses(standing, last).filter(day__gte=first):
        level = words.get(row.level, row.level)
        text = _("{level} is lost if nothing happens").format(level=level)
        if standing.side == "vendor":
            text = f"{row.relation.name}: {text}"
        key = f"level-{row.relation.uid}-{row.level}"
        found.append(Day(key, row.day, text, _page(standing, row.relation)))
    return found


def _words(programme: int, language: str) -> dict[str, Any]:
    return {
        level.name: level.words.of(language)
        for rules in all_rules(programme)
        for level in rules.levels
    }


def _page(standing: Standing, relation: Any = None) -> str:
    if standing.side == "vendor":
        if relation is None:
            return reverse("programme:partners", args=[standing.programme_uid])
        return reverse("programme:partner", args=[standing.programme_uid, relation.uid])
    # A contact without an account comes by the links of mails: a calendar holds no key to the page.
    if standing.contact is not None:
        return ""
    return reverse("programme:own", kwargs={"relation": standing.relation_uid})
