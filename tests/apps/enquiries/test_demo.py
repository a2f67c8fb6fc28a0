"""The demo has enquiries in every state; loading it twice changes nothing."""

from __future__ import annotations

import pytest

from mutualist.apps.enquiries import queries
from mutualist.apps.enquiries.demo import ENQUIRIES, load_demo_enquiries
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.demo import load_demo_programme
from mutualist.apps.programme.public import programmes_of, vendor_standing
from mutualist.apps.rooms.demo import load_demo

pytestmark = pytest.mark.django_db


def test_the_demo_has_every_state() -> None:
    load_demo_enquiries()
    assert not Enquiry.objects.exists()
    load_demo()
    load_demo_programme()
    load_demo_enquiries()
    load_demo_enquiries()
    actor = actor_of(User.objects.get(email="anna@nordwerk.example"))
    rows = queries.board(vendor_standing(actor, programmes_of(actor)[0].uid))
    assert rows.count() == len(ENQUIRIES)
    found = {row.status for row in rows}
    assert found == {"received", "pending", "accepted", "won", "lost", "declined"}
    assert {one.state for row in rows for one in row.offers.all()} >= {
        *("open", "accepted", "declined", "lapsed", "returned")
    }
