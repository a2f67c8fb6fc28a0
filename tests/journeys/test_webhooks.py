"""An owner lets a program of the house know: from the address to what did not arrive."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from apps.delivery.receiver import receiving
from journeys.person import Person
from journeys.steps import account, be

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
def test_from_the_address_to_what_did_not_arrive(
    person: Callable[..., Person], settings: Any, language: str, width: int
) -> None:
    from mutualist.apps.delivery import worker
    from mutualist.apps.delivery.models import Delivery
    from mutualist.apps.identity.models import Organisation

    with receiving() as program:
        settings.MUTUALIST_WEBHOOK_PRIVATE = (ipaddress.ip_network("127.0.0.0/8"),)
        settings.MUTUALIST_WEBHOOK_PORTS = (program.port,)
        email = account("Anna", "Nordwerk Pumpen AG", language)
        anna = person("Anna", language=language, width=width)
        be(anna, email)
        page = anna.page
        anna.go(f"/organisation/{Organisation.objects.get().uid}/")
        page.get_by_role("link", name="Webhooks").click()
        anna.look("webhooks-none")
        page.locator("summary", has_text=anna.say("Welche Ereignisse?", "Which events?")).click()
        anna.look("webhooks-kinds")
        page.locator("[name=address]").fill("http://10.0.0.1:" + str(program.port))
        with anna.refused(422):
            anna.press(anna.say("Webhook hinzufügen", "Add a webhook"))
        expect(page.locator("main")).to_contain_text("MUTUALIST_WEBHOOK_PRIVATE")
        anna.look("webhooks-refused")
        page.locator("[name=address]").fill(program.address)
        anna.press(anna.say("Webhook hinzufügen", "Add a webhook"))
        secret = page.locator("#new-secret").inner_text()
        anna.look("webhooks-secret")
        page.get_by_role("link", name=program.address).click()
        program.answers = [(500, {}, b"out of order")]
        anna.press(anna.say("Test senden", "Send a test"))
        worker.send_due()
        page.reload()
        expect(page.locator("main")).to_contain_text("out of order")
        anna.look("webhook")
        Delivery.objects.filter(attempts=1).update(state="dead")
        page.get_by_role("link", name="Webhooks").last.click()
        page.get_by_role(
            "link", name=anna.say("Nicht zugestellte Ereignisse", "Undelivered events")
        ).click()
        anna.look("webhooks-undelivered")
        anna.press(anna.say("Alle noch einmal senden", "Send all again"))
        worker.send_due()
        page.reload()
        expect(page.locator("main")).to_contain_text(
            anna.say("Alles ist angekommen", "Everything arrived")
        )
        anna.look("webhooks-arrived")
        assert program.checked(secret)
