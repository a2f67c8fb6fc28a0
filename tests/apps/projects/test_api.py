"""Programs register and decide as people do: tags, keys sent twice, refusals in one form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.projects.steps import Play, stored
from mutualist.apps.identity import actions as identity

BODY = {
    "name": "Müller Chemie GmbH",
    "postal_code": "70173",
    "register": "HRB 42243, Amtsgericht München",
    "title": "40 pumps",
    "person": "Petra Geheim",
    "amount": "125000",
}


@pytest.fixture
def clara(play: Play) -> Client:
    return program(play.cast.clara)


@pytest.fixture
def anna(play: Play) -> Client:
    return program(play.cast.anna)


def program(actor: Any) -> Client:
    secret = identity.create_api_token("program", actor=actor)
    return Client(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_ACCEPT_LANGUAGE="en")


def sent(client: Client, method: str, path: str, body: Any = None, **more: Any) -> Any:
    return getattr(client, method)(
        f"/api/v1{path}",
        data=body if body is not None else {},
        content_type="application/json",
        **more,
    )


def test_a_project_by_program(play: Play, clara: Client, anna: Client) -> None:
    base = f"/relations/{play.tauwerk.uid}/projects"
    made = sent(clara, "post", base, {**BODY, "external_id": "CRM-1"}, HTTP_IDEMPOTENCY_KEY="one")
    again = sent(clara, "post", base, {**BODY, "external_id": "CRM-1"}, HTTP_IDEMPOTENCY_KEY="one")
    assert (made.status_code, again.status_code) == (201, 201)
    assert made.content == again.content
    assert len(stored(play)) == 1
    project = made.json()
    # What is answered was not read again, and is what will be read.
    read = sent(clara, "get", f"{base}/{project['uid']}")
    assert (read.json(), read.headers["ETag"]) == (project, made.headers["ETag"])
    assert (project["state"], project["conflicts"], project["external_id"]) == (
        "submitted",
        None,
        "CRM-1",
    )
    assert project["register_entry"] == "DE:muenchen:HRB42243"

    vendors = f"/programmes/{play.anna.programme_uid}/projects"
    assert [one["uid"] for one in sent(anna, "get", vendors).json()["projects"]] == [project["uid"]]
    seen = sent(anna, "get", f"{vendors}/{project['uid']}")
    assert (seen.json()["withheld"], seen.json()["conflicts"], seen.json()["external_id"]) == (
        None,
        [],
        "",
    )
    address = f"{vendors}/{project['uid']}/approve"
    stale = sent(anna, "post", address, {}, HTTP_IF_MATCH='"project-9"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"project-1"')
    done = sent(anna, "post", address, {}, HTTP_IF_MATCH=seen.headers["ETag"])
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert done.json()["withheld"]["person"] == "Petra Geheim"
    lost = sent(clara, "post", f"{base}/{project['uid']}/lose", {"reason": "price"})
    assert (lost.json()["state"], lost.json()["reason"]) == ("lost", "price")
    assert sent(clara, "post", f"{base}/{project['uid']}/win").status_code == 409


def test_what_is_wrong_is_told_and_nothing_is_stored(play: Play, clara: Client) -> None:
    base = f"/relations/{play.tauwerk.uid}/projects"
    wrong = sent(clara, "post", base, {**BODY, "postal_code": "7017", "register": "HRB 1"})
    assert wrong.status_code == 422
    assert "7017" in wrong.json()["message"]
    assert "court" in wrong.json()["message"]
    assert sent(clara, "post", base, {**BODY, "colour": "red"}).status_code == 422
    sent(clara, "post", base, {**BODY, "external_id": "A"})
    twice = sent(
        clara, "post", base, {**BODY, "name": "Beta AG", "register": "", "external_id": "A"}
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "project_external_known")
    assert len(stored(play)) == 1


def test_a_draft_by_program_is_changed_and_deleted(play: Play, clara: Client, anna: Client) -> None:
    base = f"/relations/{play.tauwerk.uid}/projects"
    draft = sent(clara, "post", base, {**BODY, "draft": True})
    uid = draft.json()["uid"]
    assert (
        sent(anna, "get", f"/programmes/{play.anna.programme_uid}/projects/{uid}").status_code
        == 404
    )
    changed = sent(
        clara, "put", f"{base}/{uid}", {**BODY, "title": "50"}, HTTP_IF_MATCH='"project-1"'
    )
    assert (changed.json()["title"], changed.headers["ETag"]) == ("50", '"project-2"')
    assert sent(clara, "put", f"{base}/{uid}", BODY, HTTP_IF_MATCH='"project-1"').status_code == 412
    assert sent(clara, "delete", f"{base}/{uid}").status_code == 204
    assert not stored(play)


def test_rules_by_program(play: Play, anna: Client) -> None:
    address = f"/programmes/{play.anna.programme_uid}/protection"
    now = sent(anna, "get", address)
    assert (now.json()["number"], now.headers["ETag"]) == (0, '"protection-0"')
    rules = {**now.json()["rules"], "version": "2027", "period_days": 60}
    saved = sent(anna, "put", address, {"rules": rules}, HTTP_IF_MATCH='"protection-0"')
    assert (saved.json()["number"], saved.json()["rules"]["period_days"]) == (1, 60)
    assert (
        sent(anna, "put", address, {"rules": rules}, HTTP_IF_MATCH='"protection-0"').status_code
        == 412
    )
    assert sent(anna, "put", address, {"rules": {**rules, "period_days": "x"}}).status_code == 422
