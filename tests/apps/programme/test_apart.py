"""Who has no business with a programme finds nothing: rival partner, rival vendor, reader, stranger."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.programme.cast import browser
from guards.routes import PROGRAMME, all_routes
from mutualist.apps.core.clock import now
from mutualist.apps.programme.models import PartnerLink

ANY_UID = "00000000-0000-4000-8000-000000000000"


def _address(name: str, channel, token: str) -> str:
    """Return an address of Tauwerk's: other parts of it are filled with ids nobody has."""
    pattern = all_routes()[name]
    values = {}
    if "token>" in pattern:
        values["token"] = token
    if ":programme>" in pattern:
        values["programme"] = channel.programme.uid
    if ":relation>" in pattern:
        values["relation"] = channel.tauwerk.uid
    if ":table>" in pattern:
        values["table"] = "sales"
    for other in (
        "enquiry",
        "project",
        "statement",
        "offer",
        "review",
        "entry",
        "run",
        "version",
        "proposal",
        "change",
        "promise",
        "waiting",
        "stored",
    ):
        if f":{other}>" in pattern:
            values[other] = 1 if f"<int:{other}>" in pattern else ANY_UID
    return reverse(name, kwargs=values)


@pytest.mark.parametrize("name", sorted(one for one in PROGRAMME if not one.startswith("api:")))
def test_others_find_nothing(name, channel):
    dora, stranger = browser(channel.cast.dora), browser()
    address = _address(name, channel, "x" * 43)
    for method in ("get", "post"):
        rival = getattr(dora, method)(address)
        assert rival.status_code in {404, 405}, (method, rival.status_code)
        answer = getattr(stranger, method)(address)
        assert answer.status_code in {302, 404, 405}, (method, answer.status_code)
        if answer.status_code == 302:
            assert "/accounts/login/" in answer["Location"]


def test_a_rival_partner_sees_own_relation_only(channel):
    dora = browser(channel.cast.dora)
    assert dora.get(f"/partner/{channel.grauwerk.uid}/").status_code == 200
    assert dora.get(f"/partner/{channel.tauwerk.uid}/").status_code == 404


def test_a_link_that_ran_out_or_was_taken_back_opens_nothing(channel):
    first, second = channel.link(), channel.link()
    early, late = PartnerLink.objects.order_by("pk")
    PartnerLink.objects.filter(pk=early.pk).update(expires_at=now())
    PartnerLink.objects.filter(pk=late.pk).update(revoked_at=now())
    assert [browser().get(path).status_code for path in (first, second)] == [410, 404]


def test_a_reader_changes_nothing(channel):
    ben = browser(channel.cast.ben)
    home = f"/programmes/{channel.programme.uid}/"
    assert ben.get(f"{home}rules/").status_code == 200
    assert ben.post(f"{home}rules/", {"rules": "x", "since": "2027-01-01"}).status_code == 404
    assert ben.get(f"{home}partners/new/").status_code == 404


def test_the_address_of_a_form_leads_back_to_its_page(channel):
    page = f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/"
    answer = browser(channel.cast.anna).get(f"{page}plan/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert f'href="{page}"' in answer.content.decode()
