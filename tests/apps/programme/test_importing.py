"""A table of facts comes in whole or not at all; every mistake is told by its row."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from apps.programme.cast import browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.models import FactRow

HEAD = "partner;id;day;customer;amount\n"


def send(channel, content: str, table: str = "sales"):
    upload = SimpleUploadedFile("sales.csv", content.encode("cp1252"), "text/csv")
    return browser(channel.cast.anna).post(
        f"/programmes/{channel.programme.uid}/facts/", {"table": table, "file": upload}
    )


def test_rows_are_stored_and_replaced_by_their_id(channel):
    assert send(channel, HEAD + "P-1;S-1;2026-03-01;Müller;1.234,50\n").status_code == 302
    assert send(channel, HEAD + "P-1;S-1;2026-03-01;Müller;2.000,00\n").status_code == 302
    row = FactRow.objects.get()
    assert (row.relation, row.values["amount"], row.values["customer"]) == (
        channel.tauwerk,
        "2000",
        "Müller",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("P-9;S-2;2026-03-01;A;5\n", "P-9"),
        ("P-1;S-2;2026-13-01;A;5\n", "2026-13-01"),
        ("P-1;S-2;2026-03-01;A;much\n", "much"),
        ("P-1;;2026-03-01;A;5\n", "no id"),
        ("P-1;S-1;2026-03-01;A;5\nP-1;S-1;2026-03-02;A;5\n", "S-1"),
    ],
)
def test_one_wrong_row_keeps_everything_out(channel, row, said):
    answer = send(channel, HEAD + "P-1;S-0;2026-03-01;A;5\n" + row)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not FactRow.objects.exists()


def test_a_table_that_the_rules_do_not_name(channel):
    answer = send(channel, HEAD + "P-1;S-1;2026-03-01;A;5\n", table="unknown")
    assert answer.status_code == 422
    assert not FactRow.objects.exists()


def test_no_file_says_so(channel):
    answer = browser(channel.cast.anna).post(
        f"/programmes/{channel.programme.uid}/facts/", {"table": "sales"}
    )
    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()


HEADS = ["partner", "id", "day", "customer", "amount"]


def send_book(channel, *rows, sheets=("notes", "sales")):
    book = Workbook()
    for at, title in enumerate(sheets):
        sheet = book.worksheets[0] if at == 0 else book.create_sheet()
        sheet.title = title
        for row in (HEADS, *rows) if title in {"sales", "only"} else (["anything"],):
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    upload = SimpleUploadedFile("sales.xlsx", stream.getvalue())
    return browser(channel.cast.anna).post(
        f"/programmes/{channel.programme.uid}/facts/", {"table": "sales", "file": upload}
    )


@pytest.mark.parametrize("sheets", [("notes", "sales"), ("only",)])
def test_a_workbook_with_days_numbers_and_numbers_as_text(channel, sheets):
    answer = send_book(
        channel,
        ["P-1", "S-1", datetime(2026, 3, 1), 4711, 1234.5],  # noqa: DTZ001 - as workbooks hold days
        [None, None, None, None, None],
        ["P-2", 17, "2026-03-02", "Müller", "2.000,25"],
        sheets=sheets,
    )
    assert answer.status_code == 302, answer.content.decode()
    found = {row.external_id: row for row in FactRow.objects.all()}
    assert (found["S-1"].day, found["S-1"].values["amount"], found["S-1"].values["customer"]) == (
        date(2026, 3, 1),
        "1234.5",
        "4711",
    )
    assert (found["17"].relation, found["17"].values["amount"]) == (channel.grauwerk, "2000.25")


def test_a_wrong_row_of_a_workbook_is_told_by_its_row(channel):
    answer = send_book(
        channel, ["P-1", "S-1", "2026-03-01", "A", 5], ["P-9", "S-2", "2026-03-01", "A", 5]
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "P-9" in page
    assert "3" in page.partition("Nothing was stored")[2].partition("P-9")[0]
    assert not FactRow.objects.exists()


def test_a_workbook_without_the_sheet_and_a_damaged_one(channel):
    answer = send_book(channel, sheets=("notes", "more"))
    assert answer.status_code == 422
    assert "no sheet sales, only notes, more" in answer.content.decode()
    broken = SimpleUploadedFile("sales.xlsx", b"PK\x03\x04 nothing more")
    answer = browser(channel.cast.anna).post(
        f"/programmes/{channel.programme.uid}/facts/", {"table": "sales", "file": broken}
    )
    assert answer.status_code == 422
    assert not FactRow.objects.exists()


def test_the_empty_workbook_has_a_sheet_for_each_table(channel):
    address = f"/programmes/{channel.programme.uid}/facts/template.xlsx"
    book = load_workbook(io.BytesIO(browser(channel.cast.ben).get(address).content))
    assert book.sheetnames == ["sales"]
    heads = [cell.value for cell in book["sales"][1]]
    assert heads == ["partner", "id", "day", "customer", "amount", "amount_currency"]
    assert browser(channel.cast.dora).get(address).status_code == 404


def test_a_day_to_come_is_taken_and_told(channel):
    upload = SimpleUploadedFile(
        "sales.csv", (HEAD + f"P-1;S-1;{today() + timedelta(days=2)};A;5\n").encode(), "text/csv"
    )
    answer = browser(channel.cast.anna).post(
        f"/programmes/{channel.programme.uid}/facts/",
        {"table": "sales", "file": upload},
        follow=True,
    )
    assert "row 2, day" in answer.content.decode()
    assert "the row does not count yet" in answer.content.decode()
    assert FactRow.objects.count() == 1


def test_a_column_named_twice_is_told(channel):
    answer = send(channel, "partner;id;id;day\nP-1;S-1;S-2;2026-03-01\n")
    assert answer.status_code == 422
    assert "names a column twice: id" in answer.content.decode()


def test_without_rules_in_force_the_page_says_what_to_do(channel):
    from mutualist.apps.programme.models import RuleSetVersion

    RuleSetVersion.objects.filter(programme=channel.programme).update(since=date(2099, 1, 1))
    page = browser(channel.cast.anna).get(f"/programmes/{channel.programme.uid}/facts/")
    said = page.content.decode()
    assert "No rules are in force today" in said
    assert f'href="/programmes/{channel.programme.uid}/rules/"' in said
    assert "<select" not in said.partition("<main")[2].partition("</main>")[0]


def test_few_changed_partners_are_looked_at_and_no_others(channel):
    from mutualist.apps.programme.actions.ahead import AT_ONCE, look_again
    from mutualist.apps.programme.models import Relation

    waiting = Relation.objects.bulk_create(
        Relation(programme=channel.programme, name=f"Firma {at}") for at in range(AT_ONCE)
    )
    programme, own = channel.programme.pk, Relation.objects.filter(looked_on=today())
    Relation.objects.update(looked_on=None)
    look_again(programme, [waiting[-1].pk])
    assert [one.pk for one in own] == [waiting[-1].pk]
    look_again(programme)
    assert not own.all().exists(), "of many, none while somebody waits"
