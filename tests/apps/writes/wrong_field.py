"""A write that goes through but for one field, and the words of the answer."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.test import Client

from apps.rooms.cast import make_cast
from apps.writes.scenarios import Ready, browser, program, rows
from mutualist.apps.identity.models import User


def words(answer: Any) -> str:
    """Return what an answer says, without marks."""
    if answer["Content-Type"].startswith("application/json"):
        return json.dumps(answer.json(), ensure_ascii=False)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def refused(
    ready: Ready, field: str, value: str, language: str, *, by_program: bool
) -> tuple[Any, str]:
    """Let Anna send a write with one wrong field; return the answer, which is 422 and stored nothing, and its words."""
    cast = make_cast()
    User.objects.filter(pk=cast.anna.user_id).update(language=language)
    write = ready(cast)
    secret, anna, before = program(cast.anna), browser(cast.anna), rows()
    headers = {"Accept-Language": language}
    if by_program:
        headers |= {"Authorization": f"Bearer {secret}"}
        body = json.dumps(write.body | {field: value})
        answer = Client().generic(
            write.method, write.path, body, "application/json", headers=headers
        )
    else:
        answer = anna.post(write.path, {**write.form, field: value}, headers=headers)
    assert answer.status_code == 422, answer.content[:300]
    assert rows() == before
    return answer, words(answer)
