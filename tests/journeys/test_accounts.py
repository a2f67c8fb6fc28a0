"""From signing up to a passkey: what keeps an account safe, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import get_resolver
from playwright.sync_api import Locator, expect

from apps.identity.conftest import code_of
from journeys.person import Person
from journeys.steps import PASSWORD, account, be, log_in, log_out, mail_to


@pytest.fixture
def mandatory(settings: Any) -> None:
    """As on a server that sends mails."""
    # Which addresses there are is decided once, by the settings of all other journeys.
    assert get_resolver().url_patterns
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    settings.MUTUALIST_LIMITS = 1


def prove(person: Person) -> None:
    """Give the password once more where a page asks for it."""
    expect(person.page).to_have_url(re.compile("/reauthenticate/"))
    person.look()
    person.page.locator("[name=password]").fill(PASSWORD)
    person.press(person.say("Bestätigen", "Confirm"))


def set_up_app(person: Person) -> tuple[str, list[str]]:
    """Set up an authenticator app from the account page; return its secret and the codes."""
    person.go("/account/")
    page = person.page
    page.locator("a[href='/accounts/2fa/']").click()
    expect(page).to_have_url(re.compile("/2fa/$"))
    person.look("second-factor")
    person.press(person.say("App einrichten", "Set up the app"))
    prove(person)
    expect(page.locator(".qr img")).to_be_visible()
    person.look("authenticator-app")
    secret = page.locator("#totp-key").inner_text()
    give_app_code(
        person, secret, person.say("Einschalten", "Switch it on"), page.locator(".codes li")
    )
    expect(page.locator(".codes li")).to_have_count(10)
    person.look("recovery-codes")
    return secret, page.locator(".codes li").all_inner_texts()


def give_app_code(person: Person, secret: str, words: str, then: Locator) -> None:
    """Type the app's code, and the next one if the first ran out on its way."""
    refused = person.page.locator("[name=code][aria-invalid=true]")
    for _ in range(2):
        person.page.locator("[name=code]").fill(code_of(secret))
        person.press(words)
        expect(then.or_(refused).first).to_be_visible()
        if then.first.is_visible():
            return


def give_code(person: Person, code: str) -> None:
    expect(person.page).to_have_url(re.compile("/2fa/authenticate/"))
    person.page.locator("[name=code]").fill(code)
    person.press(person.say("Anmelden", "Sign in"))


def sign_in_half(person: Person, email: str) -> None:
    person.go("/accounts/login/")
    person.page.locator("[name=login]").fill(email)
    person.page.locator("[name=password]").fill(PASSWORD)
    person.press(person.say("Anmelden", "Sign in"))


@pytest.mark.usefixtures("mandatory")
def test_sign_up_app_and_recovery_code(person: Callable[..., Person]) -> None:
    anna = person("Anna", "de", 390)
    anna.go("/accounts/signup/")
    page = anna.page
    page.locator("[name=email]").fill("anna@example.org")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("main [name=name]").fill("Anna")
    anna.press("Konto anlegen")
    expect(page.locator("[name=code]")).to_be_visible()
    anna.look()
    sent = re.search(
        r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail_to("anna@example.org").text, re.MULTILINE
    )
    assert sent
    page.locator("[name=code]").fill(sent[1])
    anna.press("Bestätigen")
    expect(page.locator(".avatar")).to_be_attached()
    _secret, codes = set_up_app(anna)
    log_out(anna)
    sign_in_half(anna, "anna@example.org")
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    anna.look("second-factor-asked")
    give_code(anna, "000000")
    expect(page.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
    anna.look()
    give_code(anna, codes[0])
    expect(page.locator(".avatar")).to_be_attached()
    anna.look()


def key_of(person: Person) -> tuple[Any, str]:
    """Plug a key into the browser, as its developers' tools can."""
    tools = person.context.new_cdp_session(person.page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools, made["authenticatorId"]


def test_a_passkey_lets_in_alone_and_as_a_second_factor(person: Callable[..., Person]) -> None:
    email = account("Ben")
    ben = person("Ben", "en", 1280)
    tools, key = key_of(ben)
    log_in(ben, email)
    page = ben.page
    ben.go("/accounts/2fa/webauthn/add/")
    prove(ben)
    page.locator("[name=name]").fill("Blue key")
    page.locator("[name=passwordless]").check()
    ben.look("passkey")
    ben.press("Add a passkey")
    expect(page.locator(".codes li")).to_have_count(10)
    ben.go("/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("works without a password")
    log_out(ben)
    ben.go("/accounts/login/")
    ben.press("Sign in with a passkey")
    expect(page.locator(".avatar")).to_be_attached()
    log_out(ben)
    sign_in_half(ben, email)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    ben.look()
    ben.press("Use a passkey")
    expect(page.locator(".avatar")).to_be_attached()
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}},
    )
    log_out(ben)
    sign_in_half(ben, email)
    ben.press("Use a passkey")
    expect(page.locator("[data-passkey-problem]")).to_be_visible()
    ben.look()


