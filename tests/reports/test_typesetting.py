"""PDFs: tagged, reproducible, and never fooled by what people write."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from mutualist.reports import typesetting
from mutualist.reports.typesetting import FONTS, TEMPLATES, typeset

MARKUP = '#import "x": * $a_b$ *bold* _i_ @ref <label> `raw` \\ // /* = == - + [x] {y}'


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Set one text with the shared style and return the PDF's reader."""
    (tmp_path / "style.typ").write_bytes((TEMPLATES / "style.typ").read_bytes())
    (tmp_path / "one.typ").write_text(
        '#import "style.typ": *\n#let data = json(bytes(sys.inputs.data))\n'
        "#show: paper.with(data, margin: 20mm)\n#heading(level: 1, data.title)\n#data.text\n"
    )
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)

    def make(text: str, **more):
        data = {"title": "Paper", "lang": "de", "text": text, **more}
        return PdfReader(io.BytesIO(typeset("one", data)))

    return make


def text_of(reader):
    return " ".join("".join(p.extract_text() for p in reader.pages).split())


def test_markup_is_text(page):
    assert " ".join(MARKUP.split()) in text_of(page(MARKUP))


def test_document_is_tagged_and_has_language_and_title(page):
    reader = page("Wort")
    root = reader.trailer["/Root"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Paper"
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def test_fonts_are_packaged_and_embedded(page):
    reader = page("Wort")
    names = {
        str(font.get_object()["/BaseFont"])
        for sheet in reader.pages
        for font in sheet["/Resources"]["/Font"].values()
    }
    assert names
    assert all("InstrumentSans" in name for name in names)
    assert (FONTS / "OFL.txt").is_file()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("gut 😀 so", "gut □ so"),
        ("漢字 rechts", "□□ rechts"),
        ("Müller\x00\x07 Söhne\u202e", "Müller Söhne"),
        ("Żółć Ελληνικά Кириллица", "Żółć Ελληνικά Кириллица"),
    ],
)
def test_letters_without_a_font_cost_a_box_not_the_paper(page, text, kept):
    assert kept in text_of(page(text))


def test_right_to_left_text_is_kept(page):
    assert {*"שלום"} <= {*text_of(page("שלום"))}


def test_what_typst_does_not_name_is_replaced_in_the_end(page, monkeypatch):
    monkeypatch.setattr(typesetting, "_unshown", lambda _: ["not there"])
    assert "gut □ so" in text_of(page("gut 😀 so"))


def test_other_errors_of_a_template_are_raised(page):
    import typst

    with pytest.raises(typst.TypstError):
        page("x", title=["no", "text"])


def test_very_long_words_stay_on_the_page(page):
    reader = page("W" * 400)
    wide = []

    def note(text, _cm, matrix, _font, _size):
        if text.strip():
            wide.append(matrix[4])

    reader.pages[0].extract_text(visitor_text=note)
    assert max(wide) < 595
    assert text_of(reader).replace(" ", "").count("W") == 400


def test_same_data_give_the_same_bytes(page):
    data = {"title": "Paper", "lang": "en", "text": "x"}
    assert typeset("one", data) == typeset("one", data)
    assert typeset("one", data) != typeset("one", data, timestamp=86_400)
