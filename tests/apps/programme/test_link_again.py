"""Who comes with a link that has run out gets a new one by mail, and nobody else gets anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.programme.actions.links import AGAIN, renew_link
from mutualist.apps.programme.models import PartnerLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(channel):
    """The page of a partner by a link that has run out."""
    path = channel.link()
    long_ago = now() - timedelta(days=40)
    PartnerLink.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(days=30))
    OutboxMail.objects.all().delete()
    return path


def test_every_page_behind_it_offers_a_new_one_and_shows_nothing(channel, old):
    for page in ("", "projects/", "commissions/", "enquiries/", "calendar/", "people/", "levels/"):
        answer = Client().get(f"{old}{page}", headers={"accept-language": "en"})
        text = answer.content.decode()
        assert answer.status_code == 410, page
        assert "Send me a new link" in text
        assert channel.tauwerk.name not in text
        assert channel.programme.name not in text
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize(("language", "said"), [("de", "ist unterwegs"), ("en", "is on its way")])
def test_the_new_link_goes_to_the_address_on_record_and_opens_the_page(
    channel, old, language, said
):
    visitor = Client(headers={"accept-language": language})
    answer = visitor.post(f"{old}again/", follow=True)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    sent = OutboxMail.objects.get()
    assert sent.to == channel.contact.email
    new = next(word for word in sent.text.split() if "/p/" in word)
    assert Client().get("/p/" + new.split("/p/")[1]).status_code == 200
    assert channel.contact.email not in answer.content.decode()


def test_it_is_sent_once_however_often_it_is_asked_for(channel, old):
    moment = now()
    for after, mails in (
        (timedelta(0), 1),
        (AGAIN - timedelta(seconds=1), 1),
        (AGAIN + timedelta(seconds=1), 2),
    ):
        with stopped_at(moment + after):
            renew_link(token=old.split("/")[2], language="en")
        assert OutboxMail.objects.count() == mails


def test_a_link_that_was_taken_back_or_never_given_brings_nothing(channel, old):
    PartnerLink.objects.update(revoked_at=now())
    for path in (old, "/p/unknown/"):
        assert Client().post(f"{path}again/").status_code == 404
        assert Client().get(f"{path}again/").status_code == 404
    assert not OutboxMail.objects.exists()


def test_a_firm_without_a_page_gets_none(channel, old):
    channel.tauwerk.state = "applied"
    channel.tauwerk.save()
    assert Client().post(f"{old}again/").status_code == 404
    assert not OutboxMail.objects.exists()
