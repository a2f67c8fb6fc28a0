"""A partner registers a project by a mailed link; the vendor sees the conflict and decides; the partner wins."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from playwright.sync_api import expect

from apps.projects.steps import DOUBLE, MUELLER, fresh, make_play, protected
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.programme.public import make_link
from mutualist.apps.projects import actions
from mutualist.apps.projects.proofs import DOMAIN
from mutualist.domain.shared.signing import signed_message

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280), ("de", 1280)])
def test_from_a_mailed_link_to_won(
    person: Callable[..., Person], language: str, width: int
) -> None:
    play = make_play()
    clara = person("Clara", language=language, width=width)
    clara.go(make_link(play.tauwerk.contacts.get(), to="projects/"))
    clara.press(clara.say("Projekt anmelden", "Register a project"))
    page = clara.page
    page.locator("[name=name]").fill("Müller Chemie GmbH")
    page.locator("[name=postal_code]").fill("7017")
    page.locator("[name=vat]").fill("DE136695967")
    page.locator("[name=title]").fill("Wartung für 40 Pumpen")
    page.locator("[name=person]").fill("Petra Geheim")
    with clara.refused(422):
        page.get_by_role("button", name=clara.say("Anmelden", "Register"), exact=True).click()
        expect(page.locator("[name=person]")).to_have_value("Petra Geheim")
    clara.look("project-refused")
    page.locator("[name=postal_code]").fill("70173")
    page.locator("[name=vat]").fill("")
    page.get_by_role("button", name=clara.say("Anmelden", "Register"), exact=True).click()
    expect(
        page.get_by_text(clara.say("Der Hersteller antwortet bis", "The vendor answers by"))
    ).to_be_visible()
    clara.look("project-received")

    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    anna.go(f"/programmes/{play.anna.programme_uid}/projects/")
    anna.look("projects-queue")
    anna.page.get_by_role("link", name="Müller Chemie GmbH").click()
    expect(anna.page.get_by_text("Geheim")).to_have_count(0)
    anna.page.get_by_role(
        "button", name=anna.say("Annehmen und schützen", "Accept and protect")
    ).click()
    expect(anna.page.get_by_text("Petra Geheim")).to_be_visible()
    anna.look("project-accepted")

    mail = OutboxMail.objects.get(to="clara@example.org")
    clara.go("/p/" + next(word for word in mail.text.split() if "/p/" in word).split("/p/")[1])
    page.get_by_role("button", name=clara.say("Gewonnen", "Won"), exact=True).click()
    expect(page.get_by_text(clara.say("Glückwunsch", "Congratulations"))).to_be_visible()
    clara.look("project-won")


@pytest.mark.parametrize(("language", "width"), [("de", 1280), ("en", 390)])
def test_a_conflict_is_explained_to_the_vendor(
    person: Callable[..., Person], language: str, width: int
) -> None:
    play = make_play()
    protected(play)
    second = actions.register(standing=play.dora, content=DOUBLE)
    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    anna.go(f"/programmes/{play.anna.programme_uid}/projects/{second.uid}/")
    anna.look("project-conflict")
    accept = anna.page.get_by_role(
        "button", name=anna.say("Annehmen und schützen", "Accept and protect")
    )
    with anna.refused(422):
        accept.click()
        expect(anna.page.get_by_text(anna.say("Sagen Sie zuerst", "Say first"))).to_be_visible()
    anna.page.locator("[name=ruling]").select_option("second")
    accept.click()
    expect(
        anna.page.get_by_text(anna.say("50 % der Konditionen", "50 % of the terms"))
    ).to_be_visible()
    anna.go(f"/programmes/{play.anna.programme_uid}/projects/rules/")
    anna.look("project-rules")


def _open(person: Person, words: str) -> Any:
    """Unfold what stands behind some words, and return the form."""
    fold = person.page.locator("details").filter(has=person.page.locator("summary", has_text=words))
    fold.first.locator("summary").click()
    return fold.first.locator("form")


def _signed_record(person: Person) -> dict[str, Any]:
    """Download the history with its times, and check who signed it."""
    words = person.say(
        "Signierter Nachweis mit den Zeiten (JSON)", "Signed record with the times (JSON)"
    )
    with person.page.expect_download() as waiting:
        person.press(words)
    proof: dict[str, Any] = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    content = {name: value for name, value in proof.items() if name != "signature"}
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["key"])).verify(
        bytes.fromhex(proof["signature"]), signed_message(DOMAIN, content)
    )
    return proof


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
def test_a_rival_of_the_same_customer_sees_nothing_and_objects_with_a_proof(
    person: Callable[..., Person], language: str, width: int
) -> None:
    play = make_play()
    first = protected(play)
    dora = person("Dora", language=language, width=width)
    be(dora, "dora@example.org")
    own = f"/partner/{play.grauwerk.uid}/projects/"
    dora.go(f"{own}new/")
    page = dora.page
    page.locator("[name=name]").fill(DOUBLE.name)
    page.locator("[name=postal_code]").fill(DOUBLE.postal_code)
    page.locator("[name=title]").fill("Rivalry")
    dora.press(dora.say("Anmelden", "Register"))
    got = dora.say("Der Hersteller antwortet bis", "The vendor answers by")
    expect(page.get_by_text(got)).to_be_visible()
    shown = page.locator("main").inner_text()
    for secret in (first.reference, "Tauwerk", "Petra", "125000", MUELLER.title):
        assert secret not in shown
    mine = page.url.removeprefix(dora.site)
    # A foreign address is no address.
    assert (
        dora.status(f"{own}{first.uid}/") == dora.status(f"{own}{play.anna.programme_uid}/") == 404
    )

    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    vendors = f"/programmes/{play.anna.programme_uid}/projects/"
    anna.go(f"{vendors}{mine.rstrip('/').rsplit('/', 1)[1]}/")
    refusal = anna.say("Nicht annehmen", "Do not accept")
    form = _open(anna, refusal)
    form.locator("[name=note]").fill(anna.say("Bitte später wieder.", "Please come again later."))
    anna.press(refusal, within=form)
    dora.go(mine)
    objecting = dora.say("Widersprechen", "Object")
    form = _open(dora, objecting)
    form.locator("textarea").fill("We wrote to the customer in March.")
    dora.press(objecting, within=form)
    expect(page.locator("main")).to_contain_text("We wrote to the customer in March.")
    dora.look("project-appeal")
    proof = _signed_record(dora)
    assert [one["move"] for one in proof["steps"]] == ["submit", "reject", "appeal"]
    assert first.reference not in json.dumps(proof)

    clara = person("Clara", language=language, width=width)
    be(clara, "clara@example.org")
    clara.go(f"/partner/{play.tauwerk.uid}/projects/{first.uid}/")
    more = clara.say("Um mehr Zeit bitten", "Ask for more time")
    form = _open(clara, more)
    clara.press(more, within=form)
    anna.go(f"{vendors}{first.uid}/")
    anna.press(anna.say("Verlängern", "Extend"))
    clara.go(f"/partner/{play.tauwerk.uid}/projects/{first.uid}/")
    clara.look("project-extended")
    assert fresh(play, first).extensions == 1
