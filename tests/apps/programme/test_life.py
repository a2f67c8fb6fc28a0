"""A partner is suspended, comes back and leaves; links are taken back; a room is opened with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.programme.cast import browser
from apps.rooms.cast import mails_to
from mutualist.apps.core.audit import verify
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity.models import User
from mutualist.apps.programme.actions.life import (
    FROM,
    move,
    remove_contact,
    revoke_links,
    send_link,
    steps_from,
)
from mutualist.apps.programme.actions.partners import add_contact
from mutualist.apps.programme.actions.rooms import open_room
from mutualist.apps.programme.models import Contact, PartnerLink, Relation
from mutualist.apps.programme.public import (
    cards_of_programme,
    link_standing,
    partner_standing,
    require_active,
)
from mutualist.apps.programme.queries.people import people_of
from mutualist.apps.programme.queries.rooms import rooms_of_relation


def go(channel, *steps: str) -> Relation:
    for step in steps:
        found = move(standing=channel.anna, relation=channel.tauwerk, step=step, reason="Too late.")
    return found


def test_whoever_is_suspended_gets_nothing_new_and_is_told_why(channel):
    assert channel.tauwerk.pk in {one.id for one in cards_of_programme(channel.programme.pk)}
    link = channel.link()
    go(channel, "suspend")
    assert channel.tauwerk.pk not in {one.id for one in cards_of_programme(channel.programme.pk)}
    with pytest.raises(ActionError, match="partner_rests"):
        require_active(channel.clara)
    assert "Too late." in mails_to("clara@tauwerk.example")[-1].letter["text"]
    for page in (
        browser().get(link),
        browser(channel.cast.clara).get(f"/partner/{channel.tauwerk.uid}/"),
    ):
        assert "The partnership is suspended" in page.content.decode()
        assert "Too late." in page.content.decode()
    go(channel, "resume")
    require_active(channel.clara)
    assert "suspended" not in browser().get(link).content.decode()
    assert not list(verify(f"programme:{channel.programme.pk}:{channel.tauwerk.pk}"))


def test_whoever_has_left_reads_what_was_and_changes_nothing(channel):
    link = channel.link()
    go(channel, "end")
    assert not channel.clara.writes
    page = browser().get(link)
    assert "The partnership has ended" in page.content.decode()
    form = {"country": "DE", "postal_code": "1", "abilities": "x", "languages": "de"}
    assert browser().post(f"{link}profile/", form).status_code == 404
    assert (
        str(channel.tauwerk.uid) in browser(channel.cast.clara).get("/programmes/").content.decode()
    )
    assert go(channel, "return").state == "active"
    assert channel.clara.writes


@pytest.mark.parametrize(
    "state", ["onboarding", "active", "suspended", "ended", "applied", "refused"]
)
@pytest.mark.parametrize("step", list(FROM))
def test_only_steps_that_lead_from_here_are_taken(channel, state, step):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(state=state)
    if step in steps_from(state):
        assert go(channel, step).state != state
        return
    with pytest.raises(ActionError, match="partner_state"):
        go(channel, step)
    assert Relation.objects.get(pk=channel.tauwerk.pk).state == state


def test_a_reason_is_needed_and_what_was_typed_is_kept(channel):
    anna = browser(channel.cast.anna)
    home = f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/"
    answer = anna.post(f"{home}state/", {"step": "suspend", "reason": " "})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert anna.post(f"{home}state/", {"step": "fly"}).status_code == 404
    assert anna.post(f"{home}state/", {"step": "suspend", "reason": "Late."}).status_code == 302
    again = anna.post(f"{home}state/", {"step": "suspend", "reason": "Because."})
    assert again.status_code == 409
    assert 'value="Because."' in again.content.decode()


def test_only_the_vendor_moves_a_partner(channel):
    for standing in (channel.ben, channel.clara, channel.dora):
        with pytest.raises(NotAllowed):
            move(standing=standing, relation=channel.tauwerk, step="suspend", reason="x")


def test_links_are_seen_used_and_taken_back(channel):
    link = channel.link()
    channel.link()
    assert people_of(channel.tauwerk.pk).get().live == 2
    assert people_of(channel.tauwerk.pk).get().last_used is None
    assert browser().get(link).status_code == 200
    assert people_of(channel.tauwerk.pk).get().last_used is not None
    PartnerLink.objects.exclude(used_at=None).update(used_at=now() - timedelta(days=3))
    browser().get(link)
    assert people_of(channel.tauwerk.pk).get().last_used > now() - timedelta(hours=1)
    rivals = channel.link(channel.rival_contact)
    assert (
        revoke_links(standing=channel.anna, relation=channel.tauwerk, contact=channel.contact.pk)
        == 2
    )
    assert browser().get(link).status_code == 404
    assert browser().get(rivals).status_code == 200


def test_a_contact_that_is_removed_loses_its_links(channel):
    link = channel.link()
    with pytest.raises(ActionError, match="contact_last"):
        remove_contact(standing=channel.anna, relation=channel.tauwerk, contact=channel.contact.pk)
    add_contact(
        standing=channel.anna, relation=channel.tauwerk, name="Eve", email="eve@tauwerk.example"
    )
    remove_contact(standing=channel.anna, relation=channel.tauwerk, contact=channel.contact.pk)
    assert browser().get(link).status_code == 404
    assert Contact.objects.get(relation=channel.tauwerk).name == "Eve"


def test_nobody_reaches_for_people_of_others(channel):
    whose = {"relation": channel.tauwerk, "contact": channel.contact.pk}
    for standing in (channel.ben, channel.dora):
        for action in (remove_contact, revoke_links, send_link):
            with pytest.raises(NotAllowed):
                action(standing=standing, **whose)
    with pytest.raises(NotAllowed):
        revoke_links(
            standing=channel.clara, relation=channel.tauwerk, contact=channel.rival_contact.pk
        )


def test_a_partner_keeps_its_people_by_link(channel):
    link = channel.link()
    eve = {"do": "add", "name": "Eve", "email": "eve@tauwerk.example"}
    assert browser().post(f"{link}people/", eve).status_code == 302
    wrong = browser().post(f"{link}people/", {**eve, "email": "eve"})
    assert wrong.status_code == 422
    assert 'value="eve"' in wrong.content.decode()
    made = Contact.objects.get(email="eve@tauwerk.example")
    own = browser().post(f"{link}people/", {"do": "remove", "contact": str(channel.contact.pk)})
    assert own.status_code == 422
    assert (
        browser().post(f"{link}people/", {"do": "send", "contact": str(made.pk)}).status_code == 302
    )
    assert "/p/" in mails_to("eve@tauwerk.example")[-1].letter["text"]
    for foreign in (str(channel.rival_contact.pk), "9" * 30, "x"):
        assert (
            browser().post(f"{link}people/", {"do": "send", "contact": foreign}).status_code == 404
        )


def test_a_room_is_opened_from_a_partnership_by_either_side(channel):
    home = f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/"
    anna, clara = browser(channel.cast.anna), browser(channel.cast.clara)
    answer = anna.post(f"{home}room/", {"person": "clara@tauwerk.example"})
    assert answer.status_code == 302
    assert answer["Location"] in anna.get(home).content.decode()
    assert "Tauwerk" in mails_to("clara@tauwerk.example")[-1].letter["subject"]
    own = f"/partner/{channel.tauwerk.uid}/"
    mail = User.objects.get(pk=channel.cast.anna.user_id).email
    second = clara.post(f"{own}room/", {"person": mail})
    assert second.status_code == 302, second.content
    assert second["Location"] in clara.get(own).content.decode()
    assert not rooms_of_relation(channel.cast.dora, channel.tauwerk.pk)
    assert not rooms_of_relation(channel.cast.clara, channel.grauwerk.pk)


def test_nobody_is_invited_who_belongs_to_neither_firm(channel):
    for standing, person in (
        (channel.anna, "dora@grauwerk.example"),
        (channel.clara, "dora@grauwerk.example"),
        (channel.anna, ""),
    ):
        with pytest.raises(ActionError, match="room_person"):
            open_room(standing=standing, relation=channel.tauwerk, person=person)
    link = channel.link().strip("/").split("/")[-1]
    for standing in (channel.ben, channel.dora, link_standing(link)):
        with pytest.raises(NotAllowed):
            open_room(standing=standing, relation=channel.tauwerk, person="clara@tauwerk.example")
    go(channel, "suspend")
    with pytest.raises(ActionError, match="room_rests"):
        open_room(standing=channel.anna, relation=channel.tauwerk, person="clara@tauwerk.example")


def test_a_refused_firm_has_no_page(channel):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(state="refused")
    with pytest.raises(NotAllowed):
        partner_standing(channel.cast.clara, channel.tauwerk.uid)
