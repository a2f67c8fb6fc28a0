"""What the pages show is what happens."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from docs.running import Reader

ROOT = Path(__file__).resolve().parents[2]
# These two are run by tests/library, in a folder of their own kind.
ELSEWHERE = {"cli.md", "library.md"}
PAGES = sorted(
    path
    for path in (*ROOT.glob("docs/*/*.md"), ROOT / "README.md", *ROOT.glob("docs/*.md"))
    if path.name not in ELSEWHERE
)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES, ids=map(name_of, PAGES))
def test_what_a_page_shows_is_run(page, tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUTUALIST_PRIVATE", str(tmp_path / "private"))
    monkeypatch.setenv("MUTUALIST_LANG", "de" if page.parent.name == "de" else "en")
    monkeypatch.setenv("COLUMNS", "100")
    reader = Reader(tmp_path, lambda: "".join(capsys.readouterr()))
    text = page.read_text(encoding="utf-8")
    reader.follow(text)
    shown = len(re.findall(r"^```python$|^\$ mutualist |^mutualist ", text, re.MULTILINE))
    assert len(reader.done) >= shown


def test_both_languages_have_the_same_pages():
    german, english = (
        {p.name for p in (ROOT / "docs" / lang).glob("*.md")} for lang in ("de", "en")
    )
    assert german == english


@pytest.mark.parametrize("page", sorted(p.name for p in (ROOT / "docs" / "en").glob("*.md")))
def test_both_languages_show_the_same(page):
    """As many sections, examples and pictures in German as in English."""
    texts = [(ROOT / "docs" / lang / page).read_text(encoding="utf-8") for lang in ("de", "en")]
    for mark in (r"^```\w+$", r"^##+ ", r"!\[", r"^\| `"):
        counts = [len(re.findall(mark, text, re.MULTILINE)) for text in texts]
        assert counts[0] == counts[1], mark


def test_the_index_names_every_page():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    missing = [
        name_of(page)
        for page in ROOT.glob("docs/*/*.md")
        if f"({page.parent.name}/{page.name})" not in index
    ]
    assert not [page for page in missing if not page.startswith("docs/decisions")]
