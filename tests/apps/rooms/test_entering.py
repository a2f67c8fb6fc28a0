from __future__ import annotations

import re

import pytest
from django.test import Client

from apps.rooms.cast import Cast, make_cast, open_two_sided
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.rooms import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def link_for_clara(cast: Cast, callbacks, language: str) -> str:
    room = open_two_sided(cast)
    with callbacks(execute=True):
        actions.invite_answerer(
            actor=cast.anna,
            room=room,
            seat="B",
            name="Clara",
            email="clara@tauwerk.example",
            language=language,
        )
    found = re.search(r"/s/[\w-]+/", OutboxMail.objects.latest("pk").text)
    assert found
    return found[0]


@pytest.mark.parametrize(("language", "word"), [("de", "Platz nehmen"), ("en", "Take your seat")])
def test_a_link_speaks_the_language_of_the_invitation(
    cast: Cast, django_capture_on_commit_callbacks, language: str, word: str, settings
) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    address = link_for_clara(cast, django_capture_on_commit_callbacks, language)
    client = Client(headers={"accept-language": "fr"})
    assert word in client.get(address).content.decode()
    answer = client.post(address, follow=True)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_a_choice_made_in_this_browser_wins(
    cast: Cast, django_capture_on_commit_callbacks, settings
) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    address = link_for_clara(cast, django_capture_on_commit_callbacks, "de")
    client = Client()
    client.post("/language/", {"language": "en"})
    assert "Take your seat" in client.get(address).content.decode()
    assert '<html lang="en"' in client.post(address, follow=True).content.decode()


def test_an_unknown_link_says_so(client: Client) -> None:
    assert client.get("/s/unknown/").status_code == 404
    assert client.post("/s/unknown/").status_code == 404
    assert "ask for a new link" in client.get("/s/unknown/").content.decode()
