"""What only owners do, and which invitation lets somebody in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mutualist.apps.core import clock
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity import actions
from mutualist.apps.identity.models import Membership, Organisation, OrganisationInvitation, User
from mutualist.apps.identity.queries import actor_of, open_invitation, tokens_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


def person(name: str) -> User:
    return actions.create_user(email=f"{name.lower()}@example.org", name=name, language="en")


@pytest.fixture
def nordwerk() -> Organisation:
    return actions.create_organisation("Nordwerk Pumpen AG", actor=actor_of(person("Anna")))


@pytest.fixture
def anna(nordwerk: Organisation) -> Actor:
    return actor_of(User.objects.get(email="anna@example.org"))


@pytest.fixture
def token(anna: Actor, nordwerk: Organisation, monkeypatch: pytest.MonkeyPatch) -> str:
    """An open invitation of Ben; the token is what the mail would hold."""
    made = actions.new_token()
    monkeypatch.setattr(actions, "new_token", lambda: made)
    actions.invite_member(
        nordwerk.uid, email="ben@example.org", role="member", language="en", actor=anna
    )
    return made[0]


def test_an_open_invitation_is_found_by_its_own_token_only(token: str) -> None:
    assert open_invitation(token) is not None
    assert open_invitation("another") is None


def test_an_invitation_ends(token: str, anna: Actor, nordwerk: Organisation) -> None:
    with clock.stopped_at(clock.now() + timedelta(days=400)):
        assert open_invitation(token) is None
    row = OrganisationInvitation.objects.get()
    actions.revoke_invitation(nordwerk.uid, row.pk, actor=anna)
    assert open_invitation(token) is None
    with pytest.raises(ActionError):
        actions.join_organisation(token, actor=actor_of(person("Ben")))


def test_a_used_invitation_is_neither_open_nor_taken_back(
    token: str, anna: Actor, nordwerk: Organisation
) -> None:
    actions.join_organisation(token, actor=actor_of(person("Ben")))
    assert open_invitation(token) is None
    row = OrganisationInvitation.objects.get()
    for number in (row.pk, row.pk + 1):
        with pytest.raises(NotAllowed):
            actions.revoke_invitation(nordwerk.uid, number, actor=anna)


@pytest.mark.parametrize("ended", ["accepted", "revoked"])
def test_whoever_comes_a_moment_too_late_does_not_join(
    token: str, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    """Between looking and joining somebody else has used the link, or an owner has taken it back."""
    as_seen = open_invitation(token)
    OrganisationInvitation.objects.update(**{ended: clock.now()})
    monkeypatch.setattr(actions, "open_invitation", lambda _token: as_seen)
    with pytest.raises(ActionError) as refused:
        actions.join_organisation(token, actor=actor_of(person("Ben")))
    assert refused.value.code == "invitation"
    assert Membership.objects.count() == 1


def test_the_owner_of_another_organisation_is_no_owner_of_this_one(
    anna: Actor, nordwerk: Organisation
) -> None:
    actions.create_organisation("Grauwerk", actor=actor_of(person("Dora")))
    own = Membership.objects.get(user_id=anna.user_id)
    with pytest.raises(ActionError) as refused:
        actions.change_role(nordwerk.uid, own.pk, "member", actor=anna)
    assert refused.value.code == "last_owner"


def test_everybody_reads_the_own_tokens_only(anna: Actor, nordwerk: Organisation) -> None:
    dora = actor_of(person("Dora"))
    actions.create_api_token("hers", actor=anna)
    assert [one.name for one in tokens_of(anna)] == ["hers"]
    assert not tokens_of(dora).exists()
    assert not tokens_of(Actor("anonymous")).exists()


@pytest.mark.parametrize("role", ["member", "reader"])
def test_what_is_for_owners_is_refused_to_others(
    token: str, anna: Actor, nordwerk: Organisation, role: str
) -> None:
    ben = person("Ben")
    mine = Membership.objects.create(user=ben, organisation=nordwerk, role=role)
    owner = Membership.objects.get(user_id=anna.user_id)
    actor, invited = actor_of(ben), OrganisationInvitation.objects.get()
    for attempt in (
        lambda: actions.rename_organisation(nordwerk.uid, "Ben's", actor=actor),
        lambda: actions.remove_member(nordwerk.uid, owner.pk, actor=actor),
        lambda: actions.remove_member(nordwerk.uid, mine.pk, actor=actor),
        lambda: actions.revoke_invitation(nordwerk.uid, invited.pk, actor=actor),
        lambda: actions.invite_member(
            nordwerk.uid, email="x@example.org", role="owner", language="en", actor=actor
        ),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert Organisation.objects.get().name == "Nordwerk Pumpen AG"
    assert Membership.objects.count() == 2


def test_whoever_comes_without_a_token_reads_what_to_do_in_their_language(client) -> None:
    for language, words in (("de", "kein gültiger Schlüssel"), ("en", "No valid token")):
        answer = client.get("/api/v1/rooms", headers={"accept-language": language})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
        assert words in answer.json()["message"]
