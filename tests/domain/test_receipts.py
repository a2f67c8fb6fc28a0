"""Receipts and heads: what is signed, what is recomputed, and that nothing in a file stops the check."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.receipts import PARTIES, head, receipt
from mutualist.domain.shared import (
    canonical_json,
    conflicting,
    contradictions,
    find_heads,
    head_of,
    key_fingerprint,
    receipt_doubts,
    receipt_message,
    signed_message,
)

GOOD = receipt()


def codes(document):
    return {(doubt.code, doubt.field) for doubt in receipt_doubts(document)}


def test_a_good_receipt_has_no_doubts():
    assert receipt_doubts(GOOD) == ()
    assert receipt_doubts(json.loads(json.dumps(GOOD))) == ()


def test_what_is_signed_by_hand():
    content = {key: value for key, value in GOOD.items() if key != "signature"}
    body = canonical_json(content)
    domain = b"mutualist/receipt/v1"
    by_hand = len(domain).to_bytes(8, "big") + domain + len(body).to_bytes(8, "big") + body
    assert receipt_message(GOOD) == by_hand
    assert signed_message("mutualist/head/v1", GOOD) != by_hand


@pytest.mark.parametrize("field", sorted(GOOD))
def test_every_field_has_to_be_there(field):
    rest = {key: value for key, value in GOOD.items() if key != field}
    expected = ("no_receipt", "schema") if field == "schema" else ("missing", field)
    assert codes(rest) == {expected}


@pytest.mark.parametrize("field", sorted(set(GOOD) - {"schema"}))
@pytest.mark.parametrize("value", [None, 7.5, [], True, "\x00", "", "x" * 400])
def test_no_value_stops_the_check(field, value):
    found = receipt_doubts({**GOOD, field: value})
    if field == "name" and value == "":
        assert found == ()
        return
    assert [(doubt.code, doubt.field) for doubt in found] == [("form", field)]
    assert len(found[0].found) <= 60


@pytest.mark.parametrize("field", ["room", "party", "questions", "nonce", "commitment"])
def test_a_changed_field_does_not_fit_the_commitment(field):
    other = {"room": "r", "party": "B"}.get(field, "ab" * 32)
    assert ("commitment", "commitment") in codes({**GOOD, field: other})


def test_a_changed_round_sheet_or_fingerprint_is_found():
    assert codes({**GOOD, "round": 2}) == {("commitment", "commitment")}
    assert codes({**GOOD, "sheet": {"1.4": "open"}}) == {("commitment", "commitment")}
    assert codes({**GOOD, "fingerprint": "0000 0000"}) == {("fingerprint", "fingerprint")}
    other = key_fingerprint("ab" * 32)
    assert codes({**GOOD, "key_fingerprint": other}) == {("key_fingerprint", "key_fingerprint")}
    assert codes({**GOOD, "note": 1}) == {("unknown", "note")}


def deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return value


@pytest.mark.parametrize(
    "sheet",
    [
        {"1.1": "\ud800"},
        {"1.1": 10**40},
        {"1.1": float("nan")},
        {"1.1": b"bytes"},
        {1: "x"},
        {"1.1": deep()},
    ],
    ids=["surrogate", "huge", "nan", "bytes", "number as key", "deep"],
)
def test_a_sheet_nobody_could_seal_is_a_doubt(sheet):
    assert codes({**GOOD, "sheet": sheet}) == {("form", "sheet")}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(JSON)
def test_anything_else_is_no_receipt(document):
    assert codes(document) == {("no_receipt", "schema")}


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON, min_size=1))
def test_nothing_in_a_receipt_stops_the_check(changed):
    receipt_doubts({**GOOD, **changed})


def test_receipts_of_one_room_have_to_agree():
    other_seal = receipt(nonce="77" * 32)
    other_side = receipt(party="B")
    other_room = receipt(room="r2", nonce="11" * 32)
    assert conflicting({"a": GOOD, "b": other_side, "c": other_room, "d": dict(GOOD)}) == ()
    found = conflicting({"a": GOOD, "b": other_seal})
    assert [(doubt.code, doubt.field, doubt.found) for doubt in found] == [("two_seals", "a", "b")]
    other_questions = receipt(party="B", questions="ab" * 32)
    assert [d.code for d in conflicting({"a": GOOD, "b": other_questions})] == ["two_question_sets"]
    assert PARTIES["A"] == GOOD["party_name"]


def test_a_head_is_found_however_a_mail_carries_it():
    one = head()
    ways = [
        one.text,
        "Guten Tag,\r\n\r\n" + one.text.replace("\n", "\r\n") + "\r\n--\r\nMutualist",
        "\n".join(f"> > {line}" for line in one.text.splitlines()),
        one.text.replace(" ", "\n   "),
        one.text.upper()
        .replace("MUTUALIST-HEAD/1", "mutualist-head/1")
        .replace("CHAIN ROOM:7", "chain room:7")
        .replace("SEQ", "seq")
        .replace("HASH", "hash")
        .replace("TIME", "time")
        .replace("KEY", "key")
        .replace("SIGNATURE", "signature"),
    ]
    for way in ways:
        assert find_heads(way) == (one,), way
    assert find_heads(f"{one.text}\n\n{head(43).text}\n{one.text}") == (one, head(43))
    assert all(len(line) < 78 for line in one.text.splitlines())


@pytest.mark.parametrize("cut", ["chain room:7\n", "seq 42\n", "hash", "signature"])
def test_half_a_head_is_none(cut):
    assert find_heads(head().text.replace(cut, "")) == ()
    assert find_heads(head().text[:-1]) == ()


def test_a_head_as_json():
    one = head()
    assert head_of(one.to_dict()) == one
    assert head_of({**one.to_dict(), "schema": "x"}) is None
    assert head_of([one.to_dict()]) is None
    assert head_of({**one.to_dict(), "seq": "42"}) is None
    assert head_of({**one.to_dict(), "hash": None}) is None
    assert head_of({**one.to_dict(), "hash": "nonsense"}) is None


def test_two_heads_of_one_place_contradict_each_other():
    one, other = head(), head(hash="ab" * 32)
    assert (
        contradictions([one, head(43), one, replace(one, time="2026-11-22T16:00:00+00:00")]) == ()
    )
    assert contradictions([one, other]) == ((one, other),)
    assert contradictions([one, replace(other, chain="room:8")]) == ()


def test_keys_are_compared_by_sixteen_digits():
    assert key_fingerprint("00" * 32) == "ffd7 7930 d0b4 cae9"


def test_rounds_are_counted_from_one_to_ten_thousand():
    assert ("form", "round") not in codes({**GOOD, "round": 10_000})
    for wrong in (0, 10_001):
        assert ("form", "round") in codes({**GOOD, "round": wrong})
