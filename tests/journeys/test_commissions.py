"""From a won project to money: the vendor books, approves and pays; the partner enters its account by a mailed link only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

from apps.commissions.steps import IBAN, OWN_IBAN, RULES, hold
from apps.projects.steps import make_play, protected
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.commissions import books
from mutualist.apps.commissions.actions.ruling import save_rules
from mutualist.apps.core.clock import today
from mutualist.apps.programme.public import make_link
from mutualist.apps.projects import actions

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def play(settings: Any) -> Any:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    made = make_play()
    hold(made.tauwerk, "silver", today().replace(month=1, day=1))
    save_rules(standing=made.anna, text=RULES)
    project = protected(made)
    actions.win(standing=made.clara, project=project.uid)
    return made


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
def test_from_a_won_project_to_the_bank(
    person: Callable[..., Person], play: Any, language: str, width: int
) -> None:
    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    page, start = anna.page, f"/programmes/{play.anna.programme_uid}/commissions/"
    anna.go(start)
    anna.press(
        anna.say("1 gewonnenes Projekt hat noch keine Rechnung", "1 won project has no invoice yet")
    )
    anna.press("Predictive maintenance of 40 pumps")
    expect(page.locator("[name=amount]")).to_have_value("125000.00")
    anna.look("commission-invoice")
    anna.press(anna.say("Rechnung buchen", "Book the invoice"))
    expect(page.locator("main")).to_contain_text(anna.say("12.500,00 EUR", "12,500.00 EUR"))
    page.locator(".parts form button").first.click()
    anna.look("commission-project")

    anna.go(start)
    anna.press(anna.say("Angekreuztes freigeben", "Approve what is ticked"))
    expect(page.locator(".stats").first).to_contain_text(anna.say("5.000,00 EUR", "5,000.00 EUR"))
    anna.look("commissions")

    tom = person("Tom", language=language, width=width)
    link = _account_by_link(tom, play)
    _pay(anna, start)
    tom.go(link)
    expect(tom.page.locator(".statement")).to_contain_text(
        tom.say("−5.000,00 EUR", "−5,000.00 EUR")
    )
    assert tom.download("PDF").startswith(b"%PDF")
    assert books.check_journal(play.anna.programme).is_sound
    dora = person("Dora", language=language, width=width)
    be(dora, "dora@example.org")
    with dora.refused(404):
        dora.go(start)


def _account_by_link(tom: Person, play: Any) -> str:
    """Enter the account without a login, wrongly first; return the link."""
    link = f"{make_link(play.tauwerk.contacts.get())}commissions/"
    tom.go(link)
    tom.page.locator("[name=iban]").fill(IBAN[:-1] + "2")
    with tom.refused(422):
        tom.press(tom.say("Konto speichern", "Keep the account"))
    expect(tom.page.locator("[name=iban]")).to_have_value(IBAN[:-1] + "2")
    tom.look("commission-account-refused")
    tom.page.locator("[name=iban]").fill(IBAN)
    tom.press(tom.say("Konto speichern", "Keep the account"))
    expect(tom.page.locator("main")).to_contain_text("3201")
    tom.look("commission-own")
    return link


def _pay(anna: Person, start: str) -> None:
    """Enter the payer's account, make the run, take the file to the bank."""
    page = anna.page
    anna.go(f"{start}payments/account/")
    page.locator("[name=name]").fill("Nordwerk Pumpen AG")
    page.locator("[name=iban]").fill(OWN_IBAN)
    anna.press(anna.say("Konto speichern", "Keep the account"))
    anna.look("commission-payments")
    anna.press(anna.say("Zahlungslauf buchen", "Make the payment run"))
    with page.expect_download() as got:
        anna.press(anna.say("SEPA-Datei für die Bank", "SEPA file for the bank"))
    root = ET.parse(got.value.path()).getroot()
    space = {"p": root.tag[1:].split("}")[0]}
    assert [one.text for one in root.iterfind(".//p:InstdAmt", space)] == ["5000.00"]
    assert [one.text for one in root.iterfind(".//p:CdtrAcct//p:IBAN", space)] == [IBAN]
    anna.go(f"{start}journal/")
    anna.look("commission-journal")
