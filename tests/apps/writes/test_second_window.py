"""A form of the channel open in two windows and sent from both: nothing is there twice, and the person reads why.

A double click and the back button are told by the key of the form (test_once.py); here the forms have two keys.
"""

from __future__ import annotations

import html
from typing import Any

import pytest

from apps.rooms.cast import Cast
from apps.writes.commissions import COMMISSION_PAGES
from apps.writes.enquiries import ENQUIRY_PAGES
from apps.writes.programme import PROGRAMME_PAGES
from apps.writes.projects import PROJECT_PAGES
from apps.writes.ratings import RATING_PAGES
from apps.writes.scenarios import Write, browser, difference, rows
from mutualist.apps.identity.models import User

pytestmark = pytest.mark.django_db
PAGES = PROGRAMME_PAGES | PROJECT_PAGES | ENQUIRY_PAGES | COMMISSION_PAGES | RATING_PAGES
#: What stood on the page when both windows were opened.
SEEN = {"commissions:invoice": "0", "commissions:partner": "0", "programme:room": "0"}
#: A newer plan takes the place of the one before, which is kept.
REPLACED = {"programme:plan", "programme:own_plan_link"}
SAID = {
    "programme:new": ("has a programme “", "hat schon ein Programm „"),
    "programme:add": ("is in the programme already", "ist schon im Programm"),
    "programme:room": ("was opened meanwhile", "Inzwischen wurde ein Raum mit"),
    "programme:decisions": ("Nothing is left to decide here", "Hier ist nichts mehr zu entscheiden"),
    "enquiries:new": ("The same enquiry came in on", "Dieselbe Anfrage ging schon ein"),
    "commissions:invoice": ("Meanwhile 100.00 EUR of the invoice", "Inzwischen wurden 100,00 EUR"),
    "commissions:approve": ("is approved already", "ist schon freigegeben"),
    "commissions:reverse": ("is reversed already, with entry", "ist schon storniert, mit der Buchung"),
    "commissions:partner": ("Meanwhile an adjustment of 5.00 EUR", "eine Korrektur von 5,00 EUR"),
}  # fmt: skip


def _twice(cast: Cast, name: str) -> tuple[Write, Any, dict[str, int]]:
    """Send a form from two windows; return the second answer and what it made more."""
    write = PAGES[name](cast)
    client = browser(cast.anna)
    form = {**write.form, **({"seen": SEEN[name]} if name in SEEN else {})}
    first = client.post(write.path, form)
    assert first.status_code in {200, 302}, first.content.decode()[:2000]
    before = rows()
    second = client.post(write.path, form, follow=True)
    more = {
        table: count
        for table, count in difference(before, rows()).items()
        if not table.startswith("core_audit")
    }
    return write, second, more


@pytest.mark.parametrize("name", sorted(set(PAGES) - REPLACED))
def test_what_is_sent_from_a_second_window_is_there_once(cast: Cast, name: str) -> None:
    _write, second, more = _twice(cast, name)
    assert more == {}
    assert second.status_code < 500


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("language", ["en", "de"])
def test_why_is_said(cast: Cast, name: str, language: str) -> None:
    User.objects.filter(pk=cast.anna.user_id).update(language=language)
    _write, second, _more = _twice(cast, name)
    said = html.unescape(second.content.decode())
    assert SAID[name][language == "de"] in said


@pytest.mark.parametrize("name", [*SEEN, "enquiries:new"])
def test_having_read_it_sending_once_more_is_a_decision(cast: Cast, name: str) -> None:
    write, second, _more = _twice(cast, name)
    page = second.content.decode()
    read = {"again": "1"} if name == "enquiries:new" else {"seen": "1"}
    for field, value in read.items():
        assert f'name="{field}" value="{value}"' in page
    before = rows()
    again = browser(cast.anna).post(write.path, {**write.form, **read})
    assert again.status_code == 302
    assert difference(before, rows())
