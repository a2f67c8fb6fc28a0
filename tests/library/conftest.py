"""Tests of the library speak English unless they ask for German."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("MUTUALIST_LANG", "en")
