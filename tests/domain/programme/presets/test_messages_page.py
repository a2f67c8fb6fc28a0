"""The page of messages has every message there is, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.programme.presets.messages_page import page, with_tables
from mutualist.domain.programme.rules import lint


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_page_has_every_message_as_it_is_said(lang):
    assert page(lang).read_text("utf-8") == with_tables(lang), (
        "run: python tests/domain/programme/presets/messages_page.py"
    )


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_page_names_those_that_are_errors(lang):
    source = Path(lint.__file__).read_text("utf-8")
    errors = set(re.findall(r'"(\w+)",\s*"error"', source))
    intro = page(lang).read_text("utf-8").partition("\n## ")[0].partition("`lint`")[2]
    assert set(re.findall(r"`(\w+)`", intro)) == errors
