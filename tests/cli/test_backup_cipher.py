"""Nothing of an encrypted backup can be changed, swapped or cut off without it being noticed."""

from __future__ import annotations

import io

import pytest

from mutualist.apps.operations.cipher import (
    MAGIC,
    PIECE,
    TAG,
    DamagedError,
    Opening,
    PassphraseError,
    Sealing,
    is_sealed,
)

WORD = "correct horse battery"


def sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    with Sealing(target, WORD) as stream:
        for start in range(0, len(content), 300_000):
            stream.write(content[start : start + 300_000])
    return target.getvalue()


def opened(raw: bytes, word: str = WORD) -> bytes:
    source = io.BytesIO(raw)
    assert is_sealed(source)
    with Opening(source, word) as stream:
        return io.BufferedReader(stream).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_goes_in_comes_out(size):
    content = (b"0123456789abcde" * (size // 15 + 1))[:size]
    raw = sealed(content)
    assert opened(raw) == content
    assert size < 15 or content[:15] not in raw


def test_another_passphrase_is_told_from_a_damaged_file():
    raw = sealed(b"x" * 100)
    with pytest.raises(PassphraseError):
        opened(raw, "another one")


def body_of(raw: bytes) -> int:
    """Return where the head ends."""
    return raw.index(b"\n", len(MAGIC)) + 1


def test_a_changed_byte_anywhere_is_noticed():
    raw = sealed(b"x" * (2 * PIECE + 5))
    begin = body_of(raw)
    for place in (begin, begin + PIECE, begin + PIECE + TAG + 3, len(raw) - 1):
        broken = bytearray(raw)
        broken[place] ^= 1
        with pytest.raises(DamagedError):
            opened(bytes(broken))


def test_pieces_left_out_swapped_or_cut_off_are_noticed():
    raw = sealed(b"a" * PIECE + b"b" * PIECE + b"c" * PIECE + b"d")
    begin, step = body_of(raw), PIECE + TAG
    head = raw[:begin]
    pieces = [raw[begin + step * n : begin + step * (n + 1)] for n in range(4)]
    for wrong in (
        pieces[:3],
        pieces[:1],
        [],
        [pieces[1], pieces[0], *pieces[2:]],
        [pieces[0], *pieces[2:]],
        [*pieces, pieces[3]],
        [*pieces[:3], pieces[3][:-1]],
    ):
        with pytest.raises(DamagedError):
            opened(head + b"".join(wrong))


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"n": 32768', b'"n": 16384'), (b'"salt": "', b'"salt": "00'), (b'"r": 8', b'"r": 99999999')],
)
def test_a_changed_head_is_noticed_and_costs_nothing(old, new):
    raw = sealed(b"x")
    assert old in raw
    with pytest.raises((DamagedError, PassphraseError)):
        opened(raw.replace(old, new, 1))
