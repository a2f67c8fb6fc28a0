"""The demo shows commissions of every kind, and may be loaded again."""

from __future__ import annotations

import pytest

from mutualist.apps.commissions import books, queries
from mutualist.apps.commissions.demo import ANNA, load_demo_commissions
from mutualist.apps.commissions.models import Entry, Invoice
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.demo import load_demo_programme
from mutualist.apps.programme.public import programmes_of, vendor_standing
from mutualist.apps.rooms.demo import load_demo

pytestmark = pytest.mark.django_db


def test_the_demo():
    load_demo_commissions()
    assert not Invoice.objects.exists(), "without a programme there is nothing to show"
    load_demo()
    load_demo_programme()
    load_demo_commissions()
    count = Entry.objects.count()
    load_demo_commissions()
    assert Entry.objects.count() == count > 10
    actor = actor_of(User.objects.get(email=ANNA))
    standing = vendor_standing(actor, programmes_of(actor)[0].uid)
    assert queries.waiting(standing).exists()
    assert any(one.payable for one in queries.balances(standing))
    assert books.check_journal(standing.programme).is_sound
