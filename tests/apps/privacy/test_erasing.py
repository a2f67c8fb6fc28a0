"""Who is erased is gone from tables, files and the log; what belongs to firms stays as it is."""

from __future__ import annotations

import pytest

from apps.rooms.cast import Cast, opened_room
from mutualist.apps.core.audit import verify
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.identity.models import Membership, User
from mutualist.apps.privacy.erasing import erase
from mutualist.apps.privacy.people import person_of_mail
from mutualist.apps.rooms.models import Answerer, Opening

pytestmark = pytest.mark.django_db


def test_a_party_that_has_handed_in_keeps_a_place_without_a_name(cast: Cast) -> None:
    room = opened_room(cast)
    Membership.objects.create(user_id=cast.dora.user_id, organisation=cast.nordwerk, role="owner")
    before = list(Opening.objects.values_list("result", "parties"))
    done = erase(person_of_mail("anna@example.org"))
    assert done.rows > 5
    assert not User.objects.filter(email="anna@example.org").exists()
    lead = Answerer.objects.get(seat__room=room, seat__key="A")
    assert (lead.name, lead.email, lead.user_id, lead.is_lead) == ("erased person", "", None, True)
    assert list(Opening.objects.values_list("result", "parties")) == before
    for chain in AuditEntry.objects.values_list("chain", flat=True).distinct():
        assert list(verify(chain)) == []
