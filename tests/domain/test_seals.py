"""Seals: frozen vector, every field bound, canonical JSON inside."""

from __future__ import annotations

import hashlib

import pytest

from mutualist.domain.assess import builtin_ruleset, builtin_text, load_ruleset
from mutualist.domain.shared import (
    MutualistError,
    canonical_json,
    commitment,
    fingerprint,
    question_set_hash,
)
from mutualist.domain.shared.nesting import MAX_DEPTH, is_too_deep

FIELDS = {
    "room": "0f9c2f7e-room",
    "party": "A",
    "questions": "ab" * 32,
    "round": 1,
    "nonce": bytes(range(32)),
    "answers": {"1.4": "gt3", "2.2": {"years": 5}, "1.1": "Bis 2028 …"},
}
FROZEN = "3a1d2fe47af1b70e6d632a07a01bbe0d6779e354cce7c7eae2ff99b0b8112377"


def test_frozen_vector():
    assert commitment(**FIELDS) == FROZEN


def test_vector_by_hand():
    parts = [
        b"mutualist/seal/v1",
        b"0f9c2f7e-room",
        b"A",
        b"ab" * 32,
        b"1",
        bytes(range(32)),
        '{"1.1":"Bis 2028 …","1.4":"gt3","2.2":{"years":5}}'.encode(),
    ]
    joined = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    assert hashlib.sha256(joined).hexdigest() == FROZEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("room", "0f9c2f7e-roo"),
        ("party", "B"),
        ("questions", "ac" * 32),
        ("round", 2),
        ("nonce", bytes(32)),
        ("answers", {}),
    ],
)
def test_every_field_is_bound(field, value):
    assert commitment(**{**FIELDS, field: value}) != FROZEN


def test_fields_cannot_run_into_each_other():
    assert commitment(**{**FIELDS, "room": "r", "party": "AB"}) != commitment(
        **{**FIELDS, "room": "rA", "party": "B"}
    )


def test_order_of_answers_does_not_matter_but_a_single_value_does():
    answers = dict(reversed(FIELDS["answers"].items()))
    assert commitment(**{**FIELDS, "answers": answers}) == FROZEN
    assert commitment(**{**FIELDS, "answers": {**answers, "1.4": "open"}}) != FROZEN


@pytest.mark.parametrize("nonce", [b"", bytes(31), bytes(33)])
def test_nonce_has_32_bytes(nonce):
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(**{**FIELDS, "nonce": nonce})


def test_fingerprint_is_the_first_eight_digits():
    assert fingerprint(FROZEN) == f"{FROZEN[:4]} {FROZEN[4:8]}"


def test_question_set_hash_is_about_questions_not_weights():
    text = builtin_text()
    same = load_ruleset(text.replace("weight: 14", "weight: 15"))
    other = load_ruleset(text.replace("What is this initiative about?", "What is it about?"))
    assert question_set_hash(builtin_ruleset()) == question_set_hash(same)
    assert question_set_hash(builtin_ruleset()) != question_set_hash(other)


def test_canonical_json_of_the_standard():
    assert canonical_json(
        {"\u20ac": 1, "\r": 2, "1": 3, "\u0080": 4, "\U0001f600": 5, "\ufb33": 6, "ö": 7}
    ) == ('{"\\r":2,"1":3,"\u0080":4,"ö":7,"€":1,"\U0001f600":5,"\ufb33":6}'.encode())
    numbers = [
        333333333.33333329,
        1e30,
        4.50,
        2e-3,
        1e-27,
        -0.0,
        1e21,
        123456789012345680000.0,
        1e-7,
        0.000001,
    ]
    assert canonical_json(numbers) == (
        b"[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21,123456789012345680000,1e-7,0.000001]"
    )


def test_errors_share_a_root():
    from mutualist.domain.assess import AnswerError, MoveError, RulesetError

    assert all(issubclass(one, MutualistError) for one in (AnswerError, MoveError, RulesetError))


@pytest.mark.parametrize("exact", [2**53, -(2**53)])
def test_a_whole_number_is_written_as_far_as_it_is_exact(exact):
    assert canonical_json(exact) == str(exact).encode()
    with pytest.raises(ValueError, match="too large"):
        canonical_json(exact + (1 if exact > 0 else -1))


def test_large_and_small_numbers_are_written_as_the_standard_has_them():
    written = {
        1.2e22: "1.2e+22",
        -1.5e30: "-1.5e+30",
        1e21: "1e+21",
        1.25e-9: "1.25e-9",
        -1e-7: "-1e-7",
    }
    for number, text in written.items():
        assert canonical_json(number) == text.encode()


def test_how_deep_parts_may_lie_in_each_other():
    def nested(levels: int) -> list:
        value: list = []
        for _ in range(levels):
            value = [value]
        return value

    assert not is_too_deep(nested(MAX_DEPTH))
    assert is_too_deep(nested(MAX_DEPTH + 1))
