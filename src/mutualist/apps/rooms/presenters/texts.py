"""Texts that are data: talk guide, letter, lines. One file a subject, with a version, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "texts"


@cache
def load(name: str) -> Mapping[str, Any]:
    """Read a file of texts once."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        data: Mapping[str, Any] = yaml.safe_load(file)
    return data
