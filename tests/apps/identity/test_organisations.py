from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record, timeline, verify
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.apps.identity import actions
from mutualist.apps.identity.models import ApiToken, Organisation, User
from mutualist.apps.identity.queries import actor_of, log_of, organisations_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


def person(name: str) -> User:
    return actions.create_user(email=f"{name.lower()}@example.org", name=name, language="en")


@pytest.fixture
def anna() -> User:
    return person("Anna")


@pytest.fixture
def nordwerk(anna: User) -> Organisation:
    return actions.create_organisation("Nordwerk Pumpen AG", actor=actor_of(anna))


def test_what_was_done_in_an_organisation_is_for_its_owners(
    anna: User, nordwerk: Organisation
) -> None:
    dora = person("Dora")
    assert log_of(actor_of(anna), nordwerk)
    assert log_of(actor_of(dora), nordwerk) == []
    assert log_of(Actor("user", anna.pk, roles={nordwerk.pk: "reader"}), nordwerk) == []


def test_the_founder_is_owner_and_it_is_audited(anna: User, nordwerk: Organisation) -> None:
    assert actor_of(anna).roles == {nordwerk.pk: "owner"}
    chain = f"organisation:{nordwerk.pk}"
    assert [e.sentence for e in timeline(chain, audiences=["organisation"])] == [
        "Anna created Nordwerk Pumpen AG."
    ]
    assert not list(verify(chain))


