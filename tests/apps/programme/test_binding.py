"""Pages and mails of programmes do not say that nothing binds: agreements, protection and money do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

import mutualist.apps
from apps.programme.cast import browser

APPS = ("programme", "projects", "enquiries", "commissions", "ratings", "letters")
HOME = Path(mutualist.apps.__file__).parent
SAID = ("Unverbindliche Sondierung", "Non-binding exploration")


@pytest.mark.django_db
def test_pages_of_a_programme_are_not_called_an_exploration(channel):
    own = f"/programmes/{channel.programme.uid}/"
    public = [f"/{one}/{channel.programme.slug}/" for one in ("apply", "finder")]
    pages = [
        browser(channel.cast.anna).get(path)
        for path in ("/programmes/", own, f"{own}rules/", *public)
    ]
    pages += [Client().get(channel.link()), Client().get(f"{channel.link()}projects/")]
    for answer in pages:
        assert answer.status_code == 200
        assert not any(said in answer.content.decode() for said in SAID)
    assert any(said in Client().get("/").content.decode() for said in SAID)


@pytest.mark.parametrize("app", APPS)
def test_mails_of_a_programme_end_with_words_of_their_own(app):
    for mail in (HOME / app / "templates").rglob("mail/*"):
        if mail.suffix in {".txt", ".html"} and ".subject" not in mail.name:
            assert "{% block foot %}" in mail.read_text(encoding="utf-8"), mail
