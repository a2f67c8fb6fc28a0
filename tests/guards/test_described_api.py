"""The JSON API does what its description says: schemathesis with all checks, in every state of a room.

Each operation gets its examples, the boundary values of its description and random requests, right
and wrong ones. A hundred for each before a release:
``FUZZ_EXAMPLES=100 ./test tests/guards/test_described_api.py``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from guards import openapi
from guards.world import World, build

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
STATES = ("drafting", "sealed", "pressed", "opened", "second", "convened")
NAMES = ("anna", "clara", "dora")
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"mode": "all", "max-examples": EXAMPLES},
        "checks": {
            # What an action refuses is 422 as well; see `the_form_is_accepted` for the difference.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", 304, 400, 401, 403, 404, 409, 412, 422, 428]
            },
        },
    }
)
SCHEMA = schemathesis.openapi.from_path(openapi.FILE, config=CONFIG)


@schemathesis.check
def the_form_is_accepted(ctx: Any, response: Any, case: Any) -> None:
    """What has the described form is never refused for its form."""
    if case.meta and case.meta.generation.mode.value == "positive" and response.status_code == 422:
        assert response.json()["code"] != "invalid_request", response.text


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all operations; each request is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def site() -> Iterator[Any]:
    """The application, each request in a transaction that is undone."""
    inner = get_wsgi_application()

    def undone(environ: Any, start_response: Any) -> Any:
        with transaction.atomic():
            answer = list(inner(environ, start_response))
            transaction.set_rollback(True)
        return answer

    # The test's connection stays open from one request to the next.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield undone
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_described(case: Any, world: World, site: Any) -> None:
    case.operation.schema.app = site
    case.operation.app = site
    state = random.choice(STATES)
    if is_uid((case.path_parameters or {}).get("uid")) and random.random() < 0.9:
        case.path_parameters["uid"] = str(world.rooms[state].uid)
    headers = {}
    if not breaks(case, ParameterLocation.HEADER):
        token = world.visitors[random.choice(NAMES)].token
        headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(headers=headers)


def breaks(case: Any, where: ParameterLocation) -> bool:
    """Whether a case is wrong on purpose in one of its parts."""
    part = (case.meta.components if case.meta else {}).get(where)
    return part is not None and part.mode.is_negative


def is_uid(text: object) -> bool:
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False


def test_one_thing_after_another(world: World, site: Any) -> None:
    """Requests that follow from each other's answers: what was made is found, what was deleted is not."""
    schema = schemathesis.openapi.from_path(openapi.FILE, config=CONFIG)
    schema.app = get_wsgi_application()
    token = world.visitors["anna"].token

    class Machine(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.undo = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.undo)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            if breaks(case, ParameterLocation.HEADER):
                return {}
            return {"headers": {"Authorization": f"Bearer {token}"}}

        def validate_response(
            self, response: Any, case: Any, additional_checks: Any = None, **kwargs: Any
        ) -> None:
            # Told of the token, the check of tokens knows that it is a right one.
            case.validate_response(
                response,
                additional_checks=additional_checks,
                headers=kwargs.get("headers"),
                transport_kwargs=kwargs,
            )

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=max(EXAMPLES // 2, 3),
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
