from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.rooms.cast import make_cast, opened_room
from mutualist.apps.identity.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "word"), [("en", "does not fit"), ("de", "passt nicht")])
def test_a_database_without_its_key_says_so(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, language: str, word: str
) -> None:
    cast = make_cast()
    room = opened_room(cast)
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(pk=cast.anna.user_id))
    client.post("/language/", {"language": language})
    assert client.get(f"/rooms/{room.uid}/result/").status_code == 200
    other = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    # The file beside the variable would count, too: both have to be gone.
    settings.MUTUALIST_KEY_FILE = tmp_path / "key-encryption-key"
    monkeypatch.setenv("MUTUALIST_KEY", other)
    answer = client.get(f"/rooms/{room.uid}/result/")
    assert answer.status_code == 503
    assert word in answer.content.decode()
    assert client.get("/rooms/").status_code == 200
