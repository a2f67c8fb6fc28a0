"""The guide calls buttons and pages by the words that stand on them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from mutualist.domain.assess.ruleset import builtin_text

ROOT = Path(__file__).resolve().parents[2]
QUOTED = {"en": r'"([^"\n]+)"', "de": r"„([^“\n]+)“"}
# What people might say, signs that are no words, and units, which are put together.
NO_LABELS = {
    "en": {"?", "DE", "EN", "€ thousand", "you call the risk shared, but are paid a fixed price"},
    "de": {"?", "DE", "EN", "Tsd. €", "Sie nennen das Risiko geteilt, werden aber fest bezahlt"},
}


def words_on_screen(lang):
    found = [builtin_text("2026.2")]
    for file in sorted((ROOT / "src/mutualist/locale/de").glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream):
                both = message.id if lang == "en" else message.string
                found += [both] if isinstance(both, str) else list(both)
    return "\n".join(found)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_labels_in_the_guide_are_those_on_screen(lang):
    text = (ROOT / "docs" / lang / "guide.md").read_text(encoding="utf-8")
    labels = set(re.findall(QUOTED[lang], text)) - NO_LABELS[lang]
    assert len(labels) > 10
    there = words_on_screen(lang)
    assert not [label for label in labels if label.rstrip(".") not in there]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_pictures_are_those_of_the_language(lang):
    text = (ROOT / "docs" / lang / "guide.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(\.\./(\S+)\)", text)
    assert len(pictures) > 15
    for picture in pictures:
        assert picture.startswith(f"images/{lang}/")
        assert (ROOT / "docs" / picture).read_bytes().startswith(b"\x89PNG")
