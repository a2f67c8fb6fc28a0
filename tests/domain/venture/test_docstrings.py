"""The examples in the docstrings are what happens."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import iter_modules

import pytest

import mutualist.domain.venture

DOMAIN = [
    f"mutualist.domain.venture.{found.name}"
    for found in iter_modules(mutualist.domain.venture.__path__)
    if not found.ispkg
]
LIBRARY = [f"mutualist.library.{name}" for name in ("risk", "ventures", "venture_outcomes")]


@pytest.mark.parametrize("name", [*DOMAIN, *LIBRARY])
def test_examples_of_docstrings(name):
    found = doctest.testmod(import_module(name))
    assert found.failed == 0
