"""The paper of a commission statement holds what it is given, and nothing is evaluated."""

from __future__ import annotations

import io

import pytest

from mutualist.reports.commission import statement_pdf

DATA = {
    "lang": "de", "title": "Provisionsabrechnung", "from_name": "Nordwerk Partner", "to_name": 'Tauwerk #panic("x") GmbH',
    "number": "Abrechnung 12", "issued": "2. April 2026", "period": "1. bis 31. März 2026", "due_label": "Zu zahlen",
    "due_note": "Auf das Konto mit den letzten vier Stellen 3201", "due": "1.234,56 EUR", "closing_label": "Endstand",
    "sums": [["Anfangsstand", "0,00 EUR"], ["Freigegeben", "1.234,56 EUR"]], "movements_title": "Buchungen",
    "heads": ["Nr.", "Tag", "Vorgang", "Betrag"],
    "rows": [{"number": "17", "day": "31.03.2026", "text": "Rechnung R-1", "note": "Lizenz, Gold: 20 %.", "amount": "1.234,56 EUR"}],
    "none": "Keine Buchungen", "notes": ["Journal bis Nr. 17"], "footer": "Nordwerk Partner", "timestamp": 1775000000,
}  # fmt: skip


def _text(content):
    pypdf = pytest.importorskip("pypdf")
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_a_statement_on_paper():
    content = statement_pdf(DATA)
    assert content.startswith(b"%PDF")
    assert statement_pdf(DATA) == content, "the same data give the same bytes"
    text = _text(content)
    for said in ("Provisionsabrechnung", "1.234,56 EUR", "Rechnung R-1", 'panic("x")', "3201"):
        assert said in text


def test_one_without_movements_and_one_of_many_pages():
    assert "Keine Buchungen" in _text(statement_pdf({**DATA, "rows": [], "sums": []}))
    many = statement_pdf({**DATA, "rows": DATA["rows"] * 120})
    assert _text(many).count("Rechnung R-1") == 120
