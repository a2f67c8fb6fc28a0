"""A CSV file read row by row says the same as one read at once, whatever it is written in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.library import csvfile
from mutualist.library.csvfile import open_table, read_table, table_of
from mutualist.library.errors import FileError
from mutualist.library.programme_files import CsvRows, rows_of


def outcome(work):
    try:
        heads, rows = work()
        return heads, list(rows)
    except FileError as error:
        return str(error)


@given(st.text(alphabet='a1;,\t"\r\n €ü\ufeff\U0001f600', max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_alike(text):
    data = text.encode()
    decoded = data.decode("utf-8-sig")
    at_once = outcome(lambda: table_of(decoded, "a.csv"))
    assert outcome(lambda: read_table(open_table(data, "a.csv"), "a.csv")) == at_once


@given(st.text(alphabet="aü€\U0001f600", max_size=30), st.booleans())
def test_characters_across_the_pieces_that_are_looked_at(text, broken):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csvfile, "_PIECE", 3)
        data = text.encode() + b"\xfc" * broken
        assert open_table(data, "a.csv").read() == (
            data.decode("cp1252", errors="replace") if broken else text
        )


def test_one_sign_of_windows_at_the_end_says_how_the_whole_file_is_written():
    data = b"partner;id\n" + b"P-1;\x80\n" * 3
    assert [row["id"] for _at, row in rows_of(data, "a.csv")] == ["€"] * 3


def test_rows_can_be_gone_through_again_and_number_their_last_line():
    rows = CsvRows('id;customer\n1;"A\nB"\n\n2;C\n'.encode("utf-8-sig"), "a.csv")
    assert (
        list(rows)
        == list(rows)
        == [
            (3, {"id": "1", "customer": "A\nB"}),
            (5, {"id": "2", "customer": "C"}),
        ]
    )


def test_what_stands_behind_a_mistake_is_not_read_but_what_stands_before_is():
    rows = iter(CsvRows(b'id;day\n1;2\n2;"3\n', "a.csv"))
    assert next(rows)[0] == 2
    with pytest.raises(FileError, match="quotes in line 3"):
        next(rows)
