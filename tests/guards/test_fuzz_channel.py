"""Whatever is sent to a write of the channel, damaged in any place, gets an answer and never a server error.

Each begins as a write that goes through; refused, it leaves as many rows as there were, and what it is about unchanged
(tests/apps/writes, test_bad_input.py of each app). Whatever the rival sends, to it nothing is there.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.rooms.cast import make_cast
from apps.writes.commissions import COMMISSION_API, COMMISSION_PAGES
from apps.writes.enquiries import ENQUIRY_API, ENQUIRY_PAGES
from apps.writes.programme import PROGRAMME_API, PROGRAMME_PAGES
from apps.writes.projects import PROJECT_API, PROJECT_PAGES
from apps.writes.ratings import RATING_API, RATING_PAGES
from apps.writes.scenarios import browser, program, rows
from guards.test_fuzz import ANYTHING, DESCRIBED, TEXT, damaged

pytestmark = pytest.mark.django_db
# A hundred and more before a release: FUZZ_EXAMPLES=200 ./test tests/guards/test_fuzz_channel.py
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))
SETTINGS = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
API = PROGRAMME_API | PROJECT_API | ENQUIRY_API | COMMISSION_API | RATING_API
PAGES = PROGRAMME_PAGES | PROJECT_PAGES | ENQUIRY_PAGES | COMMISSION_PAGES | RATING_PAGES
JUNK = (
    *(
        "",
        " ",
        "\0",
        "x" * 70_000,
        "😀" * 300,
        "\u202eabc",
        "\ud800",
        "-",
        "--1",
        "1e400",
        "NaN",
        "-0.00001",
    ),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-13-45", "99999999999999999999", "1.000,00"),
    *(
        "<script>alert(1)</script>",
        "{0.__class__}",
        "%s%n",
        "=cmd|' /C calc'!A0",
        "../../etc/passwd",
    ),
    *("a: &a [*a]", "schema: programme/1", "[" * 5_000, "00000000-0000-0000-0000-000000000000"),
)
#: The vendor, the partner by its account, the rival.
WHO = ("anna", "clara", "dora")
FIELD = st.one_of(st.sampled_from(JUNK), TEXT)


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast() -> Any:
    return make_cast()


def described(name: str) -> set[str]:
    """Return the answers an operation is described with, and that nothing is there."""
    operations = (one for path in DESCRIBED["paths"].values() for one in path.values())
    found = next(one for one in operations if one["operationId"].endswith(f"_{name}"))
    return {*found["responses"], "404"}


def encodable(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@st.composite
def forms(draw: st.DrawFn, whole: dict[str, str]) -> dict[str, Any]:
    """Return a form in which up to three fields are wrong, left out, twice or unknown."""
    form: dict[str, Any] = dict(whole)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*form, "more"]))
        way = draw(st.sampled_from(("wrong", "wrong", "gone", "twice")))
        if way == "gone":
            form.pop(name, None)
        else:
            form[name] = [draw(FIELD), draw(FIELD)] if way == "twice" else draw(FIELD)
    return form


def undone(call: Any) -> tuple[Any, bool]:
    """Return the answer to a call that is undone, and whether it left the rows as they were."""
    with transaction.atomic():
        before = rows()
        answer = call()
        same = rows() == before
        transaction.set_rollback(True)
    return answer, same


@pytest.mark.parametrize("name", API)
def test_no_damaged_body_breaks_the_server(cast: Any, name: str) -> None:
    write, known = API[name](cast), described(name)
    client, secrets = Client(raise_request_exception=False), {}
    for who in WHO:
        secrets[who] = program(getattr(cast, who))

    @SETTINGS
    @given(damaged(write.body) if write.body else ANYTHING, st.sampled_from(WHO))
    def ask(body: Any, who: str) -> None:
        headers = {"Authorization": f"Bearer {secrets[who]}"}
        answer, same = undone(
            lambda: client.generic(
                write.method, write.path, encodable(body), "application/json", headers=headers
            )
        )
        assert str(answer.status_code) in known, (body, answer.content[:300])
        if answer.status_code >= 400:
            assert same, body
            assert answer.json()["message"]
        if who == "dora":
            assert answer.status_code in {400, 404, 422}, body

    ask()


@pytest.mark.parametrize("name", PAGES)
def test_no_damaged_form_breaks_a_page(cast: Any, name: str) -> None:
    write = PAGES[name](cast)
    clients = {who: browser(getattr(cast, who)) for who in WHO}
    for client in clients.values():
        client.raise_request_exception = False

    @SETTINGS
    @given(forms(dict(write.form)), st.sampled_from(WHO))
    def ask(form: dict[str, Any], who: str) -> None:
        sent = {
            key: [v.encode("utf-8", "replace").decode() for v in value]
            if isinstance(value, list)
            else value.encode("utf-8", "replace").decode()
            for key, value in form.items()
        }
        answer, same = undone(lambda: clients[who].post(write.path, sent))
        assert answer.status_code < 500, (sent, answer.content[:300])
        if answer.status_code >= 400:
            assert same, sent
        # Whoever comes may found a programme, and do what a mailed link is for.
        if who == "dora" and name != "programme:new" and not name.endswith("_link"):
            assert answer.status_code in {400, 403, 404}, sent

    ask()
