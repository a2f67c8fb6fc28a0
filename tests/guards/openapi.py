"""The description of the JSON API as it is committed; run this file to write it anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def current() -> str:
    """Return the description the code gives."""
    from mutualist.project.api import api

    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutualist.project.settings")
    import django

    django.setup()
    FILE.write_text(current(), encoding="utf-8")
