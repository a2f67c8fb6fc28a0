"""The form that opens a room, also with a count of parties nobody typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import Cast
from mutualist.apps.identity.models import User
from mutualist.apps.rooms.models import Room

pytestmark = pytest.mark.django_db
FORM = {
    "mode": "two_sided",
    "name": "PumpenPuls",
    "offer": "Maintenance",
    "relation": "none",
    "horizon": "5",
    "currency": "EUR",
    "opens": "all_press",
    "party-INITIAL_FORMS": "0",
    "party-0-name": "Tauwerk",
    "party-0-person": "Clara",
    "party-0-language": "de",
    "party-0-email": "clara@tauwerk.example",
}


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(User.objects.get(pk=cast.anna.user_id))
    return client


@pytest.mark.parametrize("more", [{}, {"more": "1"}])
@pytest.mark.parametrize("count", ["", "many", "-5", "9" * 5000, "99999999", "1e9", None])
def test_a_wrong_count_of_parties_is_refused(
    anna: Client, count: str | None, more: dict[str, Any]
) -> None:
    form = {**FORM, **more, **({} if count is None else {"party-TOTAL_FORMS": count})}
    answer = anna.post(reverse("rooms:new"), form)
    assert answer.status_code == (200 if more else 422)
    assert b"PumpenPuls" in answer.content, "what was typed stays"
    assert not Room.objects.exists()


def test_one_more_party_is_shown_and_the_first_one_kept(anna: Client) -> None:
    form = {**FORM, "party-TOTAL_FORMS": "1", "more": "1"}
    page = anna.post(reverse("rooms:new"), form).content.decode()
    assert 'name="party-1-name"' in page
    assert "clara@tauwerk.example" in page
    assert anna.post(reverse("rooms:new"), {**FORM, "party-TOTAL_FORMS": "1"}).status_code == 302
    assert Room.objects.count() == 1
