"""What is stored today is read tomorrow: the forms of keys, places and padded sheets, byte for byte."""

from __future__ import annotations

import hashlib

from mutualist.apps.core.keyring import Kek
from mutualist.apps.core.vault import LEAST
from mutualist.apps.rooms.sealing import _place, pad, unpad


def test_the_name_of_a_key_has_eight_bytes():
    secret = bytes(range(32))
    assert Kek(secret).id == hashlib.sha256(b"mutualist/key-name/v1" + secret).digest()[:8]


def test_the_least_that_can_be_sealed_is_a_mark_a_nonce_and_a_tag():
    assert LEAST == 1 + 12 + 16


def test_a_padded_sheet_begins_with_its_length_in_four_bytes():
    assert pad(b"abc", 8) == b"\0\0\0\3abc\0"
    assert unpad(b"\0\0\0\3abc\0") == b"abc"


def test_each_part_of_a_place_carries_its_length_in_four_bytes():
    assert _place("room", 12) == b"\0\0\0\4room\0\0\0\00212"
