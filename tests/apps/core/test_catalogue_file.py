from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mutualist.project import translations

PO = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Room"\nmsgstr "Raum"\n'
)


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "area.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    return tmp_path / "de" / "LC_MESSAGES"


def test_an_interrupted_start_leaves_no_half_catalogue(
    locale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = translations.write_mo

    def interrupted(file: Any, catalogue: Any) -> None:
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(translations, "write_mo", interrupted)
    with pytest.raises(KeyboardInterrupt):
        translations.write_catalogue()
    assert list(locale.iterdir()) == []
    monkeypatch.setattr(translations, "write_mo", write)
    assert b"Raum" in translations.write_catalogue().read_bytes()
    assert [file.name for file in locale.iterdir()] == ["django.mo"]
