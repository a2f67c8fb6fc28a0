from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from apps.rooms.cast import make_cast
from apps.writes.scenarios import program
from mutualist.apps.core.pages import server_error

pytestmark = pytest.mark.django_db


def test_programs_are_answered_in_the_form_of_the_api_everywhere(client: Client, rf: Any) -> None:
    for address in ("/api/v1/rooms/a%2Fb/c", "/api/v2/rooms"):
        answer = client.get(address, headers={"Accept-Language": "de"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert answer.json()["message"] == "Nicht gefunden."
    broken = server_error(rf.get("/api/v1/rooms"))
    assert (broken.status_code, broken.headers["Content-Type"]) == (500, "application/json")


@pytest.mark.parametrize(
    "address", ["/?q=%00", "/p/%00/", "/api/v1/rooms?after=a%00", "/finder/a/?ability=%00b"]
)
def test_a_nul_in_an_address_is_refused_before_anything_is_looked_for(
    client: Client, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.content


def test_a_nul_in_a_form_is_refused_before_it_is_read(client: Client) -> None:
    for form in ({"login": "a\0"}, {"login": ["a", "\0"]}):
        assert client.post("/accounts/login/", form).status_code == 400


def test_a_form_sent_to_the_api_is_no_body_that_can_be_read(client: Client) -> None:
    secret = program(make_cast().anna)
    headers = {"Authorization": f"Bearer {secret}"}
    for value in ("a", "a\0"):
        answer = client.post("/api/v1/verdict", {"room": value}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_wrong_host_is_told_so_without_a_page_of_ours(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["firm.example"]):
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400
