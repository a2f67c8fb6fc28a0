"""Two workers write the weekly mails at the same instant: everybody gets exactly one."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from apps.letters.rules import begin_with_certificates
from apps.rooms.test_races import at_once
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.letters import weekly
from mutualist.apps.letters.models import Sent
from mutualist.apps.programme.models import Contact, FactRow

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
WORKERS = 3


@pytest.fixture
def cast(transactional_db: None):
    from apps.rooms.cast import make_cast

    return make_cast()


def test_several_workers_send_each_mail_of_a_week_once(channel):
    Contact.objects.update(created_at=MONDAY - dt.timedelta(days=7))
    begin_with_certificates(channel)
    for relation in (channel.tauwerk, channel.grauwerk):
        FactRow.objects.create(
            relation=relation,
            table="sales",
            external_id="S-2",
            day=dt.date(2026, 2, 1),
            values={"day": "2026-02-01", "customer": "Alpha", "amount": "60000"},
        )
    for week in range(1, 4):
        OutboxMail.objects.all().delete()
        moment = MONDAY + dt.timedelta(days=7 * (week - 1))
        found = at_once(*(lambda at=moment: weekly.run(at) for _ in range(WORKERS)))
        assert [one for one in found if not isinstance(one, int)] == [], found
        sent = Counter(OutboxMail.objects.values_list("to", flat=True))
        assert set(sent.values()) == {1}, sent
        assert {"clara@tauwerk.example", "dora@grauwerk.example"} <= set(sent)
        assert sum(found) == len(sent), "each worker counts what it wrote itself"
        assert Sent.objects.filter(kind="weekly", went=True).count() == 2 * week
