"""Switches identity providers on for a test, as the file of the operator does at the start."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from allauth.socialaccount.providers import registry
from django.test import override_settings
from django.urls import clear_url_caches

from mutualist.apps.identity import account_urls
from mutualist.apps.identity.sso_file import read_sso
from mutualist.project import urls
from sso.test_sso_file import write


def _reload() -> None:
    registry.loaded = False
    registry.provider_map.clear()
    registry.load()
    importlib.reload(account_urls)
    importlib.reload(urls)
    clear_url_caches()


@contextmanager
def providers(folder: Path, *described: dict[str, Any]) -> Iterator[None]:
    """Describe providers in a file, read it and use them for the time of the block."""
    from django.conf import settings

    found = read_sso(write(folder, *described))
    with override_settings(
        INSTALLED_APPS=[*settings.INSTALLED_APPS, *found.apps],
        MUTUALIST_SSO=found.providers,
        SOCIALACCOUNT_APPS=found.apps,
        SOCIALACCOUNT_PROVIDERS=found.settings,
    ):
        _reload()
        try:
            yield
        finally:
            pass
    _reload()
