from __future__ import annotations

from guards import openapi


def test_the_committed_description_is_current() -> None:
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.current(), (
        "run: python tests/guards/openapi.py"
    )
