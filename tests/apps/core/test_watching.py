"""What the server tells about itself: probes, figures, a line for each request."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from guards.world import World, build
from mutualist.apps.core import metrics, probes, watching
from mutualist.apps.core.logs import JsonLines, scrubbed
from mutualist.apps.core.probes import Probe
from mutualist.apps.core.roles import as_owner

pytestmark = pytest.mark.django_db
NUMBER = "X-Request-ID"
ROOT = Path(__file__).resolve().parents[3]


def figures(client: Client, **more: Any) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", **more)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    return {
        (sample.name, *(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


# Probes


def test_alive_and_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(probes._PROBES, "worker", Probe("worker", lambda: True, vital=False))
    assert client.get("/health/live").json() == {"status": "live"}
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "reasons": []})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_watchdog_needs_no_host_name_and_gets_no_cookie(client: Client) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path, headers={"host": "10.1.2.3:8000"})
        assert answer.status_code == 200, path
        assert not answer.cookies
    assert client.get("/", headers={"host": "10.1.2.3:8000"}).status_code == 400


@pytest.mark.parametrize("code", ["database", "migrations", "keys"])
def test_what_is_missing_is_named_by_a_code_only(
    client: Client, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def broken() -> bool:
        raise DatabaseError("no route to db-17.internal") if code == "database" else OSError("x")

    monkeypatch.setitem(probes._PROBES, code, Probe(code, broken))
    monkeypatch.setitem(probes._PROBES, "worker", Probe("worker", lambda: True, vital=False))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unready", "reasons": [code]}
    assert answer.headers["Retry-After"] == "5"
    assert client.get("/health/live").status_code == 200


def test_a_migration_that_was_not_run_makes_it_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "_MIGRATED", False)
    with as_owner():
        MigrationRecorder(connection).migration_qs.filter(app="rooms").latest("pk").delete()
    assert client.get("/health/ready").json()["reasons"][0] == "migrations"


def test_a_worker_that_stands_still_is_named_and_keeps_nobody_out(client: Client) -> None:
    from mutualist.apps.core.clock import now
    from mutualist.apps.delivery.models import TaskRun

    TaskRun.objects.all().delete()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["reasons"] == ["worker"]
    TaskRun.objects.create(name="x", ended=now())
    assert client.get("/health/ready").json()["status"] == "ready"


# Figures


def test_figures_are_for_this_machine_or_whoever_has_the_token(
    client: Client, settings: Any
) -> None:
    assert client.get("/metrics").status_code == 200
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"):
        assert client.get("/metrics", headers={name: "x"}).status_code == 404, name
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 404
    settings.MUTUALIST_METRICS_TOKEN = "one-two-three"
    assert client.get("/metrics").status_code == 404
    for wrong in (
        "Bearer one-two-thre",
        "Bearer ",
        "one-two-three",
        "Basic one-two-three",
        "Bearer ä",
    ):
        assert client.get("/metrics", HTTP_AUTHORIZATION=wrong).status_code == 404, wrong
    right = {"HTTP_AUTHORIZATION": "Bearer one-two-three", "REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", **right).status_code == 200


def test_requests_are_counted_by_the_name_of_the_page(client: Client) -> None:
    key = ("mutualist_requests_total", "method=GET", "route=core:home", "status=200")
    before = figures(client).get(key, 0)
    client.get("/")
    client.get("/?x=1")
    after = figures(client)
    assert after[key] == before + 2
    assert after["mutualist_request_seconds_bucket", "le=+Inf", "route=core:home"] >= 2
    assert after[("mutualist_requests_in_flight",)] == 1, "the one that asks"


def test_whatever_is_asked_makes_no_new_label(client: Client) -> None:
    for path in ("/no/1", "/no/2", "/s/secret-1/", "/static/no-1.css", "/static/no-2.css"):
        client.get(path)
    client.generic("SPELL", "/")
    routes = {part for key in figures(client) for part in key if part.startswith("route=")}
    assert {"route=unknown", "route=static"} <= routes
    assert not [one for one in routes if "/" in one or "secret" in one]
    methods = {part for key in figures(client) for part in key if part.startswith("method=")}
    assert "method=other" in methods
    assert "method=SPELL" not in methods


def test_an_error_of_the_database_is_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MUTUALIST_DEMO = True

    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError("no such table")

    client.raise_request_exception = False
    before = figures(client)[("mutualist_database_errors_total",)]
    monkeypatch.setattr("mutualist.apps.core.pages.render", broken)
    assert client.get("/styleguide/").status_code >= 500
    assert figures(client)[("mutualist_database_errors_total",)] == before + 1


def test_the_figures_count_rooms_seals_openings_mails_and_name_nobody(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    world: World = build()
    found = figures(Client())
    assert found["mutualist_rooms", "state=opened"] >= 2
    assert found["mutualist_rooms", "state=answering"] >= 2
    assert found[("mutualist_seals",)] >= 8
    assert found[("mutualist_openings",)] >= 3
    assert found[("mutualist_audit_entries",)] > 50
    assert sum(v for k, v in found.items() if k[0] == "mutualist_mails") > 5
    assert found["mutualist_webhooks", "state=dead"] == 0
    text = metrics.text().decode()
    for room in world.rooms.values():
        assert str(room.uid) not in text
    assert not re.search("@|nordwerk|anna|tauwerk|PumpenPuls", text, re.IGNORECASE)


def test_a_source_that_fails_takes_no_other_along(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[metrics.Figure]:
        raise DatabaseError("gone")

    monkeypatch.setitem(metrics._SOURCES, "a", broken)
    assert ("mutualist_audit_entries",) in figures(client)


SHARED = """
import os, sys
from prometheus_client import values
import mutualist.apps.core.metrics as m
from django.conf import settings
settings.configure(MUTUALIST_METRICS_TOKEN="")
for _ in range(3):
    if os.fork() == 0:
        m.REQUESTS.labels("core:home", "GET", "200").inc()
        m.LATENCY.labels("core:home").observe(0.01)
        os._exit(0)
    os.wait()
