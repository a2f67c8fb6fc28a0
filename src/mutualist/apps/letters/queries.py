"""Read letters: who is written to, what was sent, which calendars there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.letters.models import Feed, Outlook, Post, Quiet, Sent
from mutualist.apps.programme.public import Standing, programme_name, vendor_people, vendor_standing

#: Weekly mails go on Mondays from this hour on.
HOUR = 6


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the vendor, to be written to, with what they may see."""

    user: int
    name: str
    email: str
    language: str
    standing: Standing


def post_of(programme: int) -> Post:
    """Return which mails a programme sends; all where nobody said anything."""
    return Post.objects.filter(programme=programme).first() or Post(programme_id=programme)


def monday_of(moment: datetime) -> datetime:
    """Return when the weekly mails of a moment's week begin to go."""
    local = timezone.localtime(moment)
    day = local.date() - timedelta(days=local.weekday())
    return timezone.make_aware(datetime.combine(day, time(HOUR)), local.tzinfo)


def week_key(day: date) -> str:
    """Return the name of a week, such as 2026-W48."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def last_figures(contact: int) -> dict[str, str]:
    """Return the figures of the last weekly mail of a contact, also of one that had nothing to say."""
    last = Sent.objects.filter(contact=contact, kind="weekly").first()
    return last.figures if last else {}


def quiet_contacts(programme: int) -> set[int]:
    """Return the contacts that want no weekly mail."""
    found = Quiet.objects.filter(programme=programme).exclude(contact=None)
    return set(found.values_list("contact_id", flat=True))


def readers(programme: int) -> list[Reader]:
    """Return the owners and members of the vendor who want the weekly mail."""
    uid = programme_name(programme).uid
    mails = [one.email for one in vendor_people(programme)]
    quiet = Quiet.objects.filter(programme=programme).exclude(user=None).values("user")
    users = User.objects.filter(email__in=mails, is_active=True).exclude(pk__in=quiet)
    found = []
    for user in users.order_by("pk"):
        actor = actor_of(user)
        try:
            standing = vendor_standing(actor, uid)
        except NotAllowed:
            # Their role waits until a second factor is set up; the others get their mail meanwhile.
            continue
        found.append(Reader(user.pk, user.name, user.email, user.language, standing))
    return found


def losses(standing: Standing, until: date) -> QuerySet[Outlook]:
    """Return the levels that are lost by a day, soonest first: of all partners, or the own one."""
    found = Outlook.objects.filter(relation__programme=standing.programme, day__lte=until)
    if standing.side != "vendor":
        found = found.filter(relation=standing.relation or 0)
    return found.select_related("relation")


def whose(standing: Standing) -> Q:
    """Return the condition for rows of the person who asks, in the programme they stand in."""
    mine = (
        Q(contact=standing.contact)
        if standing.contact is not None
        else Q(user=standing.actor.user_id or 0)
    )
    side = Q(relation=standing.relation) if standing.side == "partner" else Q(relation=None)
    return Q(programme=standing.programme) & mine & side


def feeds_of(standing: Standing) -> list[Feed]:
    """Return the calendars of the person who asks that still work, newest first."""
    return list(Feed.objects.filter(whose(standing), revoked_at=None))


def is_quiet(standing: Standing) -> bool:
    """Whether the person who asks wants no weekly mail."""
    found = Quiet.objects.filter(programme=standing.programme)
    if standing.contact is not None:
        return found.filter(contact=standing.contact).exists()
    return found.filter(user=standing.actor.user_id or 0).exists()


def sent_lately(standing: Standing, since: datetime) -> dict[str, Any]:
    """Return how many mails went since a moment, and how many had nothing to say."""
    found = Sent.objects.filter(programme=standing.programme, sent_at__gte=since)
    weekly = found.filter(kind="weekly").exclude(contact=None)
    return {
        "weekly": weekly.filter(went=True).count(),
        "silent": weekly.filter(went=False).count(),
        "falls": found.filter(kind="fall").count(),
    }
