"""Real people in a real browser: every page they see is checked while they go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from journeys.person import Person

CHROMIUM = "/usr/bin/chromium"
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine can be reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists() and not shutil.which("chromium"):
        missing = "Chromium is missing: apt-get install chromium runs the journeys"
        pytest.fail(missing) if CI else pytest.skip(missing)
    from playwright.sync_api import expect, sync_playwright

    # Where everything runs at once, an answer may take longer than the usual five seconds.
    expect.set_options(timeout=15_000)
    # Playwright keeps an event loop in this thread, and Django would refuse to touch the database there.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or CHROMIUM, args=list(FLAGS)
        )
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The site on a port of its own, with mails kept in the outbox."""
    from django.core.cache import cache

    cache.clear()  # counts log-ins of one address
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    settings.MUTUALIST_BASE_URL = live_server.url
    # A good hash of a password takes a second of work, on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return str(live_server.url)


@pytest.fixture
def person(browser: Any, site: str, tmp_path: Path) -> Iterator[Callable[..., Person]]:
    """Make people, each with a browser profile of their own; in the end nothing may have gone wrong."""
    everybody: list[Person] = []

    def make(name: str = "Anna", language: str = "en", width: int = 1280, **more: Any) -> Person:
        made = Person(browser, site, name, language, width, tmp_path, **more)
        everybody.append(made)
        return made

    yield make
    for one in everybody:
        one.leave()
    faults = [f"{one.name}: {fault}" for one in everybody for fault in one.faults]
    assert not faults, "\n".join(faults)