sys.stdout.write(m.text().decode())
"""


def test_several_processes_count_together(tmp_path: Any) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SHARED],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = 'mutualist_requests_total{method="GET",route="core:home",status="200"} 3.0'
    assert wanted in run.stdout


# Lines


@pytest.fixture
def lines() -> Any:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_each_request_leaves_one_line(client: Client, lines: Any) -> None:
    answer = client.get("/?who=Anna", headers={NUMBER: "abc-12345678"})
    assert answer.headers[NUMBER] == "abc-12345678"
    (line,) = [one for one in lines() if one["logger"] == "mutualist.requests"]
    assert line["request"] == "abc-12345678"
    assert (line["route"], line["method"], line["status"]) == ("core:home", "GET", 200)
    assert line["ms"] >= 0
    assert line["actor"] in {"anonymous", "none"}
    assert "Anna" not in json.dumps(line)


@pytest.mark.parametrize(
    "given", ["short", "x" * 80, "a b c d e f g h", "abc\x1b[31mdefgh", "<script>alert</script>"]
)
def test_a_number_that_is_none_is_replaced(client: Client, given: str) -> None:
    number = client.get("/", headers={NUMBER: given}).headers[NUMBER]
    assert number != given
    assert re.fullmatch(r"[0-9a-f]{16}", number)


def test_a_failure_tells_its_number_and_the_log_knows_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, lines: Any
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("Anna of Nordwerk, anna@nordwerk.example")

    client.raise_request_exception = False
    monkeypatch.setattr(watching.probes, "live", broken)
    monkeypatch.setattr("mutualist.apps.core.pages.OutboxMail", None)
    monkeypatch.setattr("mutualist.apps.core.pages.actor_of", broken)
    answer = client.get("/outbox/")
    assert answer.status_code == 500
    number = answer.headers[NUMBER]
    assert number in answer.content.decode()
    (line,) = [one for one in lines() if one["level"] == "error"]
    assert line["request"] == number
    assert line["error"] == "KeyError"
    assert any("test_watching.py" in place for place in line["trace"])
    assert "Anna" not in json.dumps(line)
    assert "nordwerk" not in json.dumps(line)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("mail to anna.b@firm.example failed", "mail to …@… failed"),
        ("from 203.0.113.9 and 10.0.0.1", "from 203.0.… and 10.0.…"),
        ("from 2001:db8:85a3::8a2e:370:7334", "from 2001:db8:…"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("/accounts/password/reset/key/3-abc/", "/accounts/password/reset/key/…/"),
        ("at 12:30:45 version 5.2.19", "at 12:30:45 version 5.2.19"),
    ],
)
def test_what_a_line_leaves_out(text: str, wanted: str) -> None:
    assert scrubbed(text) == wanted


def test_nobody_writes_lines_of_their_own(lines: Any) -> None:
    from mutualist.apps.core.logs import Lines

    record = logging.getLogger("x").makeRecord("x", 30, "x", 1, "a\nERROR root b", (), None)
    assert "\n" not in Lines().format(record)
    assert "\n" not in JsonLines().format(record)


def test_the_rules_for_alarms_speak_of_figures_there_are() -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    told = set(re.findall(r"^# TYPE (\w+)", metrics.text().decode(), re.MULTILINE))
    told |= {f"{name}_bucket" for name in told}
    expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    assert len(expressions) >= 8
    for expression in expressions:
        named = set(re.findall(r"\bmutualist_\w+", expression))
        assert named <= told, expression
    scrape = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    assert scrape["scrape_configs"][0]["job_name"] == "mutualist"
