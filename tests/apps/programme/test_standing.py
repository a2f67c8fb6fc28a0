"""Who stands where towards a programme, may do what there, and by which door they came: case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from apps.rooms.cast import ANONYMOUS
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.tokens import digest
from mutualist.apps.programme.models import PartnerLink, Relation
from mutualist.apps.programme.standing import (
    chain_of,
    contact_standing,
    either_standing,
    link_standing,
    make_link,
    partner_standing,
    require_active,
    vendor_standing,
)

STATES = tuple(Relation.State)
#: In which states a partner is let in, and in which it may change something or begin something new.
READS = {"onboarding", "active", "suspended", "ended"}
WRITES = READS - {"ended"}
BEGINS = {"onboarding", "active"}
#: What each role may do in the own organisation: write, manage; and the same with a token that only reads.
ROLES = {"owner": (True, True), "member": (True, False), "reader": (False, False)}


def as_role(actor: Actor, role: str, **more: object) -> Actor:
    (organisation,) = actor.roles
    return replace(actor, roles={organisation: role}, **more)


def put(relation: Relation, state: str) -> None:
    Relation.objects.filter(pk=relation.pk).update(
        state=state, state_since="2026-11-01", state_reason="Too late."
    )


@pytest.mark.parametrize("role", ROLES)
def test_on_the_vendors_side_the_role_says_what_one_may(channel, role):
    writes, manages = ROLES[role]
    there = vendor_standing(as_role(channel.cast.anna, role), str(channel.programme.uid))
    assert (there.side, there.writes, there.manages) == ("vendor", writes, manages)
    assert (there.programme, there.programme_uid) == (channel.programme.pk, channel.programme.uid)
    assert there.programme_name == "Nordwerk Partner"
    assert (there.relation, there.relation_uid, there.contact) == (None, None, None)
    assert (there.partner_name, there.token, there.state, there.rests) == ("", "", "", False)
    assert there.chain == f"programme:{channel.programme.pk}"
    looking = as_role(channel.cast.anna, role, read_only=True)
    only = vendor_standing(looking, channel.programme.uid)
    assert (only.writes, only.manages, only.actor) == (False, False, looking)


@pytest.mark.parametrize("role", ROLES)
def test_on_the_partners_side_the_role_says_what_one_may(channel, role):
    writes, _manages = ROLES[role]
    there = partner_standing(as_role(channel.cast.clara, role), str(channel.tauwerk.uid))
    assert (there.side, there.writes, there.manages) == ("partner", writes, False)
    assert (there.programme, there.relation) == (channel.programme.pk, channel.tauwerk.pk)
    assert (there.relation_uid, there.partner_name) == (channel.tauwerk.uid, "Tauwerk GmbH")
    assert (there.contact, there.token) == (None, "")
    assert there.chain == f"programme:{channel.programme.pk}:{channel.tauwerk.pk}"
    looking = as_role(channel.cast.clara, role, read_only=True)
    assert not partner_standing(looking, channel.tauwerk.uid).writes


def test_nobody_stands_where_they_have_no_business(channel):
    cast = channel.cast
    programme, relation = channel.programme.uid, channel.tauwerk.uid
    for actor in (cast.clara, cast.dora, cast.greta, ANONYMOUS, Actor.system()):
        with pytest.raises(NotAllowed):
            vendor_standing(actor, programme)
    for actor in (cast.anna, cast.ben, cast.dora, cast.greta, ANONYMOUS, Actor.system()):
        with pytest.raises(NotAllowed):
            partner_standing(actor, relation)
    for actor in (cast.dora, cast.greta, ANONYMOUS):
        with pytest.raises(NotAllowed):
            either_standing(actor, relation)


@pytest.mark.parametrize("uid", ["", "1", "not-a-uid", uuid4(), str(uuid4())])
def test_an_address_that_names_nothing_is_as_a_foreign_one(channel, uid):
    with pytest.raises(NotAllowed):
        vendor_standing(channel.cast.anna, uid)
    with pytest.raises(NotAllowed):
        partner_standing(channel.cast.clara, uid)
    for actor in (channel.cast.anna, channel.cast.clara):
        with pytest.raises(NotAllowed):
            either_standing(actor, uid)


def test_on_either_side_of_a_relation_one_has_the_standing_of_that_side(channel):
    relation = channel.tauwerk.uid
    assert either_standing(channel.cast.clara, relation) == channel.clara
    assert either_standing(channel.cast.anna, relation) == channel.anna
    assert either_standing(channel.cast.ben, str(relation)) == channel.ben
    assert either_standing(channel.cast.dora, channel.grauwerk.uid) == channel.dora
    # The vendor reaches a partner in any state, the partner's firm only where it has a page.
    put(channel.tauwerk, "applied")
    assert either_standing(channel.cast.anna, relation) == channel.anna


@pytest.mark.parametrize("state", STATES)
def test_the_state_of_a_partner_says_who_is_let_in_and_what_begins(channel, state):
    token = make_link(channel.contact).split("/")[2]
    put(channel.tauwerk, state)
    doors = {
        "account": lambda: partner_standing(channel.cast.clara, channel.tauwerk.uid),
        "link": lambda: link_standing(token),
        "mail": lambda: contact_standing(channel.contact.pk),
    }
    for name, enter in doors.items():
        if state not in (WRITES if name == "mail" else READS):
            with pytest.raises(NotAllowed):
                enter()
            continue
        there = enter()
        assert (there.state, there.state_reason) == (state, "Too late.")
        assert there.state_since.isoformat() == "2026-11-01"
        assert (there.writes, there.rests) == (state in WRITES, state not in BEGINS)
        if state in BEGINS:
            require_active(there)
            continue
        with pytest.raises(ActionError) as refused:
            require_active(there)
        assert (refused.value.code, refused.value.status) == ("partner_rests", 409)
        assert "Tauwerk GmbH is suspended or has left" in str(refused.value.message)


def test_a_vendor_never_rests(channel):
    require_active(channel.anna)


def test_who_comes_by_a_link_stands_as_the_person_it_was_mailed_to(channel):
    token = make_link(channel.contact).split("/")[2]
    there = link_standing(token, "de")
    assert there.actor == Actor("link", name="Clara", language="de")
    assert (there.side, there.relation, there.writes, there.manages) == (
        *("partner", channel.tauwerk.pk),
        *(True, False),
    )
    assert (there.contact, there.token) == (channel.contact.pk, token)
    assert link_standing(token).actor.language == "en"
    mailed = contact_standing(channel.contact.pk, "de")
    assert mailed == replace(there, token="")
    assert contact_standing(channel.contact.pk).actor.language == "en"
    with pytest.raises(NotAllowed):
        contact_standing(0)


def test_a_link_is_stored_as_a_digest_and_leads_where_it_says(channel):
    moment = now()
    with stopped_at(moment):
        path = make_link(channel.contact, days=3, to="enquiries/1/")
        empty, p, token, *rest = path.split("/")
        assert (empty, p, rest) == ("", "p", ["enquiries", "1", ""])
        kept = PartnerLink.objects.get()
        assert (kept.contact, kept.digest) == (channel.contact, digest(token))
        assert kept.expires_at == moment + timedelta(days=3)
        make_link(channel.contact)
    assert PartnerLink.objects.first().expires_at == moment + timedelta(days=30)
    assert make_link(channel.contact).endswith("/")


def test_a_link_runs_out_to_the_second(channel):
    token, moment = make_link(channel.contact).split("/")[2], now()
    PartnerLink.objects.update(expires_at=moment)
    with stopped_at(moment - timedelta(seconds=1)):
        link_standing(token)
    with stopped_at(moment), pytest.raises(NotAllowed):
        link_standing(token)


@pytest.mark.parametrize("token", ["", "x" * 43])
def test_a_token_nobody_was_given_opens_nothing(channel, token):
    make_link(channel.contact)
    with pytest.raises(NotAllowed):
        link_standing(token)


def test_a_link_that_was_taken_back_opens_nothing(channel):
    token = make_link(channel.contact).split("/")[2]
    other = make_link(channel.contact).split("/")[2]
    PartnerLink.objects.filter(digest=digest(token)).update(revoked_at=now())
    with pytest.raises(NotAllowed):
        link_standing(token)
    assert link_standing(other).relation == channel.tauwerk.pk


def test_the_use_of_a_link_is_known_to_the_hour(channel):
    token, first = make_link(channel.contact).split("/")[2], now()
    make_link(channel.rival_contact)
    for minutes, known in ((0, 0), (30, 0), (60, 0), (61, 61), (100, 61), (122, 122)):
        with stopped_at(first + timedelta(minutes=minutes)):
            link_standing(token)
        used = PartnerLink.objects.get(digest=digest(token)).used_at
        assert used == first + timedelta(minutes=known), minutes
    assert PartnerLink.objects.filter(used_at=None).count() == 1


def test_the_chain_of_a_partner_is_not_that_of_its_programme():
    assert [chain_of(7), chain_of(7, 8)] == ["programme:7", "programme:7:8"]
