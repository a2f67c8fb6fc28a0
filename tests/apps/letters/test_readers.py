"""Who of the vendor is written to, and what it is told of the mails that went."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.rooms.cast import person
from mutualist.apps.core.clock import now
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import Membership, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.letters import queries
from mutualist.apps.letters.actions import choose_weekly
from mutualist.apps.letters.models import Sent
from mutualist.apps.programme.public import vendor_standing

pytestmark = pytest.mark.django_db


def names(channel):
    return [one.name for one in queries.readers(channel.programme.pk)]


def joins(channel, name, role="member"):
    user = person(name, "de")
    Membership.objects.create(user=user, organisation=channel.cast.nordwerk, role=role)
    return user


def ask_for_second_factor(channel):
    firm = channel.cast.nordwerk
    firm.requires_second_factor = True
    firm.save(update_fields=["requires_second_factor"])


def test_owners_and_members_who_want_it_are_written_to(channel):
    mara = joins(channel, "Mara")
    gone, quiet = joins(channel, "Gone"), joins(channel, "Quiet")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    choose_weekly(standing=vendor_standing(actor_of(quiet), channel.programme.uid), wanted=False)
    first, second = queries.readers(channel.programme.pk)
    assert (first.name, first.standing) == ("Anna", channel.anna)
    assert (second.user, second.name, second.email, second.language) == (
        *(mara.pk, "Mara"),
        *("mara@example.org", "de"),
    )
    assert second.standing.writes
    assert not second.standing.manages


def test_who_has_yet_to_set_up_a_second_factor_waits_and_keeps_nobody_else_from_a_mail(
    channel, monkeypatch
):
    """Anna has a role in another firm as well, which asks for nothing; that one opens no programme of this firm."""
    mara = joins(channel, "Mara")
    identity.create_organisation("Anna Beratung", actor=actor_of(User.objects.get(name="Anna")))
    assert names(channel) == ["Anna", "Mara"]
    ask_for_second_factor(channel)
    assert names(channel) == []
    monkeypatch.setattr(
        "mutualist.apps.identity.queries.has_second_factor", lambda user: user == mara.pk
    )
    assert names(channel) == ["Mara"]


def test_mails_of_the_last_days_are_counted_by_what_they_were(channel):
    since = now() - dt.timedelta(days=7)
    contact = channel.contact

    def sent(count, kind="weekly", went=True, **more):
        values = {"contact": contact, "programme": channel.programme, **more}
        for _at in range(count):
            key = f"{Sent.objects.count()}"
            Sent.objects.create(kind=kind, went=went, key=key, **values)

    sent(3)
    sent(2, went=False)
    sent(4, "fall")
    sent(1, contact=None)
    sent(5, sent_at=since - dt.timedelta(seconds=1))
    assert queries.sent_lately(channel.anna, since) == {"weekly": 3, "silent": 2, "falls": 4}


def test_figures_of_the_last_weekly_mail_are_those_of_the_latest(channel):
    assert queries.last_figures(channel.contact.pk) == {}
    for number, kind in enumerate(("weekly", "weekly", "fall")):
        Sent.objects.create(
            programme=channel.programme,
            contact=channel.contact,
            key=str(number),
            kind=kind,
            figures={"number": number},
            sent_at=now() + dt.timedelta(minutes=number),
        )
    assert queries.last_figures(channel.contact.pk) == {"number": 1}
    assert queries.last_figures(channel.rival_contact.pk) == {}


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        ("2026-11-23T05:59+01:00", "2026-11-23T06:00+01:00"),
        ("2026-11-23T00:00+01:00", "2026-11-23T06:00+01:00"),
        ("2026-11-29T23:59+01:00", "2026-11-23T06:00+01:00"),
        # The clocks were put back on the Sunday before.
        ("2026-10-26T12:00+01:00", "2026-10-26T06:00+01:00"),
        ("2026-10-25T12:00+01:00", "2026-10-19T06:00+02:00"),
    ],
)
def test_a_week_of_mails_begins_on_monday_at_six(moment, begins):
    found = queries.monday_of(dt.datetime.fromisoformat(moment))
    assert found == dt.datetime.fromisoformat(begins)


def test_weeks_are_named_as_the_calendar_does():
    days = (dt.date(2026, 11, 23), dt.date(2027, 1, 3), dt.date(2027, 1, 4))
    assert [queries.week_key(day) for day in days] == ["2026-W48", "2026-W53", "2027-W01"]
