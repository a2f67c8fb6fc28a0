"""The weekly mails: once a week, only if there is something to say, in the reader's language, stopped in one click."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from apps.programme.cast import browser
from mutualist.apps.core.clock import stopped_at
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.outbox import message_of
from mutualist.apps.letters import notices, weekly
from mutualist.apps.letters.actions import choose_weekly, save_post
from mutualist.apps.letters.models import Sent
from mutualist.apps.programme.actions.joining import accept_agreement, add_agreement
from mutualist.apps.programme.actions.levels import settle_all
from mutualist.apps.programme.models import Contact, FactRow

pytestmark = pytest.mark.django_db
#: A Monday, an hour after the mails begin to go.
MONDAY = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def day():
    with stopped_at(MONDAY):
        yield


@pytest.fixture
def old(channel):
    """The channel, with contacts that were there before this week."""
    Contact.objects.update(created_at=MONDAY - WEEK)
    OutboxMail.objects.all().delete()
    return channel


def sell(relation, amount="60000", day=dt.date(2026, 2, 1), number="S-1"):
    FactRow.objects.create(
        relation=relation,
        table="sales",
        external_id=number,
        day=day,
        values={"day": day.isoformat(), "customer": "Alpha", "amount": amount},
    )


def mails(to="clara@tauwerk.example"):
    return [one.letter for one in OutboxMail.objects.filter(to=to).order_by("pk")]


def test_a_partner_reads_what_runs_out_and_opens_each_line_without_a_login(old):
    sell(old.tauwerk)
    assert weekly.run() == 1
    (letter,) = mails()
    assert letter["subject"] == (
        "Nordwerk Partner: 01.02.2027: Silber geht verloren, wenn nichts geschieht."
    )
    assert "- Partner, 60 Punkte" in letter["text"]
    assert "Guten Tag, Clara" in letter["text"]
    assert "60 Punkte" in letter["text"]
    addresses = re.findall(r"http\S+/p/\S+", letter["text"])
    assert addresses
    for address in set(addresses):
        path = "/p/" + address.partition("/p/")[2]
        assert Client().get(path).status_code == 200


def test_an_english_reader_reads_english(old):
    Contact.objects.filter(pk=old.contact.pk).update(language="en")
    sell(old.tauwerk)
    weekly.run()
    (letter,) = mails()
    assert "Hello Clara" in letter["text"]
    assert "Runs out in the next 90 days" in letter["text"]
    assert "Silver is lost if nothing happens" in letter["text"]
    assert "Silber" not in letter["text"]


def test_it_goes_once_a_week_however_often_the_clock_strikes(old):
    sell(old.tauwerk)
    assert [weekly.run(), weekly.run(MONDAY + WEEK / 2), weekly.run(MONDAY + WEEK)] == [1, 0, 1]
    assert len(mails()) == 2


def test_a_worker_killed_in_the_middle_leaves_no_mail_and_the_next_sends_it(old, monkeypatch):
    sell(old.tauwerk)

    def killed(*_args, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(weekly, "send_mail_template", killed)
        with pytest.raises(KeyboardInterrupt):
            weekly.run()
    assert not Sent.objects.filter(kind="weekly", contact=old.contact).exists()
    weekly.run()
    assert len(mails()) == 1


def test_where_nothing_is_to_be_said_there_is_no_mail(old):
    assert weekly.run() == 0
    assert Sent.objects.filter(kind="weekly", went=False).count() == 2


def test_what_changed_is_told_a_week_later(old):
    weekly.run()
    sell(old.tauwerk, "80000", dt.date(2026, 11, 24))
    with stopped_at(MONDAY + WEEK):
        settle_all()
        # Of Grauwerk nothing changed.
        assert weekly.run() == 1
        text = mails()[-1]["text"]
    assert "Partner → Silber" in text
    assert "0 → 80 (+80)" in text
    assert "Umsatz: +80" in text
    assert all("Silber" not in one["subject"] for one in mails("dora@grauwerk.example"))


def test_before_monday_morning_and_for_the_new_nothing_goes(channel):
    sell(channel.tauwerk)
    assert weekly.run(MONDAY - dt.timedelta(hours=2)) == 0
    # Clara was named today, after the mails of this week had begun.
    Contact.objects.update(created_at=MONDAY)
    assert weekly.run(MONDAY + WEEK / 2) == 0


def test_a_mail_program_stops_it_in_one_click_and_nobody_elses(old):
    sell(old.tauwerk)
    sell(old.grauwerk)
    weekly.run()
    mail = OutboxMail.objects.get(to="clara@tauwerk.example")
    headers = message_of(mail).extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    path = "/mails/stop/" + address.partition("/mails/stop/")[2]
    visitor = Client(enforce_csrf_checks=True)
    # A scanner that opens links stops nothing.
    assert visitor.get(path).status_code == 200
    assert weekly.run(MONDAY + WEEK) == 2
    assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert weekly.run(MONDAY + 2 * WEEK) == 1
    assert len(mails()) == 2
    assert len(mails("dora@grauwerk.example")) == 3
    assert visitor.post(path[:-4] + "xyz/").status_code == 404


def test_who_stopped_it_can_order_it_again(old):
    sell(old.tauwerk)
    path = old.link(to="calendar/")
    assert browser().post(path, {"weekly": "stop"}).status_code == 200
    assert weekly.run() == 0
    assert (
        "wöchentliche Mail dieses Programms"
        in browser().get(path, headers={"accept-language": "de"}).content.decode()
    )
    assert browser().post(path, {"weekly": "order"}).status_code == 200
    assert weekly.run(MONDAY + WEEK) == 1


def test_the_vendor_switches_it_off_and_readers_do_not(old):
    sell(old.tauwerk)
    with pytest.raises(NotAllowed):
        save_post(standing=old.ben, partners=False, vendor=False)
    with pytest.raises(NotAllowed):
        save_post(standing=old.clara, partners=False, vendor=False)
    with pytest.raises(NotAllowed):
        choose_weekly(standing=old.clara, wanted=False)
    page = f"/programmes/{old.programme.uid}/mails/"
    assert browser(old.cast.anna).post(page, {"vendor": "on"}).status_code == 302
    assert weekly.run() == 0


def test_the_vendor_sees_what_a_partner_would_read_without_a_key_to_its_page(old):
    sell(old.tauwerk)
    page = f"/programmes/{old.programme.uid}/mails/"
    seen = browser(old.cast.anna).get(page, {"partner": str(old.tauwerk.uid)}).content.decode()
    assert "Silver is lost if nothing happens" in seen
    assert "/p/" not in seen
    none = browser(old.cast.anna).get(page, {"partner": str(old.grauwerk.uid)}).content.decode()
    assert "would get no mail" in none
    assert browser(old.cast.dora).get(page).status_code == 404
    strange = browser(old.cast.anna).get(page, {"partner": "none"})
    assert strange.status_code == 404


def test_the_channel_manager_reads_at_most_five_lines_each_with_a_button(old):
    sell(old.tauwerk)
    notices.run()
    OutboxMail.objects.all().delete()
    weekly.run()
    (letter,) = mails("anna@example.org")
    assert letter["text"].count("\n- ") <= 5
    assert "1 partner loses a level within 90 days" in letter["text"]
    assert f"/programmes/{old.programme.uid}/calendar/" in letter["html"]
    assert mails("ben@example.org") == []
    weekly.run(MONDAY + WEEK / 2)
    assert len(mails("anna@example.org")) == 1


def test_a_fall_is_told_90_30_and_7_days_before_once_each(old):
    sell(old.tauwerk, "100000", dt.date(2026, 2, 10))
    days = [
        dt.date(2026, 11, 1),
        dt.date(2026, 11, 20),
        dt.date(2026, 12, 1),
        dt.date(2027, 1, 15),
        dt.date(2027, 2, 5),
        dt.date(2027, 2, 6),
    ]
    told = []
    for day in days:
        with stopped_at(dt.datetime.combine(day, dt.time(12), dt.UTC)):
            told.append(notices.run())
    assert told == [0, 1, 0, 1, 1, 0]
    letter = mails()[-1]
    assert letter["subject"] == "Nordwerk Partner: Gold halten, Verlust am 10.02.2027"
    assert "Umsätze" in letter["text"]
    assert mails("dora@grauwerk.example") == []


def test_an_agreement_to_accept_is_told_once_and_not_to_whoever_accepted(old):
    add_agreement(standing=old.anna, title="Agreement", text="We keep promises.")
    accept_agreement(standing=old.dora, number=1)
    OutboxMail.objects.all().delete()
    assert [notices.run(), notices.run()] == [1, 0]
    (letter,) = mails()
    assert "/agreement/" in letter["text"]
    assert mails("dora@grauwerk.example") == []
