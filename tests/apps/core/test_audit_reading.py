"""The quick way of reading entries gives the very bytes the standard asks for, whatever is in them."""

from __future__ import annotations

import json
import math

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import ActionKind, record, register
from mutualist.apps.core.audit_check import verify
from mutualist.apps.core.audit_reading import Segment, _same_moment, canonical_of, faults_of
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.domain.shared import canonical_json

register(ActionKind("tests.anything.written", "{actor} wrote anything."))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
NUMBER = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUE, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_quick_way_is_the_exact_way(value, plain, spaced):
    separators = None if spaced else (",", ":")
    raw = json.dumps(value, ensure_ascii=plain, separators=separators)
    assert canonical_of(raw)[1] == canonical_json(value)
    assert canonical_of(f" {raw}\n")[1] == canonical_json(value)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ('{"b":1.0,"a":-0}', b'{"a":0,"b":1}'),
        ("1e21", b"1e+21"),
        ("1000000000000000000000", b"1e+21"),
        ("9007199254740992", b"9007199254740992"),
        ("1E2", b"100"),
        ('{"\U0001f600":1,"\ufb33":2}', '{"\U0001f600":1,"\ufb33":2}'.encode()),
        ('{"\\ud83d\\ude00":1,"\\ufb33":2}', '{"\U0001f600":1,"\ufb33":2}'.encode()),
        ('"\\u0007\\u007f\\/"', b'"\\u0007\x7f/"'),
    ],
)
def test_what_the_quick_way_must_leave_to_the_exact_one(raw, canonical):
    assert canonical_of(raw)[1] == canonical


@pytest.mark.parametrize("raw", ["", "{", "nonsense", '{"a":1} {"b":2}', "NaN", '"\\ud800"', "1,"])
def test_what_has_no_canonical_form_is_refused(raw):
    with pytest.raises((ValueError, TypeError)):
        canonical_of(raw)


@pytest.mark.django_db
@given(st.dictionaries(TEXT, VALUE, max_size=4), st.dictionaries(TEXT, TEXT, max_size=3))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_recorded_verifies_after_the_round_trip(data, personal):
    """SQLite keeps text, PostgreSQL keeps jsonb: numbers and the order of keys come back otherwise."""
    with transaction.atomic():
        record(
            "tests.anything.written",
            actor=Actor("user", name="Anna"),
            obj=OutboxMail(pk=1),
            chain="room:any",
            data=data,
            personal=personal,
        )
    assert list(verify("room:any")) == []
    assert list(faults_of(Segment())) == []


@pytest.mark.parametrize(
    ("stored", "written", "same"),
    [
        ("2026-11-22 15:00:00.123456", "2026-11-22T15:00:00.123456+00:00", True),
        ("2026-11-22 15:00:00", "2026-11-22T15:00:00+00:00", True),
        ("2026-11-22 15:00:00.100000", "2026-11-22T15:00:00.1+00:00", False),
        ("2026-11-22 15:00:00", "2026-11-22T15:00:01+00:00", False),
        ("2026-11-22 15:00:00", "2026-11-22T15:00:00", True),
        ("nonsense", "2026-11-22T15:00:00+00:00", False),
        ("2026-11-22 15:00:00", "nonsense", False),
        ("2026-11-22 15:00:00", None, False),
        ("2026-11-22 15:00:00.000000", "2026-11-22T15:00:00+00:00", True),
    ],
)
def test_moments_are_compared(stored, written, same):
    assert _same_moment(stored, written) is same


@pytest.mark.django_db
def test_the_cache_of_personal_data_is_bounded(monkeypatch):
    from mutualist.apps.core import audit_reading

    monkeypatch.setattr(audit_reading, "_CACHED", 2)
    with transaction.atomic():
        for number in range(7):
            record(
                "tests.anything.written",
                actor=Actor("user", name=f"Person {number}"),
                obj=OutboxMail(pk=1),
                chain="room:any",
            )
    assert list(verify("room:any")) == []
    assert math.isclose(AuditEntry.objects.count(), 7)


@pytest.mark.django_db
def test_personal_data_that_are_no_json_are_a_fault():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps JSON only")
    with transaction.atomic():
        record(
            "tests.anything.written", actor=Actor("user"), obj=OutboxMail(pk=1), chain="room:any"
        )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE core_auditpersonal SET data = 'nonsense'")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert [fault.reason for fault in verify("room:any")] == ["personal"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE core_auditentry SET body = 'nonsense'")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert [fault.reason for fault in verify("room:any")] == ["hash"]
