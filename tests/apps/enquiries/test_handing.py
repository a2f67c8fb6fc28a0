"""An enquiry reaches the able, near and free partner, has a time limit, and is never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.rooms.cast import mails_to
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.programme.models import Relation

ULM = Wish(
    "DE", "89073", "40 pumps", "Müller", "Petra", "petra@mueller.example", abilities=("iot",)
)
KIEL = Wish("DE", "24103", abilities=("iot",))
LATER = timedelta(hours=49)


def ask(channel, wish=ULM) -> Enquiry:
    return actions.enter(standing=channel.anna, wish=wish)


def offer(enquiry, number=1) -> Offer:
    return enquiry.offers.get(number=number)


def fresh(enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


@pytest.mark.parametrize(("wish", "name"), [(ULM, "Tauwerk GmbH"), (KIEL, "Grauwerk AG")])
def test_the_nearer_partner_is_asked_at_once_and_by_mail(channel, wish, name):
    made = ask(channel, wish)
    assert (made.status, made.relation.name) == ("pending", name)
    address = {"Tauwerk GmbH": "clara@tauwerk.example", "Grauwerk AG": "dora@grauwerk.example"}
    mail = mails_to(address[name])[-1]
    assert f"/enquiries/{offer(made).uid}/" in mail.letter["text"]
    assert len(mails_to(*(set(address.values()) - {address[name]}))) == 0
    why = offer(made).why
    assert why["able"] == 2
    assert why["beside"][0][1] == "behind"


def test_who_cannot_is_never_asked(channel):
    made = ask(channel, Wish("DE", "24103", abilities=("ai",)))
    assert made.relation == channel.tauwerk
    nobody = ask(channel, Wish("DE", "24103", abilities=("robots",)))
    assert (nobody.status, nobody.relation) == ("received", None)
    assert nobody.nobody == {"failed": {"ability": 2}, "able": 0}
    assert "ability missing (2)" in mails_to("anna@example.org")[-1].letter["text"]


def test_accepting_shows_the_customer_and_tells_them(channel):
    made = ask(channel)
    actions.accept(standing=channel.clara, offer=offer(made).uid)
    assert fresh(made).status == "accepted"
    assert "Tauwerk GmbH" in mails_to("petra@mueller.example")[-1].letter["text"]
    with pytest.raises(ActionError, match="enquiry_answered"):
        actions.accept(standing=channel.clara, offer=offer(made).uid)
    actions.win(standing=channel.clara, offer=offer(made).uid)
    assert fresh(made).status == "won"


def test_declining_needs_a_reason_and_asks_the_next(channel):
    made = ask(channel)
    with pytest.raises(ActionError, match="enquiry_reason"):
        actions.decline(standing=channel.clara, offer=offer(made).uid, reason="bored")
    assert fresh(made).status == "pending"
    actions.decline(standing=channel.clara, offer=offer(made).uid, reason="no_time")
    assert fresh(made).relation == channel.grauwerk
    actions.decline(standing=channel.dora, offer=offer(made, 2).uid, reason="too_far")
    # Nobody is left: the vendor hears of it, and the enquiry is still there.
    assert fresh(made).status == "received"
    assert fresh(made).nobody["failed"] == {"declined": 2}
    assert len(mails_to("anna@example.org")) == 1


def test_a_reply_after_the_limit_is_told_and_nothing_is_lost(channel):
    made = ask(channel)
    with stopped_at(now() + LATER):
        with pytest.raises(ActionError, match="enquiry_late"):
            actions.accept(standing=channel.clara, offer=offer(made).uid)
        assert fresh(made).status == "pending"
        assert actions.lapse_due() == 1
        assert actions.lapse_due() == 0
        assert fresh(made).relation == channel.grauwerk
        with pytest.raises(ActionError, match="enquiry_late"):
            actions.accept(standing=channel.clara, offer=offer(made).uid)
        actions.accept(standing=channel.dora, offer=offer(made, 2).uid)
    assert fresh(made).status == "accepted"
    assert [one.state for one in made.offers.order_by("number")] == ["lapsed", "accepted"]


def test_nothing_lapses_before_its_time(channel):
    made = ask(channel)
    with stopped_at(now() + timedelta(hours=47)):
        assert actions.lapse_due() == 0
    assert fresh(made).status == "pending"


def test_after_enough_partners_the_vendor_is_asked(channel):
    actions.save_intake(
        standing=channel.anna, origins=[], finder=True, answer_hours=48, attempts=1, open_days=60
    )
    made = ask(channel)
    actions.decline(standing=channel.clara, offer=offer(made).uid, reason="other")
    assert fresh(made).status == "received"
    assert fresh(made).nobody["able"] == 1
    actions.route_again(standing=channel.anna, enquiry=made.uid)
    assert fresh(made).relation == channel.grauwerk


def test_the_vendor_hands_an_enquiry_to_another_who_is_told(channel):
    made = ask(channel)
    actions.accept(standing=channel.clara, offer=offer(made).uid)
    before = len(mails_to("clara@tauwerk.example"))
    actions.hand_to(standing=channel.anna, enquiry=made.uid, relation=channel.grauwerk.uid)
    assert (fresh(made).status, fresh(made).relation) == ("pending", channel.grauwerk)
    assert offer(made).state == "withdrawn"
    assert len(mails_to("clara@tauwerk.example")) == before + 1
    assert offer(made, 2).why["by_hand"] is True


def test_the_last_free_place_goes_once(channel):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(capacity=1)
    first, second = ask(channel), ask(channel)
    assert first.relation == channel.tauwerk
    assert second.relation == channel.grauwerk
    assert offer(second).why["failed"] == {"capacity": 1}


def test_the_chosen_partner_is_asked_first_if_it_can(channel):
    chosen = str(channel.grauwerk.uid)
    made = ask(channel, Wish("DE", "89073", abilities=("iot",), wanted=chosen))
    assert made.relation == channel.grauwerk
    cannot = ask(channel, Wish("DE", "89073", abilities=("ai",), wanted=chosen))
    assert cannot.relation == channel.tauwerk


def test_the_same_external_id_comes_in_once(channel):
    wish = Wish("DE", "89073", external_id="CRM-1")
    assert ask(channel, wish) == ask(channel, wish)
    assert Enquiry.objects.count() == Offer.objects.count() == 1


def test_what_nobody_takes_is_closed_after_days_and_opened_again(channel):
    made = ask(channel, Wish("DE", "89073", abilities=("robots",)))
    with stopped_at(now() + timedelta(days=59)):
        assert actions.expire_due() == 0
    with stopped_at(now() + timedelta(days=61)):
        assert actions.expire_due() == 1
        assert fresh(made).status == "expired"
        Relation.objects.filter(pk=channel.tauwerk.pk).update(abilities=["robots"])
        actions.reopen(standing=channel.anna, enquiry=made.uid)
    assert fresh(made).relation == channel.tauwerk


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"postal_code": "89074"}, "enquiry_place"),
        ({"country": "FR"}, "enquiry_place"),
        ({"email": "petra"}, "enquiry_mail"),
        ({"level": "platinum"}, "enquiry_level"),
        ({"company": "x" * 121}, "enquiry_long"),
        ({"text": "x" * 2001}, "enquiry_note"),
        ({"wanted": "00000000-0000-4000-8000-000000000000"}, "enquiry_wanted"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_stored(channel, change, code):
    with pytest.raises(ActionError, match=code):
        ask(channel, Wish(**({"country": "DE", "postal_code": "89073"} | change)))
    assert not Enquiry.objects.exists()


def test_without_consent_nothing_is_taken_in(channel):
    with pytest.raises(ActionError, match="enquiry_consent"):
        actions.enter(standing=channel.anna, wish=ULM, consent=False)


@pytest.mark.parametrize("origin", ["nordwerk.example", "https://a.example/x", "*", "javascript:x"])
def test_only_sites_may_show_the_finder(channel, origin):
    with pytest.raises(ActionError, match="intake_origin"):
        actions.save_intake(standing=channel.anna, origins=[origin], finder=True)


def test_each_side_does_its_own_only(channel):
    made = ask(channel)
    for who in (channel.dora, channel.ben, channel.anna):
        with pytest.raises(NotAllowed):
            actions.accept(standing=who, offer=offer(made).uid)
        with pytest.raises(NotAllowed):
            actions.decline(standing=who, offer=offer(made).uid, reason="other")
    for who in (channel.ben, channel.clara, channel.dora):
        with pytest.raises(NotAllowed):
            actions.enter(standing=who, wish=ULM)
        with pytest.raises(NotAllowed):
            actions.close(standing=who, enquiry=made.uid, reason="other")
        with pytest.raises(NotAllowed):
            actions.hand_to(standing=who, enquiry=made.uid, relation=channel.grauwerk.uid)
        with pytest.raises(NotAllowed):
            actions.save_intake(standing=who, origins=[], finder=False)
    assert fresh(made).status == "pending"


def test_a_decision_about_what_was_changed_meanwhile_is_refused(channel):
    made = ask(channel)
    with pytest.raises(ActionError, match="changed_elsewhere"):
        actions.close(standing=channel.anna, enquiry=made.uid, reason="spam", seen=made.version - 1)


def test_asking_the_next_leaves_out_whoever_has_it(channel):
    made = ask(channel)
    actions.route_again(standing=channel.anna, enquiry=made.uid)
    assert (fresh(made).status, fresh(made).relation) == ("pending", channel.grauwerk)
    assert offer(made).state == "withdrawn"
