"""The requests on the API page get the answers that stand below them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docs.running import blocks

DOCS = Path(__file__).resolve().parents[2] / "docs"
ANYTHING = "…"


@pytest.fixture
def token(db, settings):
    from mutualist.apps.identity import actions
    from mutualist.apps.identity.queries import actor_of

    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    anna = actions.create_user(
        email="anna@northwork.example",
        name="Anna",
        language="en",
        password="leise Pumpen im Keller",
    )
    actions.create_organisation("Northwork Pumps", actor=actor_of(anna))
    return actions.create_api_token("docs", actor=actor_of(anna))


def differences(wanted, found, place=""):
    """What is shown but not so; keys that are not shown may be there, too."""
    if wanted == ANYTHING:
        return []
    if isinstance(wanted, dict) and isinstance(found, dict):
        missing = [f"{place}.{key} is missing" for key in wanted if key not in found]
        shared = [key for key in wanted if key in found]
        return missing + [
            one for key in shared for one in differences(wanted[key], found[key], f"{place}.{key}")
        ]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [
            one
            for at, (left, right) in enumerate(zip(wanted, found, strict=True))
            for one in differences(left, right, f"{place}[{at}]")
        ]
    return [] if wanted == found else [f"{place} is {found!r}, not {wanted!r}"]


def request_of(block):
    """Method, path, headers and body of a request as it is written."""
    first, _, rest = block.partition("\n")
    headers = dict(re.findall(r"^([A-Z][\w-]+): (.*)\n", rest, re.MULTILINE))
    body = re.sub(r"^[A-Z][\w-]+: .*\n", "", rest, flags=re.MULTILINE).strip()
    method, path = first.split(" ")
    return method, path, headers, body


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_request_gets_the_answer_below_it(client, token, lang, monkeypatch):
    # The address of the example stands for none; nobody is asked about it.
    monkeypatch.setattr("mutualist.apps.delivery.addresses.resolve", lambda _target: ())
    shown = [
        block
        for kind, block in blocks((DOCS / lang / "api.md").read_text("utf-8"))
        if kind == "http"
    ]
    assert len(shown) > 30
    names = {}
    for request, answer in zip(shown[::2], shown[1::2], strict=True):
        method, path, headers, body = request_of(request)
        given = {"Authorization": f"Bearer {token}", "Accept-Language": lang, **headers}
        got = client.generic(
            method,
            re.sub(r"\{(\w+)\}", lambda found: names[found[1]], path),
            data=body,
            content_type="application/json",
            headers=given,
        )
        status, _, rest = answer.partition("\n")
        found = json.loads(got.content)
        for name, value in re.findall(r"^([A-Z][\w-]+): (.*)\n", rest, re.MULTILINE):
            assert got[name] == value or (value == ANYTHING and got[name]), f"{request}{name}"
        wanted = re.sub(r"^[A-Z][\w-]+: .*\n", "", rest, flags=re.MULTILINE)
        assert got.status_code == int(status.split(" ")[1]), f"{request}{found}"
        assert not differences(json.loads(wanted), found), request
        if (method, path, got.status_code) == ("POST", "/api/v1/rooms", 201):
            names["room"] = found["uid"]
        elif (method, path, got.status_code) == ("POST", "/api/v1/ventures", 201):
            names["venture"] = found["uid"]
        elif (method, path) == ("GET", "/api/v1/organisations"):
            names["organisation"] = found[0]["uid"]
        elif path.endswith("/webhooks") and got.status_code == 201:
            names["webhook"] = found["uid"]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_operation_is_listed_and_no_other(lang):
    from mutualist.project.api import api

    text = (DOCS / lang / "api.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z]+ /\S+)` \|", text, re.MULTILINE)
    paths = api.get_openapi_schema()["paths"]
    there = [
        f"{m.upper()} {p.removeprefix('/api/v1')}" for p, methods in paths.items() for m in methods
    ]
    assert sorted(listed) == sorted(there)
