"""What somebody tries who wants more than is theirs: other people's things, races, ways around."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from apps.identity.conftest import (
    PASSWORD,
    code_of,
    log_in,
    mails,
    organisation,
    person,
    prove,
    signed_in,
    with_app,
)
from apps.rooms.test_races import at_once
from guards.routes import ACCOUNT
from mutualist.apps.core.errors import ActionError
from mutualist.apps.identity import actions
from mutualist.apps.identity.models import Membership
from mutualist.apps.identity.queries import actor_of

together = pytest.mark.django_db(transaction=True)
alone = pytest.mark.django_db


def half_in(user: Any) -> Client:
    """Somebody who knows the password and has not shown the second factor."""
    client = Client()
    assert log_in(client, user).headers["Location"] == "/accounts/2fa/authenticate/"
    return client


@together
@pytest.mark.parametrize("kind", ["recovery", "app"])
def test_a_code_given_in_many_browsers_at_once_lets_one_in(kind: str) -> None:
    anna = person("Anna")
    code = code_of(with_app(anna))
    if kind == "recovery":
        row = Authenticator.objects.get(user=anna, type="recovery_codes")
        code = row.wrap().get_unused_codes()[0]
    browsers = [half_in(anna) for _ in range(4)]
    answers = at_once(
        *(
            lambda one=one: one.post("/accounts/2fa/authenticate/", {"code": code}).status_code
            for one in browsers
        )
    )
    assert sorted(answers) == [200, 200, 200, 302]
    assert sum(one.get("/account/").status_code == 200 for one in browsers) == 1


@together
def test_an_invitation_used_by_two_at_once_lets_one_in() -> None:
    owner, ben, dora = person("Anna"), person("Ben"), person("Dora")
    nordwerk = organisation(owner)
    actions.invite_member(
        nordwerk.uid, email="ben@example.org", role="member", language="en", actor=actor_of(owner)
    )
    token = mails("ben@example.org")[0].text.split("/join/")[1].split("/")[0]
    guests = [actor_of(one) for one in (ben, dora)]
    found = at_once(
        *(lambda guest=guest: actions.join_organisation(token, actor=guest) for guest in guests)
    )
    assert [getattr(one, "code", "") for one in found if isinstance(one, ActionError)] == [
        "invitation"
    ]
    assert nordwerk.memberships.count() == 2


@together
def test_two_owners_who_take_the_role_from_each_other_leave_one() -> None:
    anna, ben = person("Anna"), person("Ben")
    nordwerk = organisation(anna)
    Membership.objects.create(user=ben, organisation=nordwerk, role="owner")
    rows = {row.user_id: row.pk for row in Membership.objects.all()}
    for _ in range(3):
        Membership.objects.update(role="owner")
        pairs = ((actor_of(anna), rows[ben.pk]), (actor_of(ben), rows[anna.pk]))
        found = at_once(
            *(
                lambda actor=actor, row=row: actions.change_role(
                    nordwerk.uid, row, "reader", actor=actor
                )
                for actor, row in pairs
            )
        )
        assert [getattr(one, "code", "done") for one in found if one] == ["last_owner"]
        assert Membership.objects.filter(role="owner").count() == 1


@alone
def test_a_key_of_somebody_else_is_not_there() -> None:
    anna, dora = person("Anna"), person("Dora")
    key = Authenticator.objects.create(user=anna, type="webauthn", data={"name": "Anna's key"})
    rival = signed_in(dora)
    prove(rival)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        path = reverse(name, args=[key.pk])
        assert rival.get(path).status_code == 404
        assert rival.post(path, {"name": "mine now"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Anna's key"


@alone
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
@pytest.mark.parametrize("way", ["password", "app"])
def test_nobody_is_led_away_after_a_proof(target: str, way: str) -> None:
    anna = person("Anna")
    client = signed_in(anna)
    page, form = "/accounts/reauthenticate/", {"password": PASSWORD}
    if way == "app":
        page, form = "/accounts/2fa/reauthenticate/", {"code": code_of(with_app(anna))}
    answer = client.post(page, {**form, "next": target})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@alone
@pytest.mark.parametrize("name", sorted({*ACCOUNT, "identity:account", "identity:sessions"}))
def test_no_cache_keeps_a_page_of_an_account(name: str) -> None:
    client = signed_in(person("Anna"))
    prove(client)
    kept = client.get(reverse(name)).headers["Cache-Control"]
    assert {"private", "no-store"} <= set(kept.split(", ")), kept


@alone
@pytest.mark.parametrize(
    "path",
    ["/account/", "/account/sessions/others/", "/accounts/reauthenticate/", "/accounts/logout/"],
)
def test_a_form_of_another_site_does_nothing(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("Anna"))
    key = client.session.session_key
    form = {"form": "token", "name": "x", "scope": "write", "days": "0", "password": PASSWORD}
    assert client.post(path, form).status_code == 403
    assert client.session.session_key == key


@alone
def test_a_token_ends_with_the_membership() -> None:
    anna, ben = person("Anna"), person("Ben")
    nordwerk = organisation(anna)
    row = Membership.objects.create(user=ben, organisation=nordwerk, role="owner")
    token = actions.create_api_token("x", actor=actor_of(ben))
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/organisations/{nordwerk.uid}/webhooks"
    assert Client().get(path, headers=headers).status_code == 200
    actions.remove_member(nordwerk.uid, row.pk, actor=actor_of(anna))
    assert Client().get(path, headers=headers).status_code == 404
    assert Client().get("/api/v1/organisations", headers=headers).json() == []


@alone
def test_a_session_is_no_key_to_the_api_and_a_token_none_to_pages() -> None:
    anna = person("Anna")
    client, token = signed_in(anna), actions.create_api_token("x", actor=actor_of(anna))
    assert client.get("/api/v1/rooms").status_code == 401
    assert (
        Client().get("/account/", headers={"Authorization": f"Bearer {token}"}).status_code == 302
    )
