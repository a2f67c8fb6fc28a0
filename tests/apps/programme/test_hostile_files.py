"""Files that are no tables, or that are made to harm: each upload of the channel says what is wrong and stores nothing."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from apps.commissions.steps import make_world
from apps.writes.scenarios import browser, rows

pytestmark = pytest.mark.django_db
GOOD = "partner;id;day;customer;amount\nP-1;S-1;2026-03-01;A;5\n"


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def workbook() -> dict[str, bytes]:
    """The parts of a workbook as it is written."""
    stream = io.BytesIO()
    book = Workbook()
    for line in GOOD.splitlines():
        book.active.append(line.split(";"))
    book.save(stream)
    with zipfile.ZipFile(stream) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def changed(sheet: Callable[[bytes], bytes]) -> bytes:
    parts = workbook()
    parts["xl/worksheets/sheet1.xml"] = sheet(parts["xl/worksheets/sheet1.xml"])
    return zipped(**parts)


def with_entities(sheet: bytes) -> bytes:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(8)
    )
    return entities + b"]>" + sheet.replace(b"</sheetData>", b"&i;</sheetData>")


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("a.csv", lambda: b""),
    "a picture": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "UTF-16": ("a.csv", lambda: GOOD.encode("utf-16")),
    "NUL": ("a.csv", lambda: GOOD.replace("A", "A\0").encode()),
    "an open quote": ("a.csv", lambda: GOOD.replace("A", '"A').encode()),
    "a huge cell": ("a.csv", lambda: GOOD.replace("A", "A" * 300_000).encode()),
    "a column twice": ("a.csv", lambda: GOOD.replace("day", "id").encode()),
    "no zip": ("a.xlsx", lambda: b"PK\x03\x04" + b"\0" * 500),
    "a zip of something else": ("a.xlsx", lambda: zipped(**{"a.txt": b"nothing"})),
    "zeros": ("a.xlsx", lambda: changed(lambda _sheet: b"0" * 200_000_000)),
    "cut off": ("a.xlsx", lambda: zipped(**workbook())[:-200]),
    "no XML": ("a.xlsx", lambda: changed(lambda sheet: sheet[:200])),
    "entities": ("a.xlsx", lambda: changed(with_entities)),
}


#: One of these is said.
TOLD = (
    *(
        "no CSV file",
        "check the quotes in line 2",
        "names a column twice",
        "no such column",
        "no row in",
    ),
    *("workbook", "file is empty", "lacks these columns", "first row does not name"),
)


@pytest.fixture
def places(cast):
    """Where files are taken in, with what else is asked there."""
    uid = make_world(cast).programme.uid
    return {
        "facts": (reverse("programme:importing", args=[uid]), {"table": "sales"}),
        "enquiries": (reverse("enquiries:import", args=[uid]), {}),
        "invoices": (reverse("commissions:invoices_import", args=[uid]), {}),
    }


@pytest.mark.parametrize("place", ["facts", "enquiries", "invoices"])
@pytest.mark.parametrize("name", FILES)
def test_it_is_told_and_nothing_is_stored(cast, places, place, name):
    address, form = places[place]
    file_name, made = FILES[name]
    anna = browser(cast.anna)
    anna.raise_request_exception = False
    before = rows()
    answer = anna.post(address, {**form, "file": SimpleUploadedFile(file_name, made())})
    assert answer.status_code in {413, 422}, answer.content[:300]
    page = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert any(one in page for one in TOLD), page
    assert rows() == before
