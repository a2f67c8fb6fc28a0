from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from apps.identity.conftest import (
    code_of,
    log_in,
    mails,
    organisation,
    person,
    prove,
    signed_in,
    with_app,
)
from mutualist.apps.core.audit import timeline, verify
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity import actions
from mutualist.apps.identity.models import Membership, SecretKey
from mutualist.apps.identity.queries import actor_of

pytestmark = pytest.mark.django_db


def test_an_app_is_set_up_and_asked_for_from_then_on(django_capture_on_commit_callbacks) -> None:
    anna = person("Anna")
    client = signed_in(anna)
    assert "/reauthenticate/" in client.get("/accounts/2fa/totp/activate/").headers["Location"]
    prove(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert b"This code is not right" in wrong.content
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    client.post("/accounts/logout/")

    half = log_in(client, anna)
    assert half.headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/account/").status_code == 302, "the password alone is not enough"
    refused = client.post("/accounts/2fa/authenticate/", {"code": "123456"})
    assert refused.status_code == 200
    assert client.get("/account/").status_code == 302
    let_in = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert let_in.status_code == 302
    assert client.get("/account/").status_code == 200

    client.post("/accounts/logout/")
    log_in(client, anna)
    again = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert again.status_code == 200, "a recovery code works once"
    assert client.get("/account/").status_code == 302
    kinds = [one.action for one in timeline(f"person:{anna.pk}", audiences=["operator"])]
    assert "identity.factor.added" in kinds
    assert [one.subject for one in mails(anna.email)] == ["An authenticator app was added"]
    assert not list(verify(f"person:{anna.pk}"))


def test_a_code_of_the_app_works_once() -> None:
    anna = person("Anna")
    code = code_of(with_app(anna))
    for client, status in ((Client(), 302), (Client(), 200)):
        log_in(client, anna)
        assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == status


def test_secrets_are_encrypted_and_die_with_the_key() -> None:
    anna = person("Anna")
    secret = with_app(anna)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = json.dumps(cursor.fetchall(), default=str)
    assert secret not in stored
    assert stored.count("v1:") == 2, "the app's secret and the codes' seed"
    SecretKey.objects.all().delete()
    client = Client()
    log_in(client, anna)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert answer.status_code == 503, "a key that does not fit lets nobody in"


def test_a_stored_secret_in_the_clear_is_refused() -> None:
    anna = person("Anna")
    secret = with_app(anna)
    Authenticator.objects.filter(type="totp").update(data={"secret": secret})
    client = Client()
    log_in(client, anna)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert answer.status_code == 503


def test_security_changes_ask_again_after_a_while(settings: Any) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    client = signed_in(person("Anna"))
    for page in (
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
    ):
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert "/reauthenticate/" in answer.headers["Location"], page
    sent = client.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    assert "/reauthenticate/" in sent.headers["Location"]


def test_codes_are_not_shown_without_proof(settings: Any) -> None:
    anna = person("Anna")
    secret = with_app(anna)
    client = Client()
    log_in(client, anna)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    answer = client.get("/accounts/2fa/recovery-codes/")
    assert answer.status_code == 302
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 302


def test_an_owner_asks_all_members_for_one() -> None:
    anna, ben = person("Anna"), person("Ben")
    nordwerk = organisation(anna)
    Membership.objects.create(user=ben, organisation=nordwerk, role="reader")
    with pytest.raises(ActionError, match="second_factor_first"):
        actions.require_second_factor(nordwerk.uid, required=True, actor=actor_of(anna))
    with_app(anna)
    with pytest.raises(NotAllowed):
        actions.require_second_factor(nordwerk.uid, required=True, actor=actor_of(ben))
    with pytest.raises(NotAllowed):
        actions.require_second_factor(nordwerk.uid, required=True, actor=actor_of(person("Dora")))
    actions.require_second_factor(nordwerk.uid, required=True, actor=actor_of(anna))
    assert actor_of(anna).roles == {nordwerk.pk: "owner"}
    held = actor_of(ben)
    assert held.held_back
    assert held.roles == {}, "also by a token of the API"
    client = signed_in(ben)
    for page in ("/rooms/", f"/organisation/{nordwerk.uid}/", "/"):
        assert client.get(page).headers["Location"] == "/accounts/2fa/", page
    assert b"You need a second factor" in client.get("/accounts/2fa/").content
    assert client.get("/account/").status_code == 200
    token = actions.create_api_token("x", actor=held)
    answer = client.get("/api/v1/rooms", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "second_factor"
    with_app(ben)
    assert actor_of(ben).roles == {nordwerk.pk: "reader"}
    assert client.get("/rooms/").status_code == 200
    sentences = [
        e.sentence for e in timeline(f"organisation:{nordwerk.pk}", audiences=["organisation"])
    ]
    assert sentences[0] == "Anna asks all members for a second factor."


def test_only_the_roles_of_the_one_that_asks_wait() -> None:
    anna, ben = person("Anna"), person("Ben")
    with_app(anna)
    asks, other = organisation(anna), organisation(ben)
    Membership.objects.create(user=ben, organisation=asks, role="reader")
    actions.require_second_factor(asks.uid, required=True, actor=actor_of(anna))
    held = actor_of(ben)
    assert (held.roles, held.held_back) == ({other.pk: "owner"}, True)
    with_app(ben)
    assert actor_of(ben).roles == {other.pk: "owner", asks.pk: "reader"}
    assert not actor_of(ben).held_back


def test_an_operator_needs_one(settings: Any) -> None:
    oskar = person("Oskar", operator=True)
    assert not actor_of(oskar).can_operate
    client = signed_in(oskar)
    assert client.get("/outbox/").headers["Location"] == "/accounts/2fa/"
    with_app(oskar)
    assert actor_of(oskar).can_operate
    settings.MUTUALIST_OPERATOR_SECOND_FACTOR = False
    Authenticator.objects.all().delete()
    assert actor_of(oskar).can_operate


def test_recovery_codes_alone_are_no_second_factor() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    oskar = person("Oskar", operator=True)
    RecoveryCodes.activate(oskar)
    assert actor_of(oskar).held_back


def test_the_demo_asks_for_none(settings: Any) -> None:
    settings.MUTUALIST_DEMO = True
    assert actor_of(person("Oskar", operator=True)).can_operate


def test_another_persons_passkey_is_not_found() -> None:
    anna, dora = person("Anna"), person("Dora")
    key = Authenticator.objects.create(
        user=anna, type="webauthn", data={"name": "x", "credential": {}}
    )
    client = signed_in(dora)
    prove(client)
    for address in ("remove", "edit"):
        assert client.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{address}/").status_code == 404
        assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/{address}/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()
