"""Two answers, decisions or the clock at the same instant: one of them counts, and nothing is half done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.rooms.test_races import at_once, codes
from mutualist.apps.core.clock import now
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.programme.models import Relation

pytestmark = pytest.mark.django_db(transaction=True)

ULM = Wish("DE", "89073", abilities=("iot",))


@pytest.fixture
def cast(transactional_db: None):
    from apps.rooms.cast import make_cast

    return make_cast()


def live(row: Enquiry) -> list[tuple[str, int]]:
    held = Offer.objects.filter(enquiry=row, state__in=("open", "accepted"))
    return list(held.values_list("state", "relation"))


def test_of_two_who_accept_at_the_same_instant_one_has_it(channel) -> None:
    row = actions.enter(standing=channel.anna, wish=ULM)
    offer = row.offers.get()
    found = at_once(
        *(lambda: actions.accept(standing=channel.clara, offer=offer.uid) for _ in range(2)),
        lambda: actions.decline(standing=channel.clara, offer=offer.uid, reason="no_time"),
    )
    assert codes(found).count("done") == 1, found
    assert len(live(row)) == 1


def test_accepting_while_the_vendor_hands_it_to_another(channel) -> None:
    row = actions.enter(standing=channel.anna, wish=ULM)
    offer = row.offers.get()
    found = at_once(
        lambda: actions.accept(standing=channel.clara, offer=offer.uid),
        lambda: actions.hand_to(
            standing=channel.anna, enquiry=row.uid, relation=channel.grauwerk.uid
        ),
    )
    # Whoever was first, the vendor's word is the last one; the customer is with one partner.
    assert found[1].relation_id == channel.grauwerk.pk
    assert live(row) == [("open", channel.grauwerk.pk)]
    assert codes(found[:1])[0] in {"done", "enquiry_answered"}


def test_accepting_while_the_time_runs_out(channel, monkeypatch) -> None:
    for _ in range(4):
        row = actions.enter(standing=channel.anna, wish=ULM)
        offer = row.offers.get()
        # For the partner it is the last moment, for the clock the first one after it.
        Offer.objects.filter(pk=offer.pk).update(due_at=now() + timedelta(hours=1))
        monkeypatch.setattr(
            "mutualist.apps.enquiries.actions.clock.now", lambda: now() + timedelta(hours=2)
        )
        found = at_once(
            lambda offer=offer: actions.accept(standing=channel.clara, offer=offer.uid),
            actions.lapse_due,
        )
        if codes(found[:1]) == ["done"]:
            assert found[1] == 0
            assert live(row) == [("accepted", channel.tauwerk.pk)]
        else:
            assert codes(found[:1]) == ["enquiry_late"]
            assert found[1] == 1
            assert live(row) == [("open", channel.grauwerk.pk)]
        actions.close(standing=channel.anna, enquiry=row.uid, reason="other")


def test_the_last_free_place_goes_once_at_the_same_instant(channel) -> None:
    Relation.objects.filter(pk=channel.tauwerk.pk).update(capacity=1)
    found = at_once(*(lambda: actions.enter(standing=channel.anna, wish=ULM) for _ in range(3)))
    assert all(isinstance(one, Enquiry) for one in found), found
    held = [one for one in found if one.relation_id == channel.tauwerk.pk]
    assert len(held) == 1


def test_the_same_enquiry_of_a_program_twice_at_the_same_instant_comes_in_once(channel) -> None:
    wish = Wish("DE", "89073", external_id="CRM-1")
    found = at_once(*(lambda: actions.enter(standing=channel.anna, wish=wish) for _ in range(3)))
    assert {one.pk for one in found} == {Enquiry.objects.get().pk}
    assert Offer.objects.count() == 1