def test_sessions_are_seen_and_ended(person: Callable[..., Person]) -> None:
    email = account("Clara", "Tauwerk Sensorik GmbH", "de")
    clara, phone = person("Clara", "de", 1280), person("Clara", "de", 390)
    log_in(clara, email)
    log_in(phone, email)
    clara.go("/account/", "account")
    clara.go("/account/sessions/", "sessions")
    expect(clara.page.locator(".todo li")).to_have_count(2)
    phone.go("/account/sessions/")
    clara.press("Alle anderen beenden")
    prove(clara)
    expect(clara.page.locator(".notice")).to_contain_text("Sie sind es")
    clara.look()
    clara.press("Alle anderen beenden")
    expect(clara.page.locator(".todo li")).to_have_count(1)
    clara.look()
    phone.page.goto(f"{phone.site}/account/sessions/")
    expect(phone.page).to_have_url(re.compile("/accounts/login/"))
    phone.look("login")
    clara.go("/accounts/password/change/")
    clara.look()
    clara.go("/accounts/email/")
    clara.go("/organisation/")
    clara.page.get_by_role("link", name="Personen").first.click()
    clara.look("organisation")


def test_too_many_guesses_and_the_operators_support(
    person: Callable[..., Person], settings: Any
) -> None:
    from apps.identity.conftest import with_app
    from mutualist.apps.core.limiting import LOGIN
    from mutualist.apps.core.limits import forget
    from mutualist.apps.identity.models import User

    account("Anna", "Nordwerk Pumpen AG")
    email = account("Oskar", "", "de")
    User.objects.filter(email=email).update(can_operate=True)
    settings.MUTUALIST_LIMITS = 1
    oskar = person("Oskar", "de", 1280)
    page = oskar.page
    for _ in range(5):
        oskar.page.goto(f"{oskar.site}/accounts/login/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill("wrong wrong wrong")
        oskar.press("Anmelden")
    page.locator("[name=password]").fill("wrong wrong wrong")
    with oskar.refused(429):
        oskar.press("Anmelden")
        expect(page.locator("h1")).to_contain_text("Einen Moment bitte")
    oskar.look("too-many")
    forget(LOGIN, email)
    be(oskar, email)
    oskar.page.goto(f"{oskar.site}/rooms/")
    expect(page).to_have_url(re.compile("/2fa/$"))
    oskar.look()
    secret = with_app(User.objects.get(email=email))
    oskar.page.goto(f"{oskar.site}/support/")
    expect(page).to_have_url(re.compile("/2fa/reauthenticate/"))
    oskar.look()
    give_app_code(oskar, secret, "Bestätigen", page.locator("[name=reason]"))
    expect(page.locator("[name=reason]")).to_be_visible()
    oskar.look("support-start")
    page.locator("[name=about]").fill("Nordwerk Pumpen AG")
    page.locator("[name=reason]").fill("Ein Link sei nicht angekommen")
    oskar.press("Sitzung öffnen")
    expect(page.locator("main")).to_contain_text("anna@example.org")
    oskar.look("support")