def test_an_invited_person_joins_once(
    anna: User, nordwerk: Organisation, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.invite_member(
            nordwerk.uid,
            email="ben@example.org",
            role="reader",
            language="de",
            actor=actor_of(anna),
        )
    mail = OutboxMail.objects.get()
    assert mail.to == "ben@example.org"
    assert "Nordwerk Pumpen AG" in mail.subject
    assert "<html" in mail.html
    found = re.search(r"/join/([\w-]+)/", mail.text)
    assert found
    ben = person("Ben")
    actions.join_organisation(found[1], actor=actor_of(ben))
    assert actor_of(ben).roles == {nordwerk.pk: "reader"}
    with pytest.raises(ActionError, match="invitation"):
        actions.join_organisation(found[1], actor=actor_of(person("Dora")))


@pytest.mark.parametrize("role", ["member", "reader", None])
def test_only_owners_invite(
    anna: User, nordwerk: Organisation, role: str | None, django_capture_on_commit_callbacks
) -> None:
    other = person("Ben")
    if role:
        with django_capture_on_commit_callbacks(execute=True):
            actions.invite_member(
                nordwerk.uid, email=other.email, role=role, language="en", actor=actor_of(anna)
            )
        found = re.search(r"/join/([\w-]+)/", OutboxMail.objects.get().text)
        assert found
        actions.join_organisation(found[1], actor=actor_of(other))
    with pytest.raises(NotAllowed):
        actions.invite_member(
            nordwerk.uid, email="x@example.org", role="owner", language="en", actor=actor_of(other)
        )


def test_the_last_owner_stays(anna: User, nordwerk: Organisation) -> None:
    (membership,) = nordwerk.memberships.all()
    for act in (
        lambda: actions.change_role(nordwerk.uid, membership.pk, "reader", actor=actor_of(anna)),
        lambda: actions.remove_member(nordwerk.uid, membership.pk, actor=actor_of(anna)),
    ):
        with pytest.raises(ActionError, match="last_owner"):
            act()
    assert actor_of(anna).roles == {nordwerk.pk: "owner"}


def test_a_rival_sees_nothing(anna: User, nordwerk: Organisation) -> None:
    dora = person("Dora")
    grauwerk = actions.create_organisation("Grauwerk", actor=actor_of(dora))
    assert list(organisations_of(actor_of(dora))) == [grauwerk]
    client = Client()
    client.force_login(dora)
    assert client.get(f"/organisation/{nordwerk.uid}/").status_code == 404
    (membership,) = nordwerk.memberships.all()
    for address in ("role", "remove"):
        url = f"/organisation/{nordwerk.uid}/members/{membership.pk}/{address}/"
        assert client.post(url, {"role": "reader"}).status_code == 404
    # The own organisation with the other's membership: not found either.
    url = f"/organisation/{grauwerk.uid}/members/{membership.pk}/remove/"
    assert client.post(url).status_code == 404


def test_an_expired_or_revoked_invitation_is_gone(
    anna: User, nordwerk: Organisation, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invitation = actions.invite_member(
            nordwerk.uid,
            email="ben@example.org",
            role="member",
            language="en",
            actor=actor_of(anna),
        )
    found = re.search(r"/join/([\w-]+)/", OutboxMail.objects.get().text)
    assert found
    ben = actor_of(person("Ben"))
    invitation.expires -= timedelta(days=15)
    invitation.save()
    with pytest.raises(ActionError, match="invitation"):
        actions.join_organisation(found[1], actor=ben)
    invitation.expires += timedelta(days=15)
    invitation.save()
    actions.revoke_invitation(nordwerk.uid, invitation.pk, actor=actor_of(anna))
    with pytest.raises(ActionError, match="invitation"):
        actions.join_organisation(found[1], actor=ben)
    assert Client().get(f"/join/{found[1]}/").status_code == 410


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_has_to_be_one(anna: User, name: str) -> None:
    with pytest.raises(ActionError, match="name"):
        actions.create_organisation(name, actor=actor_of(anna))
    assert not Organisation.objects.exists()


def test_nobody_creates_without_an_account() -> None:
    with pytest.raises(NotAllowed):
        actions.create_organisation("Nordwerk", actor=Actor("anonymous"))


def test_an_api_token_belongs_to_its_maker(anna: User) -> None:
    from mutualist.apps.identity.queries import user_of_token

    token = actions.create_api_token("notebook", actor=actor_of(anna))
    assert user_of_token(token) == anna
    assert user_of_token(token + "x") is None
    row = ApiToken.objects.get()
    assert token not in row.digest
    with pytest.raises(NotAllowed):
        actions.revoke_api_token(row.pk, actor=actor_of(person("Dora")))
    actions.revoke_api_token(row.pk, actor=actor_of(anna))
    assert user_of_token(token) is None


def test_the_day_of_the_last_use_is_noted_once(
    anna: User, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mutualist.apps.identity import queries

    token = actions.create_api_token("notebook", actor=actor_of(anna))
    assert ApiToken.objects.get().last_used is None
    first = queries.today()
    queries.user_of_token(token)
    assert ApiToken.objects.get().last_used == first
    with django_assert_num_queries(1):
        queries.user_of_token(token)
    monkeypatch.setattr(queries, "today", lambda: first + timedelta(days=1))
    queries.user_of_token(token)
    assert ApiToken.objects.get().last_used == first + timedelta(days=1)


def test_the_log_of_an_organisation_shows_the_last_thirty(
    anna: User, nordwerk: Organisation
) -> None:
    actor = actor_of(anna)
    first, *_rest = AuditEntry.objects.filter(chain=f"organisation:{nordwerk.pk}")
    with transaction.atomic():
        for _ in range(35):
            record(first.action, actor=actor, obj=nordwerk, chain=first.chain)
    assert len(log_of(actor, nordwerk)) == 30


def test_members_and_open_invitations_are_those_of_the_organisation(
    anna: User, nordwerk: Organisation
) -> None:
    from mutualist.apps.identity.queries import members_of, open_invitations_of

    dora = person("Dora")
    other = actions.create_organisation("Grauwerk", actor=actor_of(dora))
    assert [row.user for row in members_of(nordwerk)] == [anna]
    assert [row.user for row in members_of(other)] == [dora]
    actions.invite_member(
        nordwerk.uid, email="ben@example.org", role="reader", language="en", actor=actor_of(anna)
    )
    (sent,) = open_invitations_of(nordwerk)
    assert list(open_invitations_of(other)) == []
    for field in ("accepted", "revoked"):
        type(sent).objects.filter(pk=sent.pk).update(**{field: sent.expires})
        assert not open_invitations_of(nordwerk)
        type(sent).objects.filter(pk=sent.pk).update(**{field: None})
    type(sent).objects.update(expires=sent.expires - timedelta(days=400))
    assert not open_invitations_of(nordwerk)


def test_only_the_server_appoints_an_operator(anna: User) -> None:
    with pytest.raises(NotAllowed):
        actions.appoint_operator(anna.email, actor=actor_of(anna))
    actions.appoint_operator("ANNA@example.org", actor=Actor.system())
    anna.refresh_from_db()
    assert anna.can_operate
    assert not list(verify(f"person:{anna.pk}"))
    actions.appoint_operator(anna.email, operates=False, actor=Actor.system())
    anna.refresh_from_db()
    assert not anna.can_operate
    with pytest.raises(ActionError, match="no_account"):
        actions.appoint_operator("nobody@example.org", actor=Actor.system())
